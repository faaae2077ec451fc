"""Facts about the rule of a reported error that is not the error."""

import pytest
import torch
from tests.made_rows import answered, normal

from practicum.diagnose.rules.wrong_metric import check
from practicum.monitor.facts import Facts

LOGITS = [normal(60, 4, seed=seed) for seed in (0, 1)]
CLASSES = torch.arange(60) % 4
NUMBERS = normal(60, 1, seed=5)


def _check(report, outputs=LOGITS, targets=CLASSES):
    facts = Facts()
    facts.answers = [answered(one, targets, report(one, targets)) for one in outputs]
    return check(facts)


def _error(output, target):
    return float((output.argmax(1) != target).float().mean())


def test_an_accuracy_reported_as_error_is_named():
    """It is exactly one minus our count."""
    assert "is the accuracy" in _check(lambda output, target: 1 - _error(output, target)).text


def test_the_error_itself_is_silent():
    """As a share or in per cent."""
    assert _check(_error) is None
    assert _check(lambda output, target: 100 * _error(output, target)) is None


@pytest.mark.parametrize(
    "measure",
    [
        lambda output, target: float(torch.nn.functional.cross_entropy(output, target)),
        lambda output, target: (
            1 - float((output.topk(2, 1).indices == target[:, None]).any(1).float().mean())
        ),
    ],
)
def test_other_measures_that_are_known_are_silent(measure):
    """Loss and top-2 error."""
    assert _check(measure) is None


def test_a_share_that_is_no_known_measure_is_a_warning():
    """The largest along the wrong axis."""

    def report(output, target):
        return 1 - float((output.argmax(0) == target[:4]).float().mean()) / 10

    assert _check(report).severity == "warning"


def test_a_measure_of_ones_own_near_the_error_is_silent():
    """It is less than a tenth away, and no share of the rows."""
    assert _check(lambda output, target: 0.937 * _error(output, target)) is None


def test_the_right_threshold_may_be_that_of_logits_or_of_probabilities():
    """A single output a row, all of them between 0 and 1."""
    outputs = [torch.rand(60, 1, generator=torch.Generator().manual_seed(k)) for k in (0, 1)]
    labels = (torch.arange(60) % 2)[:, None].float()

    assert (
        _check(lambda output, target: float(((output > 0) != target).float().mean()), outputs, labels) is None
    )
    assert (
        _check(lambda output, target: float(((output > 0.5) != target).float().mean()), outputs, labels)
        is None
    )


def test_numbers_in_other_units_are_silent():
    """Targets may have been standardised."""
    outputs = [NUMBERS + normal(60, 1, seed=seed) for seed in (6, 7)]

    assert (
        _check(lambda output, target: 37.5 * float((output - target).abs().mean()), outputs, NUMBERS) is None
    )
    assert _check(lambda output, target: float((output - target).square().mean()), outputs, NUMBERS) is None


def test_a_sum_over_rows_is_named():
    """It grows with the validation set."""
    outputs = [NUMBERS + normal(60, 1, seed=seed) for seed in (6, 7)]

    assert "summed over rows" in _check(lambda o, t: float((o - t).square().sum()), outputs, NUMBERS).text


def test_a_single_validation_says_nothing():
    """It may agree by chance."""
    assert _check(lambda output, target: 1 - _error(output, target), LOGITS[:1]) is None
