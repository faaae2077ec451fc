"""Nested cross-validation in words: which rows were tested on, and what the folds say [3-03]."""

from __future__ import annotations

import math

from practicum.core.summary import Summary


def name_of_test(summary: Summary) -> str:
    """Return what the rows of the test error are called: rows kept for that, or the outer folds in turn."""
    return f"test{in_turn(summary)}"


def in_turn(summary: Summary) -> str:
    """Return, in brackets, that the test rows are those of the outer folds; nothing where they were kept for it."""
    nested = summary.nested
    if nested is None or not nested.folds or summary.test_source is not None:
        return ""
    return f" ({len(nested.folds)} outer folds in turn)"


def nested_words(summary: Summary) -> list[str]:
    """Return what nested cross-validation found, a sentence each; nothing where it was not asked for."""
    nested = summary.nested
    if nested is None:
        return []
    if not nested.folds:
        return ["Not one outer fold was whole when it was interrupted: nothing here was tested."]
    measure = summary.measure
    errors = ", ".join(measure.words(fold.error) for fold in nested.folds)
    spread = f" ± {measure.difference_words(nested.deviation)}" if math.isfinite(nested.deviation) else ""
    chosen = [fold.valid_error for fold in nested.folds if math.isfinite(fold.valid_error)]
    told = [
        f"{measure.title} of each outer fold: {errors}; mean {measure.words(nested.mean)}{spread}.",
        f"All {nested.num_rows:,} rows together: {measure.words(nested.error)} "
        f"({measure.interval_words(nested.interval)}), each predicted by networks that were found without it. The one "
        "that is saved learned from all rows.",
    ]
    if chosen:
        told.append(
            "On the rows that chose them the folds' committees had reached "
            f"{measure.words(sum(chosen) / len(chosen))} on average: choosing makes that optimistic."
        )
    if not nested.is_whole:
        told.append(f"Interrupted: {len(nested.folds)} of {nested.num_folds} outer folds were whole.")
    if nested.num_copies:
        rows = "row has" if nested.num_copies == 1 else "rows have"
        told.append(f"{nested.num_copies:,} {rows} an exact copy that its networks had learned from.")
    return told
