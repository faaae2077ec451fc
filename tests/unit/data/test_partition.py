"""Rows dealt out to the three parts."""

from __future__ import annotations

import numpy as np
import pytest

from practicum.data.partition import by_group, by_stratum, folds_by_group, folds_by_stratum


def random() -> np.random.Generator:
    """Return a generator that starts anew."""
    return np.random.default_rng(0)


def counts(strata: np.ndarray, part: np.ndarray) -> list[list[int]]:
    """Return for each stratum how many rows each part has."""
    return [np.bincount(part[strata == s], minlength=3).tolist() for s in np.unique(strata)]


def test_each_stratum_has_its_share_in_each_part() -> None:
    """60, 20 and 20 % of each, in total as many as asked for."""
    strata = random().permutation(np.repeat([0, 1, 2], [700, 200, 100]))

    assert counts(strata, by_stratum(strata, 200, 200, random())) == [
        [420, 140, 140],
        [120, 40, 40],
        [60, 20, 20],
    ]


@pytest.mark.parametrize(
    ("size", "expected"), [(1, [1, 0, 0]), (2, [1, 0, 1]), (3, [1, 1, 1]), (4, [2, 1, 1])]
)
def test_a_rare_stratum_trains_first(size: int, expected: list[int]) -> None:
    """One row trains; from three on, each part has one."""
    strata = np.repeat([0, 1], [100, size])

    assert counts(strata, by_stratum(strata, 20, 20, random()))[1] == expected


def test_strata_of_two_rows_alternate() -> None:
    """Many of them leave neither valid nor test empty."""
    strata = np.repeat(np.arange(10), 2)

    assert np.bincount(by_stratum(strata, 4, 4, random())).tolist() == [10, 5, 5]


def test_nothing_is_tested_if_nothing_is_asked() -> None:
    """A test file is given: rows go to train and valid."""
    strata = np.repeat([0, 1], [96, 4])

    assert counts(strata, by_stratum(strata, 20, 0, random())) == [[77, 19, 0], [3, 1, 0]]


def test_rows_are_drawn_at_random() -> None:
    """Which rows train depends on the generator, not on their place."""
    strata = np.zeros(1000, dtype=np.int64)
    first = by_stratum(strata, 200, 200, np.random.default_rng(1))
    second = by_stratum(strata, 200, 200, np.random.default_rng(2))

    assert (first != second).mean() > 0.3
    assert abs(np.flatnonzero(first == 2).mean() - 499.5) < 60  # 3 deviations of the mean of 200


def test_groups_stay_together() -> None:
    """No group lies in two parts, and the sizes come near."""
    groups = random().integers(0, 100, 1000)
    part = by_group(groups, 200, 200, random())

    assert all(np.unique(part[groups == group]).size == 1 for group in range(100))
    np.testing.assert_allclose(np.bincount(part), [600, 200, 200], atol=15)


def test_a_giant_group_trains() -> None:
    """A group of nine tenths of the rows leaves valid and test one each."""
    groups = np.repeat([0, 1, 2], [90, 5, 5])

    assert np.bincount(by_group(groups, 20, 20, random())).tolist() == [90, 5, 5]


def test_no_part_stays_empty() -> None:
    """Three groups serve three parts, however small a part is asked for."""
    groups = np.repeat([0, 1, 2], [10, 10, 10])

    assert np.bincount(by_group(groups, 1, 1, random())).tolist() == [10, 10, 10]
    assert np.bincount(by_group(np.repeat([0, 1], 10), 1, 0, random())).tolist() == [10, 10]


@pytest.mark.parametrize("num_folds", [2, 3, 5, 10])
def test_folds_have_equal_sizes_and_equal_shares_of_each_stratum(num_folds: int) -> None:
    """No stratum has two rows more in one fold than in another; leftovers are fewer than the folds."""
    strata = np.repeat([0, 1, 2], [57, 31, 11])
    fold = folds_by_stratum(strata, num_folds, random())
    shares = [np.bincount(fold[(strata == s) & (fold >= 0)], minlength=num_folds) for s in range(3)]

    assert len(set(np.bincount(fold[fold >= 0]).tolist())) == 1
    assert 0 <= (fold < 0).sum() < num_folds
    assert all(share.max() - share.min() <= 1 for share in shares)


def test_the_only_row_of_a_stratum_is_left_over() -> None:
    """So that it always trains, and folds stay equal whatever the number of such rows."""
    strata = np.concatenate([np.zeros(20, dtype=np.int64), np.arange(1, 5)])
    fold = folds_by_stratum(strata, 3, random())

    assert (fold[20:] == -1).all()
    assert np.bincount(fold + 1).tolist() == [6, 6, 6, 6]


def test_groups_stay_together_in_folds() -> None:
    """Each group is in one fold, and like groups make like folds."""
    groups = np.repeat(np.arange(12), [9, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2])
    fold = folds_by_group(groups, 4, random())

    assert all(len(set(fold[groups == group].tolist())) == 1 for group in range(12))
    assert np.ptp(np.bincount(fold)) <= 2
