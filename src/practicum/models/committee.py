"""A committee: nets that differ by their seed; the mean of their outputs predicts [3.2-37]."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from practicum.data.dataset import Dataset
from practicum.models.mlp import MLP
from practicum.models.output import OUTPUT_UNITS


def member_predictions(members: Sequence[MLP], data: Dataset) -> npt.NDArray[np.float64]:
    """Return what each member predicts for each row, all rows at once.

    Args:
        members: nets of one task.
        data: prepared rows, few enough for the memory.

    Returns:
        Probabilities (classes: all of them, or of class 1 alone when binary) or standardised values,
        shape (members, N, O).
    """
    unit = OUTPUT_UNITS[members[0].network.task]
    with torch.no_grad():
        logits = torch.stack([member(data.x, data.codes) for member in members])
        each = [unit.predict(one, torch.empty_like(one)) for one in logits]
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
