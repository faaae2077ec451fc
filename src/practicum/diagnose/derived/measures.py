"""The errors that might be meant by one that a loop reports: of outputs and targets, by name."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from practicum.diagnose.derived.judged import Judged, judged
from practicum.diagnose.derived.outputs import Outputs

LARGEST_K = 10
"""Largest k of a top-k error that is thought of."""


def class_errors(outputs: Tensor, targets: Tensor) -> tuple[Judged, Mapping[str, float]] | None:
    """Return rows as judged, and their errors by measure; None where targets are no classes.

    Example:
        >>> found = class_errors(torch.tensor([[2.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 1]))
        >>> found[1]["error"], found[1]["balanced error"]
        (0.5, 0.5)
    """
    rows = judged(Outputs(outputs.float(), targets, None, None))
    if rows is None:
        return None
    wrong, labels, num = rows.wrong, rows.labels, rows.probabilities.shape[1]
    guess = rows.probabilities.argmax(1)
    truth = torch.nn.functional.one_hot(labels, num).double()
    chosen = torch.nn.functional.one_hot(guess, num).double()
    hits, counts, guesses = (truth * chosen).sum(0), truth.sum(0), chosen.sum(0)
    there = counts > 0
    recall = hits / counts.clamp(min=1)
    f1 = 2 * hits / (counts + guesses).clamp(min=1)
    precision = hits / guesses.clamp(min=1)
    own = rows.probabilities.gather(1, labels[:, None])[:, 0].double()
    told = {
        "error": float(wrong.double().mean()),
        "balanced error": 1 - float(recall[there].mean()),
        "1 - macro F1": 1 - float(f1[there].mean()),
        "1 - macro F1 of all classes": 1 - float(f1.mean()),
        "1 - weighted F1": 1 - float((f1 * counts).sum() / counts.sum()),
        "1 - macro precision": 1 - float(precision[there].mean()),
        "loss": float(-own.clamp(min=1e-12).log().mean()),
        "Brier score": float((rows.probabilities.double() - truth).square().sum(1).mean()),
    }
    told["half the Brier score"] = told["Brier score"] / 2
    for one in range(num if num <= LARGEST_K else 0):
        told |= {f"1 - F1 of {one}": 1 - float(f1[one]), f"1 - recall of {one}": 1 - float(recall[one])}
        told[f"1 - precision of {one}"] = 1 - float(precision[one])
    if outputs.numel() == len(targets):  # one output a row may be a logit or a probability
        for border in (0.0, 0.5):
            above = (outputs.reshape(-1) > border).long()
            told[f"error above {border:g}"] = float((above != targets.reshape(-1)).double().mean())
    if num == 2:
        told["1 - AUC"] = 1 - _area(rows.probabilities[:, 1], labels)
    for k in range(2, min(num, LARGEST_K + 1)):
        top = rows.probabilities.topk(k, 1).indices
        told[f"top-{k} error"] = 1 - float((top == labels[:, None]).any(1).double().mean())
    return rows, told


def number_errors(outputs: Tensor, targets: Tensor) -> Mapping[str, float] | None:
    """Return errors of numbers by measure; None where outputs and targets do not have as many.

    Example:
        >>> number_errors(torch.tensor([1.0, 3.0]), torch.tensor([1.0, 1.0]))["mean square"]
        2.0
    """
    if not targets.is_floating_point() or outputs.numel() != targets.numel():
        return None
    guess, truth = outputs.double().reshape(-1), targets.double().reshape(-1)
    gap = (guess - truth).abs()
    square, variance = float(gap.square().mean()), float(truth.var(correction=0))
    told = {
        "mean square": square,
        "root mean square": square**0.5,
        "mean absolute": float(gap.mean()),
        "median absolute": float(gap.median()),
        "largest": float(gap.max()),
        "relative": float((gap / truth.abs().clamp(min=1e-12)).mean()),
        "symmetric relative": float((2 * gap / (truth.abs() + guess.abs()).clamp(min=1e-12)).mean()),
    }
    if variance > 0:
        told |= {"1 - R²": square / variance, "root of 1 - R²": (square / variance) ** 0.5}
        told["1 - correlation"] = 1 - float(torch.corrcoef(torch.stack([guess, truth]))[0, 1])
    return told


def _area(score: Tensor, labels: Tensor) -> float:
    """Return the area under the curve; ties count half."""
    order = score.double()
    positive, negative = order[labels == 1], order[labels == 0]
    if not len(positive) or not len(negative):
        return 0.5
    above = torch.searchsorted(negative.sort().values, positive)
    at_or_above = torch.searchsorted(negative.sort().values, positive, right=True)
    return float((above + at_or_above).double().sum() / 2 / (len(positive) * len(negative)))
