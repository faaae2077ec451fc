"""Can the model learn a few rows by heart? Where it cannot, no training on more rows will help.

L-BFGS on all of the rows leaves rates and minibatches out of the question. With more hidden units than rows even random
labels are learned; else the network is too narrow, frozen in part, or its gradient is wrong.
Source: Bengio 2012, 4.1-06.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.criterion import Criterion, Loss, rows_of, taken
from practicum.checks.derivatives import compare
from practicum.checks.descent import minimise, without_dropout
from practicum.checks.differences import EPSILON
from practicum.checks.doubles import same_draws
from practicum.checks.free_outputs import groups_of, indistinct_rows, lowest_loss
from practicum.core.errors import ConfigError
from practicum.core.finding import Finding

NUM_ROWS = 50
"""Rows that are to be learned."""

LEARNED = 0.01
"""Part of the best constant prediction's loss, above the least possible one, below which rows are learned."""

RULE = "few-rows"


@dataclass(frozen=True, slots=True)
class FewRows:
    """How well a few rows were learned by heart.

    Attributes:
        num_rows: rows that were taken.
        first: loss before.
        last: lowest loss that was reached.
        constant: loss of the best constant prediction; None where it cannot be told.
        floor: loss that remains whatever the network; None where it cannot be told.
        indistinct: rows that cannot be told apart though their targets differ.
        misclassified: share of rows at the end; None where targets are no classes.
        learned: whether what could be learned was.
        causes: of a failure, keys of faults and probabilities, likeliest first; empty where it was learned.
    """

    num_rows: int
    first: float
    last: float
    constant: float | None
    floor: float | None
    indistinct: int
    misclassified: float | None
    learned: bool
    causes: tuple[tuple[str, float], ...] = ()

    @property
    def text(self) -> str:
        """One sentence, or two."""
        verb = "learns" if self.learned else "does not learn"
        text = f"The model {verb} {self.num_rows} rows by heart: loss {self.first:.4g} before, {self.last:.4g} after"
        if self.constant is not None:
            text += f", {self.constant:.4g} for the best constant"
        if self.misclassified is not None:
            text += f"; {self.misclassified:.1%} misclassified"
        text += " [4.1-06]."
        if self.indistinct:
            remains = "" if self.floor is None else f", so a loss of {self.floor:.4g} at least remains"
            text += f" {self.indistinct} rows cannot be told apart though their targets differ{remains}."
        return text

    @property
    def finding(self) -> Finding | None:
        """What is wrong, None where the rows were learned."""
        if self.learned:
            return None
        return Finding(RULE, "warning", self.causes, self.text, ADVICE[self.causes[0][0]], "4.1-06")


ADVICE = {
    "A15": "Check the gradient: it does not agree with finite differences.",
    "A10": "Connect the parameters that no gradient reaches.",
    "A12": "Unfreeze the parameters that require no gradient, or widen what is trained.",
    "A9": "Widen the hidden layers: they should be larger than needed, and then regularised.",
}
"""By the likeliest cause."""


