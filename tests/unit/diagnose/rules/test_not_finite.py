"""Facts about the rule: the loss is no finite number."""

import math

import pytest

from practicum.core.finding import Finding
from practicum.diagnose.derived.trial import Trial
from practicum.diagnose.rules import not_finite as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"first_not_finite": 2, "losses": [1.0, float("nan")]}, True),
        ({"first_not_finite": 1, "losses": [float("inf")]}, True),
        ({"losses": [1.0, 1e30]}, False),
        ({"overflows": 20, "num_backwards": 21}, True),
        ({"overflows": 19, "num_backwards": 19}, False),
        ({"overflows": 20, "num_backwards": 60, "num_updates": 1}, False),
        ({"first_not_finite": 1, "losses": [float("nan")], "bad_inputs": (1, "inputs")}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A large loss is finite; NaN in the inputs is another rule's."""
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "O15"


@pytest.mark.parametrize(
    ("slower", "step", "height", "cause"),
    [
        (Trial(1.0, 0.5, 0.5, 80), 9, 40.0, "O1"),
        (Trial(1.0, 0.5, 0.5, 80), 9, 0.1, "O15"),
        (Trial(1.0, 0.5, 0.5, 80), 5, 0.1, "O1"),
        (Trial(1.0, math.inf, math.inf, 80), 9, 40.0, "O15"),
        (Trial(1.0, 0.5, 0.5, 80), 1, 40.0, "O15"),
        (None, 9, 40.0, "O1"),
    ],
)
def test_a_lower_rate_that_stays_finite_blames_the_rate(slower, step, height, cause, monkeypatch):
    """Unless it happened at once, or late and without having grown; without a trial the losses before tell."""
    monkeypatch.setattr(module, "trial_of", lambda _facts, _variant: slower)
    losses = [*([1.0] * (step > 1)), *([height] * (step - 2)), math.nan]

    assert RULE.finding(Facts(first_not_finite=step, losses=losses)).causes[0][0] == cause


def test_a_sum_that_was_told_already_is_to_blame():
    """Its gradients grow with the batch."""
    summed = Finding("loss-fit", "warning", (("L5", 0.95),), "e", "a", "s")
    facts = Facts(first_not_finite=9, losses=[*([1.0] * 8), math.nan], fits=(summed,))

    assert RULE.finding(facts).causes[0][0] == "L5"
