"""Facts about the rule: the run stops too soon."""

import math

import pytest

from practicum.diagnose.derived.trial import Trial
from practicum.diagnose.rules import stopped_too_soon as module
from practicum.monitor.facts import Facts

RULE = module.RULE
FALLING = [1.0 - 0.01 * step for step in range(40)]
FLAT = [1.0] * 4 + [0.6] * 36


@pytest.mark.parametrize(
    ("losses", "trial", "valid", "found"),
    [
        (FALLING, Trial(0.6, 0.3, 0.5, 40), 0.6, True),
        (FALLING, Trial(0.6, 0.3, 0.52, 40), 0.6, False),
        (FALLING, Trial(0.6, 0.3, math.nan, 40), math.nan, False),
        (FALLING, Trial(0.6, 0.5, 0.5, 40), 0.6, False),
        (FLAT, Trial(0.6, 0.3, 0.5, 40), 0.6, False),
        (FALLING[:4], Trial(0.6, 0.3, 0.5, 40), 0.6, False),
        (FALLING, None, 0.6, False),
    ],
)
def test_it_fires_where_it_still_learns(losses, trial, valid, found, monkeypatch):
    """Trials are made up; the loss of now is 0.6."""
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.6)
    monkeypatch.setattr(module, "valid_now", lambda _facts: valid)
    begin = Trial(1.0, 0.8, 0.8, 20)
    monkeypatch.setattr(module, "trial_of", lambda _facts, one: begin if one.from_start else trial)
    finding = RULE.finding(Facts(num_steps=len(losses), num_updates=9, losses=losses, ended=True))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O14"


@pytest.mark.parametrize("name", ["too_slow", "too_fast", "stalled_by_decay"])
def test_a_rate_that_is_wrong_explains_it(name, monkeypatch):
    """Training on would help little."""
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.6)
    monkeypatch.setattr(module, "trial_of", lambda _facts, _one: Trial(1.0, 0.3, 0.3, 40))
    monkeypatch.setattr(module, "valid_now", lambda _facts: 0.6)
    facts = Facts(num_steps=40, num_updates=9, losses=FALLING, ended=True)

    assert RULE.finding(facts) is not None
    monkeypatch.setattr(module, name, lambda _facts: "a reason")
    assert RULE.finding(facts) is None


def test_a_loop_that_still_runs_has_not_stopped(monkeypatch):
    """It may be asked about at any time."""
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.6)
    monkeypatch.setattr(module, "valid_now", lambda _facts: 0.6)
    monkeypatch.setattr(module, "trial_of", lambda _facts, _one: Trial(1.0, 0.3, 0.3, 40))

    assert RULE.finding(Facts(num_steps=40, num_updates=9, losses=FALLING)) is None


def test_minibatches_of_few_rows_are_likelier_to_blame(monkeypatch):
    """As many steps of 32 rows would have been enough."""
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.6)
    monkeypatch.setattr(module, "valid_now", lambda _facts: 0.6)
    monkeypatch.setattr(
        module, "trial_of", lambda _facts, one: Trial(1.0, 0.8 if one.from_start else 0.3, 0.3, 40)
    )
    facts = {"num_steps": 40, "num_updates": 9, "losses": FALLING, "ended": True}

    assert RULE.finding(Facts(**facts, batch_size=4)).causes[0][0] == "O8"
    assert RULE.finding(Facts(**facts, batch_size=5)).causes[0][0] == "O14"


@pytest.mark.parametrize(
    ("well", "far", "severity"), [(False, False, "warning"), (True, False, "info"), (False, True, "info")]
)
def test_a_network_that_came_far_or_ends_well_is_worth_knowing_alone(well, far, severity, monkeypatch):
    """What falls there is mostly the loss."""
    monkeypatch.setattr(module, "loss_now", lambda _facts: 0.6)
    monkeypatch.setattr(module, "valid_now", lambda _facts: 0.6)
    monkeypatch.setattr(
        module, "trial_of", lambda _facts, one: Trial(1.0, 0.8 if one.from_start else 0.3, 0.3, 40)
    )
    monkeypatch.setattr(module, "ends_well", lambda _facts: well)
    monkeypatch.setattr(module, "has_learned", lambda _facts, share: far and share == module.LEARNED)
    facts = Facts(num_steps=40, num_updates=9, losses=FALLING, ended=True)

    assert RULE.finding(facts).severity == severity
