"""What may be wrong with a table, looked at before a network is trained on it.

Each check is a function of the prepared table that gives findings or none. Only training and validation rows are
looked at; of a test file that was given, the inputs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from practicum.checks.column_checks import given_away, heavy_tails, twin_columns
from practicum.checks.row_checks import (
    copies_across,
    few_to_choose_by,
    no_signal,
    other_kind,
    rare_class,
    serial_rows,
)
from practicum.checks.sampled import Sampled
from practicum.core.finding import Finding, gravest_first
from practicum.data.pipeline import Prepared

CHECKS: tuple[Callable[[Prepared, Sampled], Iterator[Finding]], ...] = (
    no_signal,
    given_away,
    copies_across,
    other_kind,
    serial_rows,
    twin_columns,
    heavy_tails,
    rare_class,
    few_to_choose_by,
)


def check_data(prepared: Prepared, seed: int = 0) -> tuple[Finding, ...]:
    """Return what may be wrong with a table, the gravest first.

    Args:
        prepared: the table, split and prepared.
        seed: of the rows that are looked at, at most :data:`practicum.checks.sampled.MOST_ROWS`, and of the forests.

    Source:
        Faults of the guide; limits as given there, made stricter where sound tables crossed them.

    Example:
        >>> from practicum.data.pipeline import load, prepare
        >>> from practicum.recipe import Recipe
        >>> import numpy as np
        >>> random = np.random.default_rng(0)
        >>> table = {"a": random.normal(size=400), "y": random.choice(["no", "yes"], 400)}
        >>> [found.causes[0][0] for found in check_data(prepare(load(table, "y"), recipe=Recipe()))]
        ['D5']
    """
    rows = Sampled.of(prepared, seed)
    return gravest_first([finding for check in CHECKS for finding in check(prepared, rows)])
