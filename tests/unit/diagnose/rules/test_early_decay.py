"""Facts about the rule: the learning rate decays too early."""

import pytest

from practicum.diagnose.derived.decayed import Stalled
from practicum.diagnose.derived.schedule import Decline
from practicum.diagnose.derived.trial import Trial
from practicum.diagnose.rules import early_decay as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(("changes", "found"), [(3.4, True), (3.6, False), (None, False)])
def test_it_fires_by_how_often_an_epoch_the_rate_changes(changes, found, monkeypatch):
    """The trial is made up."""
    decline = Decline(0.1, 1e-6, 40, 3)
    stalled = changes and Stalled(decline, 0.1, changes, 0.8, Trial(1.0, 0.2, 0.3, 80), from_start=True)
    monkeypatch.setattr(module, "stalled_by_decay", lambda _facts: stalled)
    finding = RULE.finding(Facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O5"
        assert "after 10% of the steps" in finding.evidence
