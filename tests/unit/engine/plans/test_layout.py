"""Facts about who trains with whom."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import RecordError
from practicum.engine.plans.layout import Layout, PackPlan, dealt, grouped


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_groups_hold_equal_keys_and_every_position_once(keys):
    """In order of first appearance."""
    groups = grouped(keys)

    assert sorted(k for group in groups for k in group) == list(range(len(keys)))
    assert all(len({keys[k] for k in group}) == 1 for group in groups)
    assert len({keys[group[0]] for group in groups}) == len(groups)


@given(st.integers(1, 100), st.integers(1, 64), st.integers(1, 4))
def test_packs_are_of_nearly_equal_size_and_none_too_large(num_trials, largest, num_workers):
    """Every trial once; no worker without work where there are trials for all."""
    packs = dealt(range(num_trials), largest, num_workers)
    sizes = [len(pack) for pack in packs]

    assert sorted(trial for pack in packs for trial in pack) == list(range(num_trials))
    assert max(sizes) <= largest
    assert max(sizes) - min(sizes) <= 1
    assert len(packs) >= min(num_workers, num_trials)


def test_a_layout_survives_json():
    """Written into the run, read back."""
    layout = Layout((PackPlan((0, 2), "packed"), PackPlan((1,), "alone")), ("why",), num_threads=2)

    assert Layout.from_data(json.loads(json.dumps(layout.as_data())), 3) == layout


@pytest.mark.parametrize(
    "data",
    [
        {"packs": [], "notes": [], "num_threads": 1},
        {"packs": [{"trials": [0, 0], "way": "packed"}], "notes": [], "num_threads": 1},
        {"packs": [{"trials": [0, 1], "way": "sideways"}], "notes": [], "num_threads": 1},
    ],
)
def test_a_layout_of_other_trials_is_refused(data):
    """Rather than train some of them twice."""
    with pytest.raises(RecordError, match="must place each of the 2 trials in one pack"):
        Layout.from_data(data, 2)


@pytest.mark.parametrize("data", [None, {}, {"packs": 3, "notes": []}])
def test_what_is_no_layout_is_refused(data):
    """Another version may have written it."""
    with pytest.raises(RecordError, match="must be one that this version of practicum wrote"):
        Layout.from_data(data, 2)
