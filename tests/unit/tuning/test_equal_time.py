"""Facts about time as numbers of updates."""

from __future__ import annotations

import pytest

from practicum.tuning.equal_time import (
    OVERHEAD_EXAMPLES,
    Pace,
    equal_times,
    modelled_costs,
    paces_from,
    smoothed,
)


def test_an_example_costs_less_in_a_large_batch():
    """The overhead of an update is shared; small batches are padded."""
    costs = modelled_costs([8, 16, 32, 512])

    assert costs[8] == (OVERHEAD_EXAMPLES + 16) / 8
    assert list(costs.values()) == sorted(costs.values(), reverse=True)


def test_a_busy_moment_is_not_taken_for_a_cost():
    """A larger batch may cost a little more for an example, never much."""
    assert smoothed({8: 4.0, 16: 5.0, 32: 2.0}) == {8: 4.0, 16: pytest.approx(4.8), 32: 2.0}
    assert smoothed({64: 1.1, 32: 1.0}) == {32: 1.0, 64: 1.1}


@pytest.mark.parametrize("size", [8, 32, 256])
def test_all_sizes_have_the_same_time(size):
    """Updates, times examples, times what one costs, is the same to within an update."""
    costs = {8: 6.0, 32: 2.0, 256: 1.125}
    pace = equal_times(costs, 100_000)[size]

    assert pace.num_steps * size * pace.cost == pytest.approx(100_000, abs=size * pace.cost)


def test_a_pace_comes_back_from_json():
    """As it was."""
    assert Pace.from_plain(Pace(12, 2.5e-5).as_plain()) == Pace(12, 2.5e-5)


def test_paces_come_back_from_json_by_size():
    """JSON's keys are text; nothing decided stays nothing."""
    assert paces_from({"16": [12, 2.5e-5]}) == {16: Pace(12, 2.5e-5)}
    assert paces_from({}) == {}
    assert paces_from(None) is None
