"""Facts about what a search says of the learning rate [2.1-02, 3.1-01]."""

from __future__ import annotations

import math

import pytest
from tests.oracles.arenas import setting

from practicum.tuning.learning_rate import rate_found


def tried(*trials, alone=True):
    """Return settings of (rate, status) each; those that end above their start are "risen"."""
    others = {} if alone else {"momentum": 0.5}
    return [
        setting(
            number,
            values={"learning_rate": rate, **others},
            status="num_steps" if status == "risen" else status,
            train_loss=5.0 if status == "risen" else 0.4,
        )
        for number, (rate, status) in enumerate(trials)
    ]


def test_the_edge_of_divergence_is_told():
    """The largest rate that held and the smallest above the best that did not enclose it."""
    found = rate_found(
        tried((0.01, "num_steps"), (0.1, "patience"), (0.3, "diverged"), (1.0, "diverged")), 0.01
    )

    assert (found.largest_stable, found.smallest_diverged) == (0.1, 0.3)


def test_a_training_loss_that_rose_counts_as_divergence():
    """A rate above the best one whose loss ended above its start was too large."""
    found = rate_found(tried((0.01, "num_steps"), (0.1, "risen")), 0.01)

    assert (found.largest_stable, found.smallest_diverged) == (0.01, 0.1)


def test_a_small_rate_that_failed_is_no_edge():
    """Below the best, something else is wrong with it."""
    found = rate_found(tried((0.001, "risen"), (0.01, "num_steps"), (0.1, "num_steps")), 0.01)

    assert (found.largest_stable, found.smallest_diverged) == (0.1, None)


def test_without_divergence_there_is_no_edge():
    """Every rate held, up to the largest tried."""
    found = rate_found(tried((0.01, "num_steps"), (0.5, "halted")), 0.01)

    assert (found.largest_stable, found.smallest_diverged) == (0.5, None)


def test_a_rate_that_failed_once_is_not_stable():
    """Of two settings of one rate the worse counts."""
    found = rate_found(tried((0.1, "num_steps"), (0.1, "diverged"), (0.01, "num_steps")), 0.01)

    assert (found.largest_stable, found.smallest_diverged) == (0.01, 0.1)


def test_the_resolution_is_the_ratio_to_the_nearest_other_rate():
    """Rates within five percent are one; of a single rate there is none."""
    found = rate_found(
        tried((0.01, "num_steps"), (0.0102, "num_steps"), (0.03, "num_steps"), (0.001, "num_steps")), 0.01
    )

    assert found.resolved_factor == pytest.approx(3)
    assert math.isnan(rate_found(tried((0.01, "num_steps")), 0.01).resolved_factor)


def test_it_is_said_whether_nothing_else_was_varied():
    """Only then are two rates compared at equal settings."""
    assert rate_found(tried((0.01, "num_steps")), 0.01).alone
    assert not rate_found(tried((0.01, "num_steps"), alone=False), 0.01).alone
