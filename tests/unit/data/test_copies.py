"""Facts about copies: as many as importance asks for, never off by more than one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from practicum.data.copies import COPIES, copies_of, repeated

IMPORTANCES = st.lists(st.floats(0.001, 1000), min_size=1, max_size=60)


@given(IMPORTANCES)
def test_each_row_gets_its_share_of_copies(importances):
    """The copies of a row are within one of what its importance asks for, and so are those of rows in succession."""
    importance = np.array(importances)
    exact = importance / importance.sum() * COPIES * len(importance)
    copies = copies_of(importance)

    assert copies.sum() == COPIES * len(importance)
    assert (np.abs(copies - exact) <= 1 + 1e-9).all()
    assert (np.abs(np.cumsum(copies) - np.cumsum(exact)) <= 0.5 + 1e-6).all()


@given(IMPORTANCES, st.sampled_from([0.5, 2.0, 1024.0]))
def test_only_ratios_matter(importances, factor):
    """Importances in another unit ask for the same copies."""
    importance = np.array(importances)

    np.testing.assert_array_equal(copies_of(importance), copies_of(factor * importance))


def test_a_row_without_importance_has_no_copy():
    """Importance 0 is as if the row were not there."""
    assert copies_of(np.array([0.0, 1.0, 0.0])).tolist() == [0, 12, 0]


def test_many_rows_are_not_copied_more_often_than_memory_bears(monkeypatch):
    """Beyond the limit there are as many rows as before."""
    monkeypatch.setattr("practicum.data.copies.MOST_COPIED", 100)

    assert copies_of(np.ones(60)).sum() == 60


def test_rows_without_any_copy_stand_once():
    """A part whose rows all lost their copies keeps its rows."""
    assert repeated(np.array([1, 2]), np.array([5, 0, 0])).tolist() == [1, 2]
