"""Facts about the rule: gradients are clipped too hard."""

import pytest
from tests.made_facts import a_look, a_parameter

from practicum.diagnose.derived.helped import Helped
from practicum.diagnose.rules import hard_clipping as module
from practicum.monitor.facts import Facts

RULE = module.RULE
HELPED = Helped(1.0, 0.8, 0.1, 80, from_start=True, now=0.7)


@pytest.mark.parametrize(
    ("left", "clipped", "helped", "found"),
    [
        (0.05, 3, HELPED, True),
        (0.05, 2, HELPED, False),
        (0.31, 4, HELPED, False),
        (2.0**-10, 4, HELPED, False),
        (0.05, 4, None, False),
    ],
)
def test_it_fires_where_most_are_clipped_to_little_and_none_of_it_helps(
    left, clipped, helped, found, monkeypatch
):
    """Trials are made up; a power of two is the scale of mixed precision."""
    monkeypatch.setattr(module, "helped_by", lambda _facts, _change: helped)
    looks = [
        a_look(step=step, parameters=(a_parameter(gradient_norm=0.5 * (left if step < clipped else 1.0)),))
        for step in range(4)
    ]
    finding = RULE.finding(Facts(num_steps=4, num_updates=4, looks=looks))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O13"


@pytest.mark.parametrize(("far", "severity"), [(True, "info"), (False, "warning")])
def test_a_network_that_came_far_is_worth_knowing_alone(far, severity, monkeypatch):
    """It was not held up by much."""
    monkeypatch.setattr(module, "helped_by", lambda _facts, _change: HELPED)
    monkeypatch.setattr(module, "has_learned", lambda _facts, share: far and share == module.LEARNED)
    looks = [a_look(step=step, parameters=(a_parameter(gradient_norm=0.02),)) for step in range(4)]

    assert RULE.finding(Facts(num_steps=4, num_updates=4, looks=looks)).severity == severity
