"""A trial as the search sees it: what was tried, how wrong it was, what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Tried:
    """One setting that was tried.

    Attributes:
        number: of the trial, from 0, in the order in which trials were asked for.
        values: of the space's entries, by name; an entry whose condition does not hold is absent.
        error: what is minimised, on validation rows; ``inf`` where there is none.
        cost: what training it took, in seconds of one core.
        age: training examples seen, 0 where it was never trained.
        phase: of the search, e.g. "wide" or "zoom".
        diverged: whether its loss blew up.
        halted: whether the search ended it early, since others were better; its error is that of a shorter training.
        standard_error: of ``error``, by the number of validation rows; ``nan`` where nobody knows.
        seed: of the trial; the same for all of a search.
        loss: on validation rows, where ``error`` was; ``nan`` where nobody knows. It tells apart what makes the same
            errors.
        near_error: mean error of the validation that counts and of those just before and after it; ``nan`` where
            nobody knows. The epoch was chosen by the same rows, so that ``error`` is too low by about the difference.
        curve: (age, error) of its validations, oldest first.
    """

    number: int
    values: Mapping[str, Any]
    error: float
    cost: float = 0.0
    age: int = 0
    phase: str = "wide"
    diverged: bool = False
    halted: bool = False
    standard_error: float = float("nan")
    seed: int = 0
    loss: float = float("nan")
    near_error: float = float("nan")
    curve: tuple[tuple[int, float], ...] = field(default=(), repr=False)
