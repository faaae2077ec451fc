"""What experiments on a loop of a user's own begin with, and copies of it that may be changed and trained.

Nothing of the user's is touched: the model, its buffers and the loss are copied together, the optimiser is made anew
with a copy of its state, gradients go to the copies alone, and global generators are as they were.
"""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.checks.criterion import Loss, rows_of, taken
from practicum.checks.doubles import same_draws

HELD_SHARE = 0.25
"""Part of the training rows that is held out where no validation rows are known."""


class CannotTryError(Exception):
    """Something that cannot be tried on a copy; the text says why."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of inputs and targets.

    Attributes:
        inputs: a tensor, a tuple of arguments or a mapping of named ones; the first axis is the rows'.
        targets: as the loss takes them.
    """

    inputs: Any
    targets: Any

    def __len__(self) -> int:
        """Return the number of rows."""
        given = self.inputs.values() if isinstance(self.inputs, Mapping) else self.inputs
        return rows_of((given,) if isinstance(given, Tensor) else tuple(given))

    def some(self, which: Tensor) -> Rows:
        """Return the rows of these numbers."""
        count = len(self)
        return Rows(taken(self.inputs, which, count), taken(self.targets, which, count))


@dataclass(frozen=True, slots=True)
class Subject:
    """A loop of a user's own, as far as it is known.

    Attributes:
        model: as it is now.
        optimizer: that trains it, or several; as it is now.
        loss_fn: of outputs and targets.
        inputs: training rows that were kept.
        targets: theirs.
        valid_inputs: validation rows; without them a part of the training rows is held out.
        valid_targets: theirs.
        batch_size: rows of a minibatch.
        start: the model's ``state_dict`` when the loop began, where it is known.
        clip_norm: to which the loop clips gradients, where that is known.
    """

    model: nn.Module
    optimizer: Optimizer | Sequence[Optimizer]
    loss_fn: Loss
    inputs: Any
    targets: Any
    valid_inputs: Any = None
    valid_targets: Any = None
    batch_size: int = 32
    start: Mapping[str, Tensor] | None = None
    clip_norm: float | None = None

    @property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """All optimisers."""
        return (self.optimizer,) if isinstance(self.optimizer, Optimizer) else tuple(self.optimizer)

    def parts(self) -> tuple[Rows, Rows]:
        """Return the rows that copies are trained on, and those that their loss is measured on."""
        train = Rows(self.inputs, self.targets)
        if self.valid_inputs is not None and self.valid_targets is not None:
            return train, Rows(self.valid_inputs, self.valid_targets)
        order = torch.randperm(len(train), generator=torch.Generator().manual_seed(0))
        held = max(1, round(HELD_SHARE * len(train)))
        return train.some(order[held:]), train.some(order[:held])


@dataclass(slots=True)
class Twin:
    """A copy of a loop, which a variant may change.

    Attributes:
        model: the copy.
        optimizers: of its parameters.
        loss_fn: that it is trained by.
        batch_size: rows of a minibatch.
        num_steps: updates.
        clip_norm: to which its gradient is clipped, None: not at all.
        prepare: what is done to inputs before the model sees them.
        rows: that it is trained on, for changes that depend on them.
    """

    model: nn.Module
    optimizers: list[Optimizer]
    loss_fn: Loss
    batch_size: int
    num_steps: int
    clip_norm: float | None
    prepare: Callable[[Any], Any]
    rows: Rows

    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield the groups of parameters of all optimisers."""
        for optimizer in self.optimizers:
            yield from optimizer.param_groups

    def output(self, rows: Rows) -> Any:
        """Return what the model gives; it gets copies, for it may write into its inputs."""
        given = self.prepare(rows.inputs)
        if isinstance(given, Mapping):
            return self.model(**{name: _own(one) for name, one in given.items()})
        return self.model(*(_own(one) for one in (given if isinstance(given, tuple) else (given,))))


def twin_of(subject: Subject, num_steps: int, *, afresh: bool = False) -> Twin:
    """Return a copy of a loop.

    Args:
        subject: the loop.
        num_steps: updates of the copy.
        afresh: as it was when it began, as far as that is known, and with nothing in the optimiser's memory; else as
            it is now.

    Raises:
        CannotTryError: if something cannot be copied.

    Example:
        >>> model = nn.Linear(3, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> x, y = torch.ones(8, 3), torch.ones(8, 1)
        >>> twin = twin_of(Subject(model, optimizer, nn.functional.mse_loss, x, y), 10)
        >>> twin.model is model, twin.optimizers[0].param_groups[0]["params"][0] is twin.model.weight
        (False, True)
    """
    memo: dict[int, Any] = {}
    try:
        model = copy.deepcopy(_plain(subject.model), memo)
        loss = subject.loss_fn
        loss = copy.deepcopy(loss, memo) if isinstance(loss, nn.Module) else loss
        optimizers = [_own_optimizer(one, memo, afresh=afresh) for one in subject.optimizers]
        if afresh and subject.start is not None:
            model.load_state_dict(dict(subject.start))
    except Exception as error:
        told = " ".join(str(error).split())
        raise CannotTryError(f"it cannot be copied ({type(error).__name__}: {told})") from error
    rows = subject.parts()[0]
    return Twin(
        model, optimizers, loss, subject.batch_size, num_steps, subject.clip_norm, lambda given: given, rows
    )


@contextmanager
def undisturbed(seed: int) -> Iterator[None]:
    """Let copies draw from the global generators, from ``seed`` on, and leave these as they were."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 (a user's model may draw from it)
    try:
        with same_draws(seed), torch.inference_mode(mode=False), torch.enable_grad():
            random.seed(seed)
            np.random.seed(seed)  # noqa: NPY002 (put back below)
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002


def _plain(model: nn.Module) -> nn.Module:
    """Return the module that a compiled or a distributed one wraps."""
    if isinstance(model, nn.parallel.DistributedDataParallel | nn.DataParallel):
        return _plain(model.module)
    inner = getattr(model, "_orig_mod", None)
    return inner if isinstance(inner, nn.Module) else model


def _own_optimizer(optimizer: Optimizer, memo: dict[int, Any], *, afresh: bool) -> Optimizer:
    """Return an optimiser of the copies of the same parameters, with a copy of its memory unless ``afresh``."""
    groups = [
        {
            name: [_copied(one, memo) for one in value] if name == "params" else copy.deepcopy(value)
            for name, value in group.items()
        }
        for group in optimizer.param_groups
    ]
    kind: Any = type(optimizer)
    taken_names = inspect.signature(kind).parameters
    options = {name: value for name, value in optimizer.defaults.items() if name in taken_names}
    try:
        own: Optimizer = kind(groups, **options)
    except TypeError:  # it takes more than its defaults say
        own = copy.deepcopy(optimizer, memo)
    if not afresh:
        own.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    return own


def _copied(parameter: Tensor, memo: dict[int, Any]) -> Any:
    """Return the copy of a parameter; a new one of what belongs to neither model nor loss."""
    return copy.deepcopy(parameter, memo)


def _own(value: Any) -> Any:
    """Return a copy of a tensor, anything else as it is."""
    return value.clone() if isinstance(value, Tensor) else value
