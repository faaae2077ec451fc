"""Does the loss fit the outputs and the targets? Exact tests on numbers, on one batch.

Source: Bengio 2012, 3.2-26; faults L1, L2, L5, L6 and L7.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.loss_kind import CANNOT, ELEMENTWISE, Loss, LossKind, computed, loss_kind, value_of
from practicum.core.finding import Finding, Severity

ROWS_SUM_TO_ONE = 1e-3
"""How far from 1 the sum of a row of probabilities may be [L1]."""

DOUBLED = 1e-3
"""How far from 2 the ratio of losses may be when all rows come twice, to be called a sum [L5]."""

MAX_CLASSES = 20
"""So many different whole numbers may be classes; more are rather counts [L2]."""

_SHIFT = 1.5
_SAME = 1e-5


def check_loss_fit(loss: Loss, output: Tensor, targets: Any, unit: str | None = None) -> tuple[Finding, ...]:
    """Return what does not fit between a model's output, a loss and the targets.

    Args:
        loss: of ``output`` and ``targets``, a scalar.
        output: of the model on one batch, the first axis the examples'.
        targets: as the loss takes them.
        unit: name of the operation that made the output, where known.

    Source:
        Bengio 2012, 3.2-26; faults L1, L2, L5, L6, L7.

    Example:
        >>> rows = torch.tensor([[0.9, 0.1], [0.3, 0.7]])
        >>> found = check_loss_fit(torch.nn.CrossEntropyLoss(), rows, torch.tensor([0, 1]))
        >>> [(one.causes[0][0], one.severity) for one in found]
        [('L1', 'critical')]
    """
    kind = loss_kind(loss, output, targets)
    misfit = _range_misfit(kind, loss, output, targets)
    if misfit is not None:
        return (misfit,)
    try:
        value = computed(loss, output, targets)
    except CANNOT as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        advice = "Look up what the loss takes: shapes, type and range of output and targets."
        return (_finding("critical", "L2", f"The loss cannot be computed: {told.rstrip('.')}.", advice),)
    found = (
        _normalised_twice(kind, loss, value, output, targets, unit),
        _log_of_no_probability(kind, value, output),
        _broadcast(kind, loss, value, output, targets),
        _classes_as_numbers(kind, targets),
        _sum(loss, value, output, targets),
    )
    return tuple(one for one in found if one is not None)


def are_probabilities(output: Tensor) -> bool:
    """Return whether all entries are ≥ 0 and each row sums to 1, along the axis of classes.

    Example:
        >>> are_probabilities(torch.tensor([[0.2, 0.8]])), are_probabilities(torch.tensor([[0.2, 0.7]]))
        (True, False)
    """
    if output.dim() < 2 or output.shape[1] < 2:
        return False
    sums = output.sum(1)
    return bool((output >= 0).all()) and bool(((sums - 1).abs() <= ROWS_SUM_TO_ONE).all())


def _range_misfit(kind: LossKind | None, loss: Loss, output: Tensor, targets: Any) -> Finding | None:
    """Return fault L2 where outputs or targets are not of the loss's range."""
    if not isinstance(targets, Tensor) or not targets.numel() or not output.numel():
        return None
    misfit = _declared_misfit(loss, targets)
    if kind in ("binary", "binary-logits"):
        misfit = _binary_misfit(kind, output, targets)
    elif kind in ("cross-entropy", "nll") and output.dim() > 1:
        misfit = _class_misfit(kind, _ignored(loss), output, targets)
    return None if misfit is None else _finding("critical", "L2", *misfit)


def _declared_misfit(loss: Loss, targets: Tensor) -> tuple[str, str] | None:
    """Return what is wrong, and what to do, where a loss of signs or of counts is given something else."""
    low, high = float(targets.min()), float(targets.max())
    if isinstance(loss, nn.HingeEmbeddingLoss | nn.SoftMarginLoss) and not bool((targets.abs() == 1).all()):
        return (
            f"Targets lie in [{low:g}, {high:g}], but {type(loss).__name__} takes -1 and 1.",
            "Use binary cross-entropy for 0 and 1.",
        )
    if isinstance(loss, nn.PoissonNLLLoss) and low < 0:
        return (
            f"Targets go down to {low:.3g}, but PoissonNLLLoss takes counts: of others it has no lowest value.",
            "Use squared error for numbers that are no counts.",
        )
    return None


