"""The guide's records: limits that hold and say themselves."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.guide import get
from practicum.core.guide.model import Limits


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(above=0), "be > 0"),
        (Limits(at_least=0), "be ≥ 0"),
        (Limits(below=1), "be < 1"),
        (Limits(at_most=1), "be ≤ 1"),
        (Limits(at_least=0, below=1), "lie in [0, 1)"),
        (Limits(above=0, at_most=1), "lie in (0, 1]"),
        (Limits(at_least=1, at_most=65536), "lie in [1, 65536]"),
    ],
)
def test_limits_say_themselves(limits, words):
    """The words complete the sentence "`name` must …"."""
    assert limits.condition() == words


BOUNDS = st.none() | st.integers(-3, 3)


@given(BOUNDS, BOUNDS, BOUNDS, BOUNDS, st.integers(-4, 4))
def test_a_value_is_possible_when_no_bound_forbids_it(at_least, above, at_most, below, value):
    """The four bounds are independent; None forbids nothing."""
    broken = [
        at_least is not None and value < at_least,
        above is not None and value <= above,
        at_most is not None and value > at_most,
        below is not None and value >= below,
    ]

    assert Limits(at_least, above, at_most, below).holds(value) == (not any(broken))


def test_a_recommendation_cannot_be_changed():
    """The guide is data, shared by all."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        get("3.1-02").status = "done"
