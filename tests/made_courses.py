"""Courses of settings that no training gave, for exams."""

from __future__ import annotations

import numpy as np
import polars as pl

from practicum.recipe import Recipe
from practicum.tuning.exam import Course, Exam, at_best

AGES = np.arange(11) * 100.0


def course(number=0, valid=None, train=None, errors=None, **recipe):
    """Return a course of eleven validations; by default a loss that halves and an error that follows it."""
    valid = np.asarray(falling(0.5) if valid is None else valid, float)
    train = valid.copy() if train is None else np.asarray(train, float)
    errors = valid / 2 if errors is None else np.asarray(errors, float)
    train[0] = np.nan
    improved = pl.Series(np.concatenate([[True], valid[1:] < np.minimum.accumulate(valid)[:-1]]))
    return Course(
        number=number,
        recipe=Recipe(**recipe),
        ages=AGES[: len(valid)],
        train_loss=train,
        valid_loss=valid,
        valid_error=errors,
        best_loss=at_best(pl.Series(valid), improved),
        best_error=at_best(pl.Series(errors), improved),
        improved=improved.to_numpy(),
    )


def falling(to, start=1.0):
    """Return eleven losses from ``start`` down to ``to``, slower and slower."""
    return to + (start - to) * np.exp(-np.arange(11) / 2)


def exam(*courses, others=8, until=2000.0):
    """Return an exam of ``courses``, beside so many peers that are all as they should be."""
    peers = [course(100 + k, falling(0.5 + 0.001 * k)) for k in range(others)]
    return Exam(age=1000.0, until=until, courses=courses, peers=[*courses, *peers])
