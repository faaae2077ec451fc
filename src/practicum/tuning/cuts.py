"""What the clock cut short, written down so that the same can be done again without a clock [3.3-14].

A training that time ended had done some updates, and up to its last validation all that it did counts. When the run is
repeated it is trained that far, and its result is then told as the clock had left it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from practicum.core.record import Record
from practicum.engine.result import Result, without_weights
from practicum.recipe import Recipe
from practicum.recipe.combinations import ENDING_SCHEDULES

Cut = tuple[int, int]
"""Updates done, and how many of them up to the last validation; 0 where there was none."""

Cuts = Mapping[int, Cut]
"""Of each training that time ended, by its number."""

NOTHING: Cuts = {}

FINALS = "seeds"
"""The phase of the finals."""


def cuts_of(results: Iterable[Result], record: Record) -> dict[str, list[int]]:
    """Return, as JSON, where time ended those of ``results`` that did not end by themselves.

    One that has no error had none, though the run that repeats it records a validation that it forgets.

    Args:
        results: of all trainings, also of those that were never begun.
        record: of their validations.
    """
    frame = record.frame().group_by("trial").agg(last=_last())
    last = dict(zip(frame["trial"].to_list(), frame["last"].to_list(), strict=True))
    return {
        str(result.trial): [
            result.num_steps,
            int(last.get(result.trial, 0)) * math.isfinite(result.valid_error),
        ]
        for result in results
        if result.status in ("budget", "stopped")
    }


def cuts_from(plain: Mapping[str, Any]) -> dict[int, Cut]:
    """Return what :func:`cuts_of` wrote down.

    Example:
        >>> cuts_from({"7": [60, 50]})
        {7: (60, 50)}
    """
    return {int(trial): (int(done), int(counted)) for trial, (done, counted) in plain.items()}


def shortened(recipe: Recipe, cut: Cut | None) -> Recipe:
    """Return ``recipe`` ending at the last validation before the clock ended it, if it did.

    Its learning rates are those of the whole length.

    Example:
        >>> shortened(Recipe(schedule="linear", num_steps=900), (60, 50)).schedule_steps
        900
    """
    if cut is None:
        return recipe
    return ending_after(recipe, max(1, cut[1]))


def ending_after(recipe: Recipe, num_steps: int) -> Recipe:
    """Return ``recipe`` ending after other ``num_steps`` updates; a rate that falls until the end falls as before."""
    kept = {"schedule_steps": recipe.schedule_steps or recipe.num_steps}
    return recipe.changed(num_steps=num_steps, **(kept if recipe.schedule in ENDING_SCHEDULES else {}))


def never_begun(cuts: Cuts, trials: Iterable[int], begun: Iterable[int]) -> Cuts:
    """Return ``cuts`` with those of ``trials`` that were not ``begun`` ended before their first update."""
    return {**dict.fromkeys(set(trials) - set(begun), (0, 0)), **cuts}


def as_then(result: Result, cut: Cut | None) -> Result:
    """Return the result of a shortened training as the clock had left it."""
    if cut is None:
        return result
    done, counted = cut
    if not counted:
        return without_weights(result.trial, result.recipe, "budget", "Time ended it unvalidated.", done)
    return replace(result, status="budget", num_steps=done) if result.status == "num_steps" else result


def _last() -> Any:
    import polars as pl

    return pl.col("step").max()
