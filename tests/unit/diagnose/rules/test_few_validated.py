"""Facts about the rule: validation that is too small."""

import pytest
from tests.made_networks import Exact, facts_of

from practicum.diagnose.rules.few_validated import RULE


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (lambda: facts_of(Exact(), num_valid=20, validations=[0.1]), True),
        (lambda: facts_of(Exact(), num_valid=200, validations=[0.1]), False),
        (lambda: facts_of(Exact(), num_valid=51, validations=[0.1]), False),
        (lambda: facts_of(Exact(), num_rows=90, num_valid=20, validations=[0.1]), False),
        (lambda: facts_of(Exact(), losses=[1.0] * 250, valid=False), True),
        (lambda: facts_of(Exact(), losses=[1.0] * 150, valid=False), False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    """A bad record fires, a clean one and one just inside the limit are silent."""
    finding = RULE.finding(facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "E5"


@pytest.mark.parametrize(
    ("num_steps", "looked_rows", "num_passes", "severity"),
    [
        (239, 0, None, "info"),
        (241, 0, None, "warning"),
        (241, 32, None, "info"),
        (241, 0, 1, "info"),
        (241, 0, 290, "info"),
        (150, 0, None, None),
    ],
)
def test_epochs_without_any_validation_are_a_warning(num_steps, looked_rows, num_passes, severity):
    """Unless some pass may have been one: without gradients, or beside the steps; or passes are not heard at all."""
    facts = facts_of(Exact(), losses=[1.0] * num_steps, valid=False)
    facts.sample.first.take(2, *facts.sample.first.batches[0])  # all rows once more: the epoch is over
    facts.batch_size, facts.looked_rows = 5, looked_rows
    facts.num_examples_seen, facts.num_passes = 5 * num_steps, num_passes or num_steps
    finding = RULE.finding(facts)

    assert (finding and finding.severity) == severity
