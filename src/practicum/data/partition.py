"""Deal rows out to train (0), valid (1) and test (2), or to folds, by stratum or by group."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def by_stratum(strata: Rows, num_valid: int, num_test: int, random: np.random.Generator) -> Rows:
    """Return the part of each row, each stratum dealt out in the same proportions.

    Every stratum has a row in train; one of three rows or more has a row in every part; those of two give their
    second row to test and to valid in turn.

    Args:
        strata: number of the stratum of each row, shape (N,).
        num_valid: rows to validate with, met up to the rule above.
        num_test: rows to test with; 0 for none.
        random: shuffles the rows.

    Example:
        >>> part = by_stratum(np.repeat([0, 1], [7, 3]), 2, 2, np.random.default_rng(0))
        >>> [np.bincount(part[:7]).tolist(), np.bincount(part[7:]).tolist()]
        [[5, 1, 1], [1, 1, 1]]
    """
    sizes = np.bincount(strata)
    second_to_test = np.cumsum(sizes == 2) % 2 == 1
    tested = np.zeros_like(sizes)
    if num_test:
        tested = np.maximum(_quota(sizes, num_test), sizes >= 3)
        tested = np.where(sizes == 2, second_to_test, tested)
    validated = np.maximum(_quota(sizes, num_valid), sizes >= 2)
    validated = np.maximum(np.minimum(validated, sizes - tested - 1), 0)
    shuffled = random.permutation(strata.size)
    # A stable sort by stratum keeps the shuffled order within each.
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    rank = np.arange(strata.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    limit_test, limit_valid = np.repeat(tested, sizes), np.repeat(tested + validated, sizes)
    part = np.empty(strata.size, dtype=np.int64)
    part[order] = np.where(rank < limit_test, 2, np.where(rank < limit_valid, 1, 0))
    return part


def by_group(groups: Rows, num_valid: int, num_test: int, random: np.random.Generator) -> Rows:
    """Return the part of each row, all rows of a group in one part, sizes as near as greedy dealing brings them.

    Larger groups are dealt first, each to the part that lacks most; groups of one size in random order.

    Args:
        groups: number of the group of each row, 0 … G−1, shape (N,).
        num_valid: rows wanted to validate with.
        num_test: rows wanted to test with; 0 for none.
        random: shuffles the groups.

    Example:
        >>> part = by_group(np.repeat(np.arange(5), 2), 2, 2, np.random.default_rng(0))
        >>> np.bincount(part).tolist()
        [6, 2, 2]
    """
    sizes = np.bincount(groups)
    shuffled = random.permutation(sizes.size)
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    wanted = [groups.size - num_valid - num_test, num_valid, num_test]
    lacking = [(-rows, part) for part, rows in enumerate(wanted) if rows > 0]
    heapq.heapify(lacking)
    part_of_group = np.zeros(sizes.size, dtype=np.int64)
    for group in order.tolist():
        lack, part = lacking[0]
        part_of_group[group] = part
        heapq.heapreplace(lacking, (lack + int(sizes[group]), part))
    _fill_empty(part_of_group, order, [part for _, part in sorted(lacking, key=lambda pair: pair[1])])
    return part_of_group[groups]


def folds_by_stratum(strata: Rows, num_folds: int, random: np.random.Generator) -> Rows:
    """Return the fold of each row, each stratum dealt out evenly; −1: a leftover, which is in no fold.

    All folds have the same number of rows. Leftovers are as many as that needs, and the only row of a stratum is
    always one of them: no fold can learn a class whose one row it validates.

    Args:
        strata: number of the stratum of each row, shape (N,).
        num_folds: how many folds.
        random: shuffles the rows.

    Example:
        >>> fold = folds_by_stratum(np.repeat([0, 1], [7, 4]), 3, np.random.default_rng(0))
        >>> np.bincount(fold + 1).tolist()
        [2, 3, 3, 3]
    """
    single = np.bincount(strata)[strata] == 1
    num_left = int(single.sum())
    num_left += (strata.size - num_left) % num_folds
    shuffled = random.permutation(strata.size)
    shuffled = shuffled[np.argsort(~single[shuffled], kind="stable")]  # the single ones first
    dealt = shuffled[num_left:]
    fold = np.full(strata.size, -1)
    fold[dealt[np.argsort(strata[dealt], kind="stable")]] = np.arange(dealt.size) % num_folds
    return fold


def folds_by_group(groups: Rows, num_folds: int, random: np.random.Generator) -> Rows:
    """Return the fold of each row, rows of a group together, sizes as near as greedy dealing brings them.

    Args:
        groups: number of the group of each row, 0 … G−1, shape (N,).
        num_folds: how many folds, at most G.
        random: shuffles the groups.

    Example:
        >>> fold = folds_by_group(np.repeat(np.arange(6), 2), 3, np.random.default_rng(0))
        >>> np.bincount(fold).tolist()
        [4, 4, 4]
    """
    sizes = np.bincount(groups)
    shuffled = random.permutation(sizes.size)
    fold_of_group = np.zeros(sizes.size, dtype=np.int64)
    filled = [(0, fold) for fold in range(num_folds)]
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")].tolist():
        rows, fold = filled[0]
        fold_of_group[group] = fold
        heapq.heapreplace(filled, (rows + int(sizes[group]), fold))
    return fold_of_group[groups]


def _fill_empty(part_of_group: Rows, order: Rows, parts: list[int]) -> None:
    """Give each empty part the smallest group of the part that has most groups, in place."""
    for part in parts:
        counts = np.bincount(part_of_group, minlength=3)
        if counts[part]:
            continue
        donor = int(counts.argmax())
        smallest = next(group for group in order[::-1] if part_of_group[group] == donor)
        part_of_group[smallest] = part


def _quota(sizes: Rows, total: int) -> Rows:
    """Return how many rows of each stratum go to a part of ``total`` rows, by largest remainders; one stays behind."""
    exact = sizes * (total / sizes.sum())
    quota = np.floor(exact).astype(np.int64)
    extra = np.argsort(-(exact - quota), kind="stable")
    quota[extra[: max(0, total - int(quota.sum()))]] += 1
    kept: Rows = np.minimum(quota, np.maximum(sizes - 1, 0))
    return kept
