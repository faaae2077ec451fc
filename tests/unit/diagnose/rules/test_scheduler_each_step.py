"""Facts about the rule: the scheduler steps at every minibatch."""

import pytest

from practicum.diagnose.derived.decayed import Stalled
from practicum.diagnose.derived.schedule import Decline
from practicum.diagnose.derived.trial import Trial
from practicum.diagnose.rules import scheduler_each_step as module
from practicum.monitor.facts import Facts

RULE = module.RULE


@pytest.mark.parametrize(("changes", "found"), [(3.6, True), (3.4, False), (None, False)])
def test_it_fires_by_how_often_an_epoch_the_rate_changes(changes, found, monkeypatch):
    """The trial is made up."""
    decline = Decline(0.1, 1e-6, 40, 3)
    stalled = changes and Stalled(decline, 0.1, changes, 0.8, Trial(1.0, 0.2, 0.3, 80), from_start=True)
    monkeypatch.setattr(module, "stalled_by_decay", lambda _facts: stalled)
    finding = RULE.finding(Facts())

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O6"
        assert "after 10% of the steps" in finding.evidence
