"""Linear probes on features, and how alike two sets of features are.

Source: Bengio 2012, 4.2-12; linear CKA is of Kornblith et al. 2019.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from practicum.core.metrics import Task

RIDGE = 1e-3
"""Penalty of a probe, of the mean square of its inputs."""


def probed(task: Task, inputs: Tensor, target: Tensor, new: Tensor) -> npt.NDArray[np.float64]:
    """Return what a linear probe, ridge regression on standardised features, predicts for new rows, (N, O).

    Args:
        task: what the target is; of classes the nearest is predicted, as 0 and 1.
        inputs: features of the rows to learn from, (M, H).
        target: theirs, (M, O).
        new: features of the rows to predict, (N, H).

    Source:
        Bengio 2012, 4.2-12 (Montavon's analysis of layers).

    Example:
        >>> x = torch.tensor([[-1.0], [1.0]]).repeat(8, 1)
        >>> probed("regression", x, 3 * x, torch.tensor([[0.5]])).round(1)
        array([[1.5]])
    """
    x, y, z = inputs.double(), target.double(), new.double()
    mean, deviation = x.mean(0), x.std(0)
    scale = torch.where(deviation > 0, deviation, torch.ones_like(deviation))
    x, z = (x - mean) / scale, (z - mean) / scale
    middle = y.mean(0)
    penalty = RIDGE * len(x)
    if x.shape[1] <= len(x):
        gram = x.T @ x + penalty * torch.eye(x.shape[1], dtype=x.dtype)
        found = z @ torch.linalg.solve(gram, x.T @ (y - middle)) + middle
    else:
        gram = x @ x.T + penalty * torch.eye(len(x), dtype=x.dtype)
        found = z @ (x.T @ torch.linalg.solve(gram, y - middle)) + middle
    if task == "multiclass":
        found = torch.nn.functional.one_hot(found.argmax(1), y.shape[1]).double()
    elif task == "binary":
        found = (found > 0.5).double()
    return np.asarray(found.numpy(), dtype=np.float64)


def similarity(first: Tensor, second: Tensor) -> float:
    """Return linear CKA of two sets of features of the same rows, between 0 and 1; 1 where both are constant.

    Example:
        >>> x = torch.tensor([[0.0, 1.0], [2.0, 0.0], [1.0, 4.0]])
        >>> round(similarity(x, 3 * x[:, [1, 0]] + 5), 6)
        1.0
    """
    x, y = (one.double() - one.double().mean(0) for one in (first, second))
    norms = float((x.T @ x).norm() * (y.T @ y).norm())
    return float((y.T @ x).square().sum()) / norms if norms > 0.0 else float(not (x.any() or y.any()))
