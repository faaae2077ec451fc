"""The validation error of K trials in the measure that was chosen, all trials at once.

:mod:`practicum.core.measuring` says what each measure is, row by row and for one trial; here the same numbers come from
what an evaluation has anyway: the loss, the rows' errors and, for some, the logits. Everything counts or is exact in
float64, so no trial's bits depend on its neighbours. Each trial may have targets of its own (folds).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from practicum.core.estimates.ranks import misplaced_pairs
from practicum.core.events import Floats

UNDEFINED = 0.5
"""1 − AUC where all rows are of one class: no trial is better than another, and the loss decides."""

BY_TARGET = ("balanced_error", "f1", "auc")


class Measured:
    """The rows of an evaluation, and their error.

    Args:
        metric: a name of :data:`practicum.core.measures.NAMES` that fits the task.
        task: "binary", "multiclass" or "regression".
        shape: trials, outputs and rows, (K, O, N).
        like: a tensor of the dtype and on the device of the logits.
        target_scale: one unit of the prepared target in the target's own unit, for all or for each trial, (K,).
    """

    def __init__(
        self,
        metric: str,
        task: str,
        shape: tuple[int, int, int],
        like: Tensor,
        target_scale: float | Floats = 1.0,
    ) -> None:
        self._metric, self._task = metric, task
        self._target_scale: Floats = np.asarray(target_scale, dtype=np.float64)
        by_target, by_logits = metric in BY_TARGET, metric == "auc" or (metric, task) == ("f1", "multiclass")
        self._target_KON = like.new_empty(shape) if by_target else None
        self._logits_KON = like.new_empty(shape) if by_logits else None

    def keep(self, start: int, end: int, logits: Tensor, target: Tensor) -> None:
        """Take in the rows from ``start`` to ``end``.

        Args:
            start: number of the first row.
            end: number of the row after the last.
            logits: (K, O, end − start) or longer; what is beyond is left over.
            target: of the same rows, as the logits.
        """
        for kept, given in ((self._target_KON, target), (self._logits_KON, logits)):
            if kept is not None:
                kept[:, :, start:end] = given[:, :, : end - start]

    def error(self, loss_K: Floats, error_KN: Tensor, deviation: float | Floats) -> Floats:
        """Return the error of each trial, (K,), the less the better.

        Args:
            loss_K: mean loss, (K,).
            error_KN: 1.0 where misclassified, or the squared error, (K, N).
            deviation: standard deviation of the prepared targets, of all or of each trial, (K,).
        """
        if self._metric == "log_loss":
            return loss_K
        if self._target_KON is not None:
            return self._by_target(error_KN, self._target_KON)
        if self._metric == "mae":
            off_K: Floats = _numpy(error_KN.sqrt().mean(1, dtype=torch.float64)) * self._target_scale
            return off_K
        mean_K = _numpy(error_KN.mean(1, dtype=torch.float64))
        if self._task != "regression":
            return mean_K
        root_K: Floats = np.sqrt(mean_K)
        if self._metric == "rmse":
            root_K *= self._target_scale
        else:
            root_K /= deviation
        return root_K

    def _by_target(self, error_KN: Tensor, target_KON: Tensor) -> Floats:
        if self._metric == "auc":
            assert self._logits_KON is not None
            return _auc_errors(self._logits_KON, target_KON)
        if self._metric == "f1" and self._logits_KON is not None:
            return _macro_f1_errors(self._logits_KON, target_KON)
        if self._metric == "f1":
            return _f1_error(error_KN, target_KON[:, 0])
        binary = self._task == "binary"
        return _balanced_errors(
            error_KN, torch.cat([1.0 - target_KON, target_KON], 1) if binary else target_KON
        )


def _balanced_errors(error_KN: Tensor, target_KON: Tensor) -> Floats:
    sizes_KO = target_KON.sum(2, dtype=torch.float64)
    wrong_KO = (error_KN[:, None] * target_KON).sum(2, dtype=torch.float64)
    present_KO = sizes_KO > 0
    return _numpy((wrong_KO / sizes_KO.clamp_min(1)).sum(1) / present_KO.sum(1))


def _f1_error(error_KN: Tensor, target_KN: Tensor) -> Floats:
    """Return 1 − F1 of class 1 of two; a row given the wrong class is given the other."""
    missed_K = (error_KN * target_KN).sum(1, dtype=torch.float64)
    false_K = (error_KN * (1.0 - target_KN)).sum(1, dtype=torch.float64)
    right_K = target_KN.sum(1, dtype=torch.float64) - missed_K
    return _numpy(1.0 - 2.0 * right_K / (2.0 * right_K + missed_K + false_K).clamp_min(1))


def _macro_f1_errors(logits_KON: Tensor, target_KON: Tensor) -> Floats:
    """Return 1 − the mean F1 of the classes present or predicted; a tie predicts no class."""
    named_KON = logits_KON >= logits_KON.amax(1, keepdim=True)
    named_KON &= named_KON.sum(1, keepdim=True) == 1
    is_KON = target_KON > 0.5
    both_KO = (is_KON.sum(2) + named_KON.sum(2)).double()
    f1_KO = 2.0 * (is_KON & named_KON).sum(2).double() / both_KO.clamp_min(1)
    return _numpy(1.0 - f1_KO.sum(1) / (both_KO > 0).sum(1))


def _auc_errors(logits_KON: Tensor, target_KON: Tensor) -> Floats:
    """Return 1 − AUC, of several classes the mean over those present, each against the rest.

    By NumPy, one trial and class after the other: it sorts so much faster that 20 times less time is lost.
    """
    if logits_KON.shape[1] > 1:  # only their order counts, so log probabilities do
        logits_KON = logits_KON - torch.logsumexp(logits_KON, 1, keepdim=True)
    each = zip(logits_KON.cpu().numpy(), (target_KON > 0.5).cpu().numpy(), strict=True)
    return np.array([_auc_error(score_ON, is_ON) for score_ON, is_ON in each])


def _auc_error(score_ON: npt.NDArray[np.floating], is_ON: npt.NDArray[np.bool_]) -> float:
    found = []
    for score_N, is_N in zip(score_ON, is_ON, strict=True):
        inside, outside = score_N[is_N], score_N[~is_N]
        if len(inside) and len(outside):
            found.append(misplaced_pairs(inside, outside) / (len(inside) * len(outside)))
    return sum(found) / len(found) if found else UNDEFINED


def _numpy(values_K: Tensor) -> Floats:
    found_K: Floats = values_K.double().cpu().numpy()
    return found_K
