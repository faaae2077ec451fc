"""Hopeless trials on LCBench's curves: 96 random nets a data set, 52 epochs each, in packs of eight; no training.

Limits were set on two data sets of three; the others are told apart. The curves have no training loss, so that only
who is behind can be stopped, not who overfits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from lcbench_data import COLUMNS, NUM_EPOCHS, LCBench, space
from practicum.diagnose.hopeless import hopeless
from practicum.recipe import Recipe
from practicum.tuning.exam import Course, Exam, at_best
from practicum.tuning.samplers.random_search import Random

NUM_TRIALS, PACK = 96, 8
EXAMS = (4, 8, 15, 31)
"""Epochs."""

LOSS = 2
"""Column of the validation loss in the model's output."""


def courses(lcbench: LCBench, task: str) -> list[Course]:
    """Return the whole courses of the trials on a data set, one epoch a validation."""
    trials = Random(space(), 0).ask(NUM_TRIALS)
    errors, losses = lcbench.errors_and_losses(task, trials, LOSS)
    return [_course(k, trials[k], errors[k], losses[k]) for k in range(NUM_TRIALS)]


def _course(number: int, values: dict[str, Any], errors: np.ndarray, losses: np.ndarray) -> Course:
    improved = errors < np.r_[np.inf, np.minimum.accumulate(errors)[:-1]]
    better = pl.Series(improved)
    known = {name: values[name] for name in COLUMNS if name in ("learning_rate", "l2_penalty", "dropout")}
    return Course(
        number=number,
        recipe=Recipe(**known),
        ages=np.arange(1, NUM_EPOCHS + 1.0),
        train_loss=np.full(NUM_EPOCHS, np.nan),
        valid_loss=losses,
        valid_error=errors,
        best_loss=at_best(pl.Series(losses), better),
        best_error=at_best(pl.Series(errors), better),
        improved=improved,
    )


def until(course: Course, epochs: int) -> Course:
    """Return the first part of a course."""
    arrays = ("ages", "train_loss", "valid_loss", "valid_error", "best_loss", "best_error", "improved")
    return Course(course.number, course.recipe, **{name: getattr(course, name)[:epochs] for name in arrays})


def stopped(all_of: list[Course]) -> dict[int, int]:
    """Return after which epoch each trial is stopped, for those that are."""
    found: dict[int, int] = {}
    seen: dict[int, dict[int, Course]] = {epoch: {} for epoch in EXAMS}
    for start in range(0, len(all_of), PACK):
        for epoch in EXAMS:
            here = [until(one, epoch) for one in all_of[start : start + PACK] if one.number not in found]
            seen[epoch] |= {one.number: one for one in here}
            peers: dict[int, Course] = {}
            for earlier in EXAMS[: EXAMS.index(epoch) + 1]:
                peers |= seen[earlier]
            told = hopeless(Exam(epoch, NUM_EPOCHS, here, list(peers.values())))
            found |= dict.fromkeys(told, epoch)
    return found


def held_out() -> Iterator[dict[str, Any]]:
    """Yield a line for the data sets that set limits, and one for those that did not."""
    lcbench = LCBench()
    rows: dict[str, list[tuple[float, float, int, int, float]]] = {"set limits": [], "set none": []}
    for place, task in enumerate(lcbench.tasks):
        all_of = courses(lcbench, task)
        gone = stopped(all_of)
        final = [one.best_error[-1] for one in all_of]
        top = np.argsort(final, kind="stable")[: math.ceil(0.1 * len(final))]
        wrong = sum(int(k) in gone and all_of[k].best_error[gone[int(k)] - 1] > final[k] for k in top)
        epochs = sum(gone.get(one.number, NUM_EPOCHS) for one in all_of) / (NUM_EPOCHS * len(all_of))
        lost = min(one.best_error[gone.get(one.number, NUM_EPOCHS) - 1] for one in all_of) - min(final)
        kind = "set none" if place % 3 == 2 else "set limits"
        rows[kind].append((len(gone) / len(all_of), 1 - epochs, wrong, len(top), lost))
    for kind, some in rows.items():
        columns = [np.array(column) for column in zip(*some, strict=True)]
        share, saved, wrong_by, top_by, lost_by = columns
        yield {
            "data sets": f"{len(some)} that {kind}",
            "stopped": f"{share.mean():.0%}",
            "epochs saved": f"{saved.mean():.0%} ± {saved.std(ddof=1) / math.sqrt(len(some)):.1%}",
            "top tenth wrongly stopped": f"{int(wrong_by.sum())} of {int(top_by.sum())}",
            "largest loss of the best, points": round(float(lost_by.max()), 4),
        }
