"""Which trials are worth their cost."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.tuning.analysis.pareto import not_dominated, pareto
from practicum.tuning.trial import Tried

COORDINATES = st.integers(0, 6).map(float)


@pytest.mark.parametrize("num_costs", [2, 3])
@given(st.data())
def test_the_front_equals_brute_force(num_costs, data):
    """A point is kept exactly if no other is nowhere larger and somewhere smaller."""
    points = np.array(data.draw(st.lists(st.tuples(*[COORDINATES] * num_costs), min_size=1, max_size=30)))

    slow = [not any((q <= p).all() and (q < p).any() for q in points) for p in points]

    assert not_dominated(points).tolist() == slow


def test_trials_that_diverged_or_were_ended_early_do_not_count():
    """Their cost is no whole training's."""
    tried = [
        Tried(0, {}, 0.1, 0.1, halted=True),
        Tried(1, {}, inf, 0.1, diverged=True),
        Tried(2, {}, 0.3, 5.0),
        Tried(3, {}, 0.2, 9.0),
    ]

    assert [one.number for one in pareto(tried).trials] == [3, 2]


def test_the_sentence_says_what_less_cost_loses():
    """Three cases: nothing, no choice, a choice."""
    assert pareto([]).text == "No trial has an error: there is nothing to weigh against cost."
    assert "is the cheapest" in pareto([Tried(0, {}, 0.1, 1.0), Tried(1, {}, 0.2, 2.0)]).text
    assert pareto([Tried(0, {}, 0.3, 1.0), Tried(1, {}, 0.2, 2.0)]).text == (
        "2 trials are worth their cost: the best (1) has error 0.2 for 2 s, the cheapest (0) error 0.3 for 1 s."
    )
