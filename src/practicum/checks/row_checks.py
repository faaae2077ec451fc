"""Rows that may be wrong: without a signal, of another kind, copied, in a series, of a rare class, or too few.

Source: the faults D5, D7, D8, D10 to D12 and E5 of the guide; limits as given there, stricter where sound tables
crossed them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from practicum.checks.forests import Array, skill, told_apart
from practicum.checks.sampled import MOST_ROWS, Sampled, inputs_of, some_rows, targets_of
from practicum.core.finding import Finding
from practicum.data.pipeline import Prepared

RARE = 10.0
"""How many times more frequent the most frequent class is than the rarest, before that is said."""

COPIED, OFTEN = 0.005, 0.1
"""Shares of validation and test rows with an exact copy in an earlier part, before that is said, and before it is a
warning: where inputs take few values, some rows coincide by chance."""

SHIFTED = 0.75
"""Area under the curve of a forest that tells later rows from training rows, before they count as of another kind."""

SERIAL, SORTED = 0.3, 0.95
"""Correlation of successive targets from which rows may be a series, and from which the file was sorted by them."""

NUM_BLOCKS = 30
"""Blocks of successive rows that are kept from a forest together."""

SURE = 4.0
"""Standard errors that a difference must have beside."""

FEW = 100
"""Validation rows below which differences between settings drown in noise."""


def no_signal(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find tables whose inputs say nothing of the target, as far as a forest can see [D5, D12]."""
    all_of_it = rows.skill()
    if all_of_it.value > 2 * all_of_it.standard_error or len(rows.y) < FEW:
        return
    yield Finding(
        "no-signal",
        "warning",
        (("D5", 0.5), ("D12", 0.5)),
        f"From {len(rows.y):,} training rows a forest learns no more of the target than what is most frequent or the "
        f"mean (skill {all_of_it.value:.2f} ± {all_of_it.standard_error:.2f}).",
        "Check that rows and targets belong together (joins, sorting, shuffling); else there may be nothing to learn.",
        "4.1-08",
    )


def rare_class(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find classes that are much rarer than others [D7]."""
    if prepared.schema.task == "regression":
        return
    counts = np.unique(targets_of(prepared.train, prepared.schema.task), return_counts=True)[1]
    ratio = counts.max() / counts.min()
    if ratio > RARE:
        yield Finding(
            "rare-class",
            "info",
            (("D7", 1.0),),
            f"The most frequent class has {ratio:.0f} times as many training rows as the rarest ({counts.min():,}).",
            "Look at balanced error or the area under the curve (`--metric`) beside the error.",
            "4.1-08",
        )


def copies_across(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find rows to choose or to test by that were also there to learn from [D8]."""
    num_held = len(prepared.valid) + len(prepared.test)
    share = prepared.split.duplicates_across / max(1, num_held)
    if share > COPIED:
        yield Finding(
            "copies-across",
            "warning" if share > OFTEN else "info",
            (("D8", 1.0),),
            f"{prepared.split.duplicates_across:,} of {num_held:,} validation and test rows have an exact copy in an "
            f"earlier part ({share:.1%}).",
            "Remove the copies, or keep rows that belong together in one part (`--group`): errors look too good.",
            "3-02",
        )


def other_kind(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find validation rows, or rows of a test file, that can be told from training rows by their inputs [D10]."""
    later = [("validation rows", prepared.valid)]
    if prepared.loaded.test is not None:
        later.append(("rows of the test file", prepared.test))
    for said, held in later:
        x_NI = inputs_of(held)[some_rows(len(held), 0)]
        if len(x_NI) < FEW:
            continue
        area = told_apart(rows.x[:MOST_ROWS], x_NI)
        noise = math.sqrt(1 / (12 * len(x_NI)) + 1 / (12 * len(rows.x)))
        if area > SHIFTED and area > 0.5 + SURE * noise:
            yield Finding(
                "other-kind",
                "warning",
                (("D10", 0.9),),
                f"A forest tells {said} from training rows by their inputs (area under the curve {area:.2f}, 0.5 if "
                "they are alike).",
                "Look which column moved: other units, another time, another source.",
                "3-02",
            )


def serial_rows(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find tables whose rows predict their neighbours, split as if they did not belong together [D11].

    Two signs are asked for: neighbours have like targets, and a forest does worse where whole blocks of rows are kept
    from it than where rows are.
    """
    if prepared.split.method in {"time", "group"}:
        return
    x_NI = inputs_of(prepared.train)[:MOST_ROWS]
    y_N = targets_of(prepared.train, prepared.schema.task)[:MOST_ROWS]
    serial = _serial(y_N, prepared.schema.task)
    if len(y_N) < FEW or not max(SERIAL, SURE / math.sqrt(len(y_N))) < serial < SORTED:
        return
    by_row, by_block = (skill(x_NI, y_N, rows.task, num_blocks=count) for count in (None, NUM_BLOCKS))
    noise = math.hypot(by_row.standard_error, by_block.standard_error)
    if by_row.value - by_block.value > SURE * noise:
        yield Finding(
            "serial-rows",
            "warning",
            (("D11", 0.9),),
            f"Neighbouring rows of the file have like targets (correlation {serial:.2f}) and give each other away: "
            f"skill {by_row.value:.2f} beside them, {by_block.value:.2f} ± {by_block.standard_error:.2f} elsewhere.",
            "If rows follow in time, test on the future (`--time COLUMN`); if they come in groups, use `--group`.",
            "1.3-04",
        )


def few_to_choose_by(prepared: Prepared, rows: Sampled) -> Iterator[Finding]:
    """Find validation sets that are too small to tell settings apart [E5]."""
    num = len(prepared.valid)
    if num < FEW and len(prepared.train) + num < FEW:
        yield Finding(
            "few-to-choose-by",
            "info",
            (("E5", 1.0),),
            f"There are {len(prepared.train) + num} rows to learn from and to choose by.",
            "Every number will be rough; intervals say how rough. More rows help more than anything else.",
            "3-03",
        )


def _serial(y_N: Array, task: str) -> float:
    """Return how alike successive targets are: 0 by chance, 1 where they are the same."""
    if len(np.unique(y_N)) < 2:
        return 0.0
    if task != "multiclass":
        return float(np.corrcoef(y_N[1:], y_N[:-1])[0, 1])
    chance = float(((np.unique(y_N, return_counts=True)[1] / len(y_N)) ** 2).sum())
    return (float((y_N[1:] == y_N[:-1]).mean()) - chance) / (1 - chance)