def _ignored(loss: Loss) -> int:
    """Return the number of the class that is left out, as a loss has it or as it was given by `partial`."""
    if isinstance(loss, functools.partial):
        return int(loss.keywords.get("ignore_index", -100))
    return int(getattr(loss, "ignore_index", -100))


def _binary_misfit(kind: LossKind, output: Tensor, targets: Tensor) -> tuple[str, str] | None:
    """Return what is wrong, and what to do, where a probability is not in [0, 1]."""
    low, high = float(targets.min()), float(targets.max())
    if low < 0 or high > 1:
        return (
            f"Targets lie in [{low:g}, {high:g}], but binary cross-entropy takes probabilities.",
            "Code the classes as 0 and 1, or use squared error for numbers.",
        )
    low, high = float(output.min()), float(output.max())
    if kind == "binary" and (low < 0 or high > 1):
        return (
            f"Outputs lie in [{low:.3g}, {high:.3g}], but this loss takes the log of probabilities.",
            "Use BCEWithLogitsLoss, which takes outputs without a sigmoid.",
        )
    return None


def _class_misfit(kind: LossKind, ignored: int, output: Tensor, targets: Tensor) -> tuple[str, str] | None:
    """Return what is wrong, and what to do, where classes and outputs do not match."""
    num_classes = output.shape[1]
    if kind == "cross-entropy" and num_classes == 1:
        return (
            "The softmax is over one output, so that the loss is 0 whatever the model does.",
            "Give the model one output per class, or use BCEWithLogitsLoss for two classes.",
        )
    known = targets[targets != ignored]
    if targets.is_floating_point() or not known.numel():
        return None
    low, high = int(known.min()), int(known.max())
    if low < 0 or high >= num_classes:
        return (
            f"Targets lie in [{low}, {high}], but there are {num_classes} outputs.",
            "Number the classes from 0 and give the model one output per class.",
        )
    return None


def _normalised_twice(
    kind: LossKind | None, loss: Loss, value: float, output: Tensor, targets: Any, unit: str | None
) -> Finding | None:
    """Return fault L1 where a loss of logits is given probabilities."""
    advice = "Return the logits; the loss takes the softmax or the sigmoid itself."
    if kind == "binary-logits" and unit in ("Sigmoid", "Softmax"):
        seen = f"The outputs went through a {unit.lower()}, and the loss takes another sigmoid of them."
        return _finding("critical", "L1", seen, advice)
    if not are_probabilities(output):
        return None
    shifted = value_of(loss, output + _SHIFT, targets) if kind is None else None
    takes_logits = kind in ("cross-entropy", "binary-logits") or (
        shifted is not None and _close(shifted, value)
    )
    if not takes_logits:
        return None
    classes = output.shape[1]
    floor = (
        f"; it cannot fall below {math.log1p((classes - 1) / math.e):.3g} so"
        if kind == "cross-entropy"
        else ""
    )
    return _finding(
        "critical", "L1", f"Each row of outputs sums to 1, but the loss takes logits{floor}.", advice
    )


def _log_of_no_probability(kind: LossKind | None, value: float, output: Tensor) -> Finding | None:
    """Return fault L6 where the loss is no −log of a probability."""
    if not math.isfinite(value):
        return _finding(
            "critical",
            "L6",
            f"The loss is {value}.",
            "Look for NaN in inputs and targets, and for the log of 0 or of a negative number.",
        )
    probabilities = are_probabilities(output)
    if kind == "nll" and output.dim() > 1:
        if float(output.logsumexp(1).abs().max()) <= ROWS_SUM_TO_ONE:
            return None
        given = "probabilities" if probabilities else "numbers that are no log of probabilities"
        seen = f"NLLLoss takes logs of probabilities but is given {given}; the loss is {value:.3g} and has no floor."
        advice = "End the model with LogSoftmax, or use CrossEntropyLoss on its logits."
        return _finding("critical", "L6", seen, advice)
    if kind is None and value < 0 and probabilities:
        seen = f"The outputs are probabilities and the loss is negative, {value:.3g}."
        return _finding("warning", "L6", seen, "Take minus the log of the probability of the target.")
    return None


