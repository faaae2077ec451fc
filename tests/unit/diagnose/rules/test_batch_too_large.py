"""Facts about the rule: minibatches are too large."""

import pytest

from practicum.diagnose.derived.schedule import Epoch
from practicum.diagnose.derived.trial import Trial
from practicum.diagnose.rules import batch_too_large as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(
    ("rows", "updates", "known", "batch_size", "trial", "found"),
    [
        (256, 8.0, True, 64, Trial(1.0, 0.3, 0.3, 20), True),
        (256, 9.0, True, 64, Trial(1.0, 0.3, 0.3, 20), False),
        (256, 8.0, False, 64, Trial(1.0, 0.3, 0.3, 20), False),
        (256, 8.0, True, 63, Trial(1.0, 0.3, 0.3, 20), False),
        (256, 8.0, True, 64, Trial(1.0, 0.7, 0.3, 20), False),
        (256, 8.0, True, 64, Trial(1.0, 0.3, 0.9, 20), False),
        (256, 8.0, True, 64, None, False),
        (255, 8.0, True, 64, Trial(1.0, 0.3, 0.3, 20), False),
    ],
)
def test_it_fires_where_smaller_ones_get_further_with_as_many_rows(
    rows, updates, known, batch_size, trial, found, monkeypatch
):
    """Trials are made up; the run itself is at 0.8 for both training and validation rows."""
    monkeypatch.setattr(module, "epoch_of", lambda _facts: Epoch(rows, known, updates))
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.8)
    monkeypatch.setattr(module, "valid_now", lambda _facts: 0.8)
    monkeypatch.setattr(module, "trial_of", lambda _facts, _variant: trial)
    finding = RULE.finding(Facts(num_steps=10, num_updates=10, batch_size=batch_size))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O7"