def learn_few_rows(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    *,
    num_rows: int = NUM_ROWS,
    max_iterations: int = 500,
    seed: int = 0,
) -> FewRows:
    """Train a copy of a model on a few rows with L-BFGS, in double precision, and tell whether it learns them.

    Args:
        model: its weights are the start.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes, rows along the first axis: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        num_rows: rows that are drawn, all where there are fewer.
        max_iterations: evaluations of loss and gradient.
        seed: of the rows that are drawn, and of what the model draws itself.

    Raises:
        ConfigError: if ``num_rows`` or ``max_iterations`` is not positive, or the loss is no finite scalar with a
            gradient.

    Source:
        Bengio 2012, 4.1-06; the limit is ours.

    Example:
        >>> _ = torch.manual_seed(0)
        >>> x, y = torch.randn(9, 3), torch.randint(0, 2, (9,))
        >>> model = nn.Sequential(nn.Linear(3, 20), nn.Tanh(), nn.Linear(20, 2))
        >>> learn_few_rows(model, nn.functional.cross_entropy, x, y).learned
        True
    """
    if num_rows < 1 or max_iterations < 1:
        raise ConfigError(
            f"`num_rows` and `max_iterations` must be at least 1, but got num_rows={num_rows}, "
            f"max_iterations={max_iterations}. Leave them out for the usual ones.",
            num_rows=num_rows,
            max_iterations=max_iterations,
        )
    criterion = _drawn(model, loss, inputs, targets, num_rows, seed)
    # Dropout would have the rows learned by many networks at once, which is not the question, and L-BFGS needs the same
    # criterion each time. Statistics of the batch are part of the function that is trained, so they stay.
    without_dropout(criterion.model)
    rows, first = criterion.num_rows, criterion.number()
    output = _output(criterion)
    constant = lowest_loss(loss, output, criterion.targets, [0] * rows)
    floor = lowest_loss(loss, output, criterion.targets, groups_of(criterion.arguments, rows))
    last = minimise(criterion.value, list(criterion.parameters.values()), max_iterations)
    least = 0.0 if floor is None else floor
    learned = last - least <= LEARNED * max((first if constant is None else constant) - least, 0.0) + 1e-9
    return FewRows(
        rows,
        first,
        last,
        constant,
        floor,
        indistinct_rows(criterion.arguments, criterion.targets, rows),
        _misclassified(criterion),
        learned,
        () if learned else _causes(criterion),
    )


def _drawn(model: nn.Module, loss: Loss, inputs: Any, targets: Any, num_rows: int, seed: int) -> Criterion:
    """Return the criterion of some rows, drawn at random."""
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    of = rows_of(arguments)
    rows = (
        torch.randperm(of, generator=torch.Generator().manual_seed(seed))[:num_rows]
        if of > num_rows
        else None
    )
    some = (taken(one, rows, of) for one in (arguments, targets))
    return Criterion(model, loss, *some, seed=seed)


def _output(criterion: Criterion) -> Any:
    """Return what the model gives, without a gradient."""
    with torch.no_grad(), same_draws(criterion.seed):
        return criterion.output()


def _misclassified(criterion: Criterion) -> float | None:
    """Return the share of rows whose largest output is not the target's, None where targets are no classes."""
    output, targets = _output(criterion), criterion.targets
    if not isinstance(output, Tensor) or not isinstance(targets, Tensor):
        return None
    if (
        output.ndim != 2
        or output.shape[1] < 2
        or targets.is_floating_point()
        or targets.shape != output.shape[:1]
    ):
        return None
    return float((output.argmax(1) != targets).double().mean())


def _causes(criterion: Criterion) -> tuple[tuple[str, float], ...]:
    """Return what may be at fault where rows were not learned, likeliest first; shares by reasoning, not measured.

    A derivative that is wrong at the end has as good as told it. Parameters without any gradient, or frozen, may
    do no harm, so that the network may still be too narrow. Where nothing else shows, that is likeliest by far; the
    rest is a start from which no way leads down, for which the guide has no single key.
    """
    given = criterion.parameters
    chooser = torch.Generator().manual_seed(criterion.seed)
    wrong = {one.name for one in compare(criterion.value, given, EPSILON, 2, chooser) if one.wrong}
    gradients = torch.autograd.grad(criterion.value(), list(given.values()), allow_unused=True)
    unreached = {name for name, one in zip(given, gradients, strict=True) if one is None}
    if wrong - unreached:
        return (("A15", 0.9), ("A9", 0.05))
    if wrong:  # the loss depends on them, but no gradient reaches them: they are cut off
        return (("A10", 0.9), ("A9", 0.05))
    if unreached:
        return (("A10", 0.5), ("A9", 0.4))
    if any(not one.requires_grad for one in criterion.model.parameters()):
        return (("A12", 0.6), ("A9", 0.3))
    return (("A9", 0.7), ("A15", 0.05))
