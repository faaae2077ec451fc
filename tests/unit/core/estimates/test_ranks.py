"""1 − AUC and DeLong's variance; tests/unit/core/test_measuring.py holds the AUC against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.estimates.ranks import auc_difference, auc_error, auc_interval
from practicum.core.seeds import stream


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4)), min_size=2, max_size=40))
def test_it_is_the_share_of_pairs_the_wrong_way_round(rows: list[tuple[int, int]]):
    """Every pair of a row of either class is counted, ties a half."""
    class_N, score_N = np.array(rows).T
    inside, outside = score_N[class_N == 1], score_N[class_N == 0]
    if not len(inside) or not len(outside):
        assert np.isnan(auc_error(class_N, score_N[:, None].astype(float)))
        return
    pairs = (inside[:, None] < outside) + 0.5 * (inside[:, None] == outside)

    assert auc_error(class_N, score_N[:, None].astype(float)) == pytest.approx(pairs.mean())


@given(st.integers(0, 1000))
def test_only_the_order_counts(seed: int):
    """A monotone change of the scores changes nothing, neither number nor interval."""
    generator = stream(seed, "test order")
    class_N = np.concatenate([[0, 1], generator.integers(0, 2, 30)])
    score_N1 = generator.normal(size=(32, 1))

    assert auc_error(class_N, score_N1) == auc_error(class_N, np.exp(score_N1))
    assert auc_interval(class_N, score_N1) == auc_interval(class_N, np.exp(score_N1))


def test_turning_the_scores_turns_the_error():
    """1 − AUC of −score is the AUC."""
    generator = stream(0, "test turning")
    class_N, score_N1 = generator.integers(0, 2, 50), generator.normal(size=(50, 1))

    assert auc_error(class_N, -score_N1) == pytest.approx(1 - auc_error(class_N, score_N1))


def test_an_infinite_score_is_the_worst_for_its_row():
    """A row of the class falls below all others, another rises above all."""
    class_N = np.array([0, 0, 1, 1])

    assert auc_error(class_N, np.array([[0.1], [0.2], [0.3], [np.nan]])) == 0.5
    assert auc_error(class_N, np.array([[0.1], [np.inf], [0.3], [0.4]])) == 0.5


def test_few_rows_of_a_class_widen_the_interval_beyond_the_normal_one():
    """Student's t for 3 degrees of freedom: ten rows of which four are of the class."""
    generator = stream(3, "test few rows")
    class_N = np.array([1] * 4 + [0] * 400)
    score_N1 = generator.normal(size=(404, 1)) + class_N[:, None]
    inside, outside = score_N1[:4, 0], score_N1[4:, 0]
    wins = inside[:, None] > outside
    normal = 1.96 * np.sqrt(wins.mean(1).var(ddof=1) / 4 + wins.mean(0).var(ddof=1) / 400)
    low, high = auc_interval(class_N, score_N1)

    assert (high - low) / 2 > 1.1 * normal


def test_the_paired_interval_is_delongs():
    """Its half width is that of the components' differences."""
    generator = stream(0, "test paired delong")
    class_N = generator.integers(0, 2, 600)
    a_N1 = generator.normal(size=(600, 1)) + class_N[:, None]
    b_N1 = a_N1 + 0.5 * generator.normal(size=(600, 1))

    def components(score_N1: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        wins = score_N1[class_N == 1] > score_N1[class_N == 0][:, 0]
        return wins.mean(1), wins.mean(0)

    sides = [one - other for one, other in zip(components(a_N1), components(b_N1), strict=True)]
    variance = sum(side.var(ddof=1) / len(side) for side in sides)
    found = auc_difference(class_N, a_N1, b_N1)

    assert found.value == pytest.approx(-sides[0].mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * np.sqrt(variance), rel=0.01)
