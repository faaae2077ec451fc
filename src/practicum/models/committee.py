"""A committee: nets that differ by seed, recipe or rows; the mean of their outputs predicts [3.2-37]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch

from practicum.data.dataset import Dataset
from practicum.models.mlp import MLP
from practicum.models.output import OUTPUT_UNITS

Array = npt.NDArray[np.float64]


def member_prediction(member: MLP, data: Dataset) -> Array:
    """Return what one member predicts for each row, all rows at once.

    Args:
        member: a net.
        data: prepared rows, few enough for the memory.

    Returns:
        Probabilities (classes: all of them, or of class 1 alone when binary) or standardised values, shape (N, O).
    """
    unit = OUTPUT_UNITS[member.network.task]
    with torch.no_grad():
        logits = member(data.x, data.codes)
        return unit.predict(logits, torch.empty_like(logits)).double().numpy()


def committee_prediction(predictions: Array, votes: Sequence[int] | None = None) -> Array:
    """Return the mean of the members' predictions, shape (N, O).

    A member whose prediction is not finite in some row has no vote there, unless none has.

    Args:
        predictions: of each member, shape (members, N, O).
        votes: how often each member counts; once without it.

    Source:
        Bengio 2012, 3.2-37.

    Example:
        >>> committee_prediction(np.array([[[0.2]], [[0.4]]])).round(3)
        array([[0.3]])
    """
    finite = np.isfinite(predictions)
    weight = np.ones(len(predictions)) if votes is None else np.asarray(votes, dtype=np.float64)
    weights = finite * weight[:, None, None]
    count = weights.sum(0)
    total = (np.where(finite, predictions, 0.0) * weight[:, None, None]).sum(0)
    return np.where(count > 0, total / np.where(count > 0, count, 1.0), np.nan)


def greedy_votes(
    predictions: Array, error: Callable[[Array], float], num_rounds: int, tolerance: float = 0.0
) -> tuple[int, ...]:
    """Return how often each candidate votes: greedy selection with replacement, on validation rows.

    Starts from the candidate of the lowest error and adds, round by round, the one whose vote lowers the committee's
    error most; the round of the lowest error counts (of equal ones the largest committee: an average of more is
    steadier). Deterministic: between equal candidates the first is taken.

    Args:
        predictions: of each candidate on the validation rows, shape (candidates, N, O).
        error: of a prediction, shape (N, O) → a number to minimise.
        num_rounds: most votes in all, ≥ 1.
        tolerance: a larger committee is kept while its error is within this of the lowest.

    Returns:
        Votes of each candidate, in their order; at least one is above 0.

    Source:
        Bengio 2012, 3.2-37 (model averaging). Caruana et al. 2004, *Ensemble selection from libraries of models*.

    Example:
        >>> target = np.array([[0.0], [1.0]])
        >>> candidates = np.array([[[0.4], [1.0]], [[-0.4], [1.0]], [[3.0], [3.0]]])
        >>> greedy_votes(candidates, lambda p: float(((p - target) ** 2).mean()), num_rounds=2)
        (1, 1, 0)
    """
    usable = [k for k, one in enumerate(predictions) if np.isfinite(one).all()] or [0]
    total = np.zeros_like(predictions[0])
    chosen: list[int] = []
    reached: list[float] = []
    for size in range(1, num_rounds + 1):
        found = [error((total + predictions[k]) / size) for k in usable]
        errors = np.nan_to_num(found, nan=np.inf)  # a nan would count as the least
        best = int(np.argmin(errors))
        chosen.append(usable[best])
        reached.append(float(errors[best]))
        total = total + predictions[usable[best]]
    bar = min(reached) + tolerance
    size = max(k for k, value in enumerate(reached) if value <= bar) + 1
    return tuple(chosen[:size].count(k) for k in range(len(predictions)))
