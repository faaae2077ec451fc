"""Loss over the number of training rows: does training get harder, validation better, and SGD the better method?

Every size and both methods start from the same weights. L-BFGS goes over all rows for each step, SGD over a minibatch;
both may look at the same number of examples, at every size.
Source: Bengio 2012, 4.1-07.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

import torch
from torch import nn

from practicum.checks.criterion import Criterion, Loss, taken
from practicum.checks.descent import batches, descend, minimise, without_dropout
from practicum.checks.doubles import same_draws
from practicum.core.errors import ConfigError

NUM_SIZES = 5
"""Sizes that are tried, each twice the one before."""

HELPS = 0.01
"""Part of the validation loss that a doubling of the rows must gain to be worth having more of them."""

Method = Literal["SGD", "L-BFGS"]


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size, trained with one method.

    Attributes:
        size: training rows, the first ones.
        method: "SGD" or "L-BFGS".
        train: loss of these rows at the end, in the evaluation mode; ∞ or nan where training diverged.
        valid: loss of the validation rows.
    """

    size: int
    method: Method
    train: float
    valid: float


@dataclass(frozen=True, slots=True)
class SizeCurve:
    """Losses over the number of training rows.

    Attributes:
        rows: smallest size first, SGD before L-BFGS.
    """

    rows: tuple[SizeRow, ...]

    def of(self, method: Method) -> tuple[SizeRow, ...]:
        """Return the rows of one method."""
        return tuple(one for one in self.rows if one.method == method)

    @property
    def advantage(self) -> tuple[float, ...]:
        """What the validation loss of L-BFGS is above that of SGD, a number a size."""
        pairs = zip(self.of("SGD"), self.of("L-BFGS"), strict=True)
        return tuple(theirs.valid - ours.valid for ours, theirs in pairs)

    @property
    def gain(self) -> float:
        """Part of SGD's validation loss that the last doubling of the rows took away; nan where it has no meaning."""
        before, last = self.of("SGD")[-2:]
        if not (0 < before.valid < math.inf and 0 < last.valid < math.inf):
            return math.nan
        return 1 - float((last.valid / before.valid) ** (1 / math.log2(last.size / before.size)))

    @property
    def text(self) -> str:
        """Some sentences. Each size was trained once, so that small differences may be chance."""
        sgd = self.of("SGD")
        train, valid = trend([one.train for one in sgd]), trend([one.valid for one in sgd])
        usual = train in ("rises", "mostly rises") and valid in ("falls", "mostly falls")
        text = (
            f"From {sgd[0].size} to {sgd[-1].size} training rows the training loss of SGD {train} "
            f"({sgd[0].train:.4g} to {sgd[-1].train:.4g}) and its validation loss {valid} ({sgd[0].valid:.4g} to "
            f"{sgd[-1].valid:.4g}), {'as' if usual else 'not as'} it should be [4.1-07]. "
        )
        if math.isnan(self.gain):
            text += "What more rows would bring cannot be told. "
        else:
            helps = "are likely to help" if self.gain > HELPS else "promise little"
            text += f"The last doubling changed the validation loss by {-self.gain:+.1%}: more rows {helps}. "
        first, last = self.advantage[0], self.advantage[-1]
        return (
            f"{text}The advantage of SGD over L-BFGS, for as many examples, {trend(self.advantage)} ({first:.4g} to "
            f"{last:.4g}). Each size was trained once: small differences may be chance."
        )


