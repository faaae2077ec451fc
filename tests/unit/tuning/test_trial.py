"""Facts about a trial as the search sees it."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import pytest

from practicum.tuning.trial import Tried


def test_a_trial_is_what_it_is():
    """Nobody downstream can alter it; its curve is too long to be shown."""
    one = Tried(3, {"learning_rate": 0.1}, 0.2, curve=((16, 0.5), (32, 0.2)))
    with pytest.raises(FrozenInstanceError):
        one.error = 0.0

    assert one == Tried(3, {"learning_rate": 0.1}, 0.2, curve=((16, 0.5), (32, 0.2)))
    assert "curve" not in repr(one)


def test_a_trial_of_which_little_is_known_was_neither_halted_nor_diverged():
    """Its doubt is not a number."""
    one = Tried(0, {}, 0.5)

    assert (one.phase, one.halted, one.diverged, one.age) == ("wide", False, False, 0)
    assert math.isnan(one.standard_error)