def _broadcast(
    kind: LossKind | None, loss: Loss, value: float, output: Tensor, targets: Any
) -> Finding | None:
    """Return fault L7 where each output is compared with the targets of other examples."""
    if not isinstance(targets, Tensor) or output.shape == targets.shape:
        return None
    together = _stretched(output.shape, targets.shape)
    if together is None:
        return None
    if math.prod(together) <= max(output.numel(), targets.numel()):
        return None
    if kind not in ELEMENTWISE:
        if kind is not None or output.numel() != targets.numel():
            return None
        fitting = value_of(loss, output, targets.reshape(output.shape))
        same = value_of(loss, output.reshape(targets.shape), targets)
        if fitting is None or same is None or not _close(fitting, same) or _close(fitting, value):
            return None
    return _finding(
        "critical",
        "L7",
        f"Outputs of shape {tuple(output.shape)} and targets of shape {tuple(targets.shape)} are stretched to "
        f"{together}: each output is compared with the targets of all examples.",
        "Give both the same shape: `squeeze` the outputs or `unsqueeze` the targets.",
    )


def _classes_as_numbers(kind: LossKind | None, targets: Any) -> Finding | None:
    """Return fault L2 where whole numbers that look like classes meet a loss of distances."""
    if kind not in ("squared", "absolute", "huber") or not isinstance(targets, Tensor):
        return None
    if targets.is_floating_point() or targets.is_complex() or targets.numel() < 8:
        return None
    values: Tensor = torch.unique(targets)
    if not 2 <= len(values) <= MAX_CLASSES or int(values[0]) != 0 or 2 * len(values) > targets.numel():
        return None
    return _finding(
        "warning",
        "L2",
        f"Targets are {len(values)} different whole numbers from 0, as of classes, but the loss is of distances.",
        "Use cross-entropy for classes; for true quantities, make the targets floating.",
        0.6,
    )


def _sum(loss: Loss, value: float, output: Tensor, targets: Any) -> Finding | None:
    """Return fault L5 where the loss adds up the examples."""
    if not isinstance(targets, Tensor) or not output.dim() or not targets.dim():
        return None
    if output.shape[0] != targets.shape[0] or not math.isfinite(value) or abs(value) < _SAME:
        return None
    twice = value_of(loss, torch.cat([output, output]), torch.cat([targets, targets]))
    if twice is None or abs(twice / value - 2) > DOUBLED:
        return None
    return _finding(
        "warning",
        "L5",
        f"With every example twice the loss doubles, from {value:.3g} to {twice:.3g}: it is a sum.",
        "Take the mean, or the learning rate that fits changes with the batch size.",
        0.95,
    )


def _stretched(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...] | None:
    """Return the shape to which two are broadcast together; None where they are not."""
    longest = max(len(first), len(second))
    pairs = list(
        zip(
            (1,) * (longest - len(first)) + tuple(first),
            (1,) * (longest - len(second)) + tuple(second),
            strict=True,
        )
    )
    return (
        tuple(max(pair) for pair in pairs) if all(1 in pair or pair[0] == pair[1] for pair in pairs) else None
    )


def _close(first: float, second: float) -> bool:
    """Return whether two losses are the same but for single precision."""
    return abs(first - second) <= _SAME * (1 + abs(second))


def _finding(severity: Severity, fault: str, seen: str, advice: str, probability: float = 0.9) -> Finding:
    """Return a finding with one cause."""
    return Finding("loss-fit", severity, ((fault, probability),), seen, advice, f"3.2-26, fault-{fault}")