def learning_curve(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    valid_inputs: Any,
    valid_targets: Any,
    *,
    sizes: Sequence[int] | None = None,
    learning_rate: float = 0.1,
    num_steps: int = 500,
    batch_size: int = 32,
    seed: int = 0,
) -> SizeCurve:
    """Train copies of a model on the first rows, more and more of them, with SGD and with L-BFGS.

    Args:
        model: its weights are the start of every run; copies are trained, in double precision.
        loss: of the model's output and targets, a scalar.
        inputs: what the model takes, rows along the first axis, in random order: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        valid_inputs: the same of rows that are not trained on.
        valid_targets: the same of those.
        sizes: numbers of training rows, rising; None for some up to all rows, each twice the one before.
        learning_rate: of SGD.
        num_steps: updates of SGD at every size; L-BFGS may look at as many examples.
        batch_size: rows of a minibatch.
        seed: of the minibatches and of what the model draws itself.

    Raises:
        ConfigError: if a number cannot work, or the loss is no finite scalar with a gradient.

    Source:
        Bengio 2012, 4.1-07; Bottou and Bousquet 2008.
        NOTE[DIFF]: dropout is on for SGD and off for L-BFGS, which needs the same criterion each time.

    Example:
        >>> x = torch.linspace(-1, 1, 48).reshape(16, 3)
        >>> y = x.sum(1, keepdim=True)
        >>> curve = learning_curve(nn.Linear(3, 1), nn.functional.mse_loss, x, y, x, y, sizes=(4, 16), num_steps=9)
        >>> [(one.size, one.method) for one in curve.rows]
        [(4, 'SGD'), (4, 'L-BFGS'), (16, 'SGD'), (16, 'L-BFGS')]
    """
    _check_numbers(learning_rate, num_steps, batch_size)
    whole = Criterion(model, loss, inputs, targets, seed=seed)
    valid = Criterion(model, loss, valid_inputs, valid_targets, seed=seed)
    rows: list[SizeRow] = []
    for size in _checked(sizes, whole.num_rows):
        first = torch.arange(size)
        part = [taken(one, first, whole.num_rows) for one in (whole.arguments, whole.targets)]
        for method in ("SGD", "L-BFGS"):
            criterion = Criterion(model, loss, *part, seed=seed)
            train_with(method, criterion, learning_rate, num_steps, batch_size)
            rows.append(SizeRow(size, method, _judged(criterion, criterion), _judged(criterion, valid)))
    return SizeCurve(tuple(rows))


def train_with(
    method: Method, criterion: Criterion, learning_rate: float, num_steps: int, batch_size: int
) -> None:
    """Train a criterion's copy in place with one method, on as many examples with either."""
    size = min(batch_size, criterion.num_rows)
    parameters = list(criterion.parameters.values())
    if method == "SGD":
        criterion.model.train()
        optimizer = torch.optim.SGD(parameters, lr=learning_rate)
        descend(criterion, optimizer, batches(criterion.num_rows, size, num_steps, criterion.seed))
    else:
        without_dropout(criterion.model)
        minimise(criterion.value, parameters, max(1, math.ceil(num_steps * size / criterion.num_rows)))


def trend(values: Sequence[float]) -> str:
    """Return in words how values go: by pairs, of which three in four must agree for "mostly".

    Example:
        >>> trend([1, 2, 3]), trend([1, 3, 2, 4]), trend([1, 3, 1, 2]), trend([3, 2, 1])
        ('rises', 'mostly rises', 'goes up and down', 'falls')
    """
    pairs = list(combinations(values, 2))
    for word, signs in (("rises", [b > a for a, b in pairs]), ("falls", [b < a for a, b in pairs])):
        if all(signs):
            return word
        if sum(signs) >= 0.75 * len(signs):
            return f"mostly {word}"
    return "goes up and down"


def _judged(trained: Criterion, rows: Criterion) -> float:
    """Return the loss of a trained copy on some rows, in the evaluation mode."""
    trained.model.eval()
    with torch.no_grad(), same_draws(rows.seed):
        return float(rows.loss(trained.model(*rows.arguments), rows.targets))


def _checked(sizes: Sequence[int] | None, num_rows: int) -> Iterator[int]:
    """Return the sizes, refused where they cannot be had."""
    if sizes is None:
        sizes = sorted({max(2, num_rows >> k) for k in range(NUM_SIZES)})
    rising = all(a < b for a, b in pairwise(sizes))
    if len(sizes) < 2 or not rising or sizes[0] < 1 or sizes[-1] > num_rows:
        raise ConfigError(
            f"`sizes` must be two or more rising numbers from 1 to the {num_rows} training rows, but got "
            f"sizes={list(sizes)}. Leave it out for {NUM_SIZES} sizes, each twice the one before.",
            sizes=tuple(sizes),
        )
    return iter(sizes)


def _check_numbers(learning_rate: float, num_steps: int, batch_size: int) -> None:
    """Refuse numbers with which nothing can be trained."""
    if not 0 < learning_rate < math.inf or num_steps < 1 or batch_size < 1:
        raise ConfigError(
            "`learning_rate`, `num_steps` and `batch_size` must be positive, but got "
            f"learning_rate={learning_rate:g}, num_steps={num_steps}, batch_size={batch_size}. Find a rate first "
            "(2.1-03), and leave the others out for the usual ones.",
            learning_rate=learning_rate,
            num_steps=num_steps,
            batch_size=batch_size,
        )
