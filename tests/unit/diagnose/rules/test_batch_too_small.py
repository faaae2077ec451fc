"""Facts about the rule: minibatches are too small."""

import pytest
from tests.made_facts import a_look

from practicum.diagnose.derived.trial import Trial
from practicum.diagnose.rules import batch_too_small as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(
    ("batch_size", "more", "found"),
    [
        (4, Trial(0.8, 0.3, 0.3, 80), True),
        (5, Trial(0.8, 0.3, 0.3, 80), False),
        (1, Trial(0.8, 0.7, 0.3, 80), False),
        (1, Trial(0.8, 0.3, 0.9, 80), False),
        (1, None, False),
    ],
)
def test_it_fires_where_more_rows_get_further(batch_size, more, found, monkeypatch):
    """Trials are made up; the run itself is at 0.8 for both training and validation rows."""
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.8)
    monkeypatch.setattr(module, "valid_now", lambda _facts: 0.8)
    same = Trial(1.0, 0.8, 0.8, 80)
    monkeypatch.setattr(module, "trial_of", lambda _facts, one: more if one.batch > 1 else same)
    finding = RULE.finding(Facts(batch_size=batch_size, looks=[a_look(alignment=0.02)]))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O8"
