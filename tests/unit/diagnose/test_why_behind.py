"""Facts about the reasons: each fault by what tells it from the others."""

from __future__ import annotations

import numpy as np
import pytest
from tests.made_courses import course, exam, falling

from practicum.core.guide.lookup import GUIDE
from practicum.diagnose.why_behind import FAR, FLAT, MUCH_DROPOUT, cause

RATE = 0.01  # of a recipe that says nothing else
SLOW = np.linspace(1.0, 0.9, 11)
UNSTEADY = np.r_[1.0, 0.9, np.linspace(0.8, 0.95, 9)]


@pytest.fixture
def rate():
    """The rate of the peers."""
    return course().recipe.learning_rate


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"valid": np.full(11, 0.95), "activation": "relu"}, "A6 dead units, perhaps"),
        ({"valid": np.full(11, 0.95), "activation": "tanh"}, "A7 saturated units, perhaps"),
        ({"l2_penalty": 5.0}, "O11 penalty too strong: l2_penalty 5, of the best 0"),
        ({"l1_penalty": 5.0}, "O11 penalty too strong: l1_penalty 5, of the best 0"),
        ({"dropout": MUCH_DROPOUT + 0.01}, "E4 dropout too strong: 0.21, of the best 0"),
        ({"dropout": MUCH_DROPOUT - 0.01}, "E2 underfits: validation"),
        ({}, "E2 underfits: validation"),
        (
            {"valid": [*SLOW[:5], *np.full(6, SLOW[5] * (1 + FLAT))], "activation": "relu"},
            "E2 underfits: val",
        ),
    ],
)
def test_a_fault_is_told_by_its_own_sign(changes, start):
    """Dead and saturated units by errors that never change; the others by the settings."""
    behind = course(0, **{"valid": SLOW, **changes})

    assert cause(behind, exam(behind)).startswith(start)


@pytest.mark.parametrize(
    ("times", "valid", "start"),
    [
        (1 / FAR, SLOW, "O2 rate too low: "),
        (1.1 / FAR, SLOW, "E2"),
        (FAR, SLOW, "O1 rate too high: "),
        (0.9 * FAR, SLOW, "E2"),
        (1.1, UNSTEADY, "O1 rate too high: "),
        (0.9, UNSTEADY, "E2"),
    ],
)
def test_a_rate_is_told_by_its_distance_from_the_bests(rate, times, valid, start):
    """Or, of a higher one, by a training loss that rises."""
    behind = course(0, valid, learning_rate=times * rate)

    assert cause(behind, exam(behind)).startswith(start)


def test_the_evidence_is_the_fall_of_the_loss_beside_that_of_the_peers():
    """In per cent of where each began."""
    behind = course(0, SLOW)

    assert cause(behind, exam(behind)).endswith(
        "validation loss fell 10.0% in 1,000 examples, the median of 9 peers 49.3%"
    )


def test_every_fault_is_in_the_catalogue():
    """By its id."""
    for fault in ("A6", "A7", "E1", "E2", "E4", "O1", "O2", "O11"):
        assert f"fault-{fault}" in GUIDE


def test_a_loss_that_starts_at_nothing_has_no_fall():
    """A loss of a user's own."""
    behind = course(0, np.r_[0.0, falling(0.5)[1:]])

    assert "validation loss fell 0.0%" in cause(behind, exam(behind))


def test_a_loss_that_is_no_number_is_left_out():
    """At the start there is then no fall to tell."""
    behind = course(0, [1.0, np.nan, np.inf, *np.full(8, 0.9)])
    nowhere = course(0, [np.inf, *np.full(10, 0.9)])

    assert "validation loss fell 10.0%" in cause(behind, exam(behind))
    assert "validation loss fell 0.0%" in cause(nowhere, exam(nowhere))
