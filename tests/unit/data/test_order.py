"""Sorted rows are noticed [2.1-10]."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from practicum.data.order import order_note

RANDOM = np.random.default_rng(0)


def note(values: object, *, is_label: bool = True) -> str:
    """Return the note about a target y, or an empty string."""
    return order_note(pl.Series("y", values), is_label=is_label) or ""


def test_sorted_labels_are_noticed() -> None:
    """One class after another, in any order of the classes."""
    assert "sorted" in note(["b"] * 30 + ["a"] * 30 + ["c"] * 30)


def test_nearly_sorted_labels_are_noticed() -> None:
    """A few strays do not hide the order."""
    labels = np.repeat(["a", "b"], 500)
    labels[RANDOM.integers(0, 1000, 20)] = "a"

    assert "Neighbouring rows share" in note(labels)


def test_shuffled_labels_are_not() -> None:
    """Chance agreement says nothing, also of a rare class."""
    assert note(RANDOM.permutation(np.repeat(["a", "b"], 500))) == ""
    assert note(RANDOM.permutation(np.repeat(["a", "b"], [980, 20]))) == ""


@pytest.mark.parametrize(
    "values", [np.arange(50.0), -np.arange(50.0), np.cumsum(RANDOM.standard_normal(2000))]
)
def test_sorted_or_drifting_numbers_are_noticed(values: np.ndarray) -> None:
    """A monotone target and a random walk are in order."""
    assert note(values, is_label=False) != ""


def test_shuffled_numbers_are_not() -> None:
    """Independent values have no order."""
    assert note(RANDOM.standard_normal(2000), is_label=False) == ""


def test_a_tiny_table_says_nothing() -> None:
    """Two rows are always sorted, and a constant target has no order."""
    assert note(["a", "b"]) == ""
    assert note([1.0] * 5, is_label=False) == ""
