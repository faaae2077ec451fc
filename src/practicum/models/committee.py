"""A committee: nets that differ by their seed; the mean of their outputs predicts [3.2-37]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from practicum.data.dataset import Dataset
from practicum.models.mlp import MLP
from practicum.models.output import OUTPUT_UNITS

CHUNK = 4096


def member_predictions(members: Sequence[MLP], data: Dataset) -> npt.NDArray[np.float64]:
    """Return what each member predicts for each row.

    Args:
        members: nets of one task.
        data: prepared rows.

    Returns:
        Probabilities (classes: all of them, or of class 1 alone when binary) or standardised values,
        shape (members, N, O).
    """
    unit = OUTPUT_UNITS[members[0].network.task]
    with torch.no_grad():
        each = [_in_chunks(member, data, unit.predict) for member in members]
    return torch.stack(each).double().numpy()


def committee_prediction(predictions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean of the members' predictions, shape (N, O).

    A member whose prediction is not finite in some row has no vote there, unless none has.

    Args:
        predictions: of each member, shape (members, N, O).

    Source:
        Bengio 2012, 3.2-37.

    Example:
        >>> committee_prediction(np.array([[[0.2]], [[0.4]]])).round(3)
        array([[0.3]])
    """
    finite = np.isfinite(predictions)
    votes = finite.sum(0)
    total = np.where(finite, predictions, 0.0).sum(0)
    return np.where(votes > 0, total / np.maximum(votes, 1), np.nan)


def _in_chunks(member: MLP, data: Dataset, predict: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    pieces = []
    for start in range(0, len(data), CHUNK):
        logits = member(data.x[start : start + CHUNK], data.codes[start : start + CHUNK])
        pieces.append(predict(logits, torch.empty_like(logits)))
    return torch.cat(pieces) if pieces else torch.empty(0, member.network.num_outputs)
