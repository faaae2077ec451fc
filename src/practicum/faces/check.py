"""`practicum.check`: what is wrong with a model, a loss and a batch, or with a table, before anything is trained."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from practicum.core.errors import ConfigError, DataError
from practicum.core.finding import Finding
from practicum.faces.budget import parse_budget

if TYPE_CHECKING:
    from torch import Tensor, nn

    from practicum.checks.model_check import ModelCheck
    from practicum.data.schema import Schema

BUDGET = "60s"


def check(
    model: nn.Module,
    loss: str | Callable[[Any, Any], Tensor],
    batch: Any,
    *,
    budget: str | float = BUDGET,
    seed: int = 0,
    profile: bool = False,
    verbose: bool = False,
) -> ModelCheck:
    """Return what is wrong with a model before it is trained, and what each check saw.

    The model is not touched: copies of it are run, some in double precision, some trained for a moment.

    Args:
        model: as it starts, in the mode, training or evaluation, in which it is to be checked.
        loss: of its output and the targets, a scalar; or "cross_entropy", "binary_cross_entropy" or "squared_error".
        batch: inputs and targets, as a pair or as ``{"x": …, "y": …}``; inputs are a tensor or a tuple of arguments.
            A few hundred rows are plenty, fifty the least that says much.
        budget: no check begins after this: "60s", "10m" or seconds.
        seed: of all that is drawn.
        profile: whether to look also where the time and the memory of a training step go, module by module.
        verbose: show progress on stderr.

    Raises:
        ConfigError, DataError: if the model cannot be run on the batch.

    Source:
        Bengio 2012, 4.1.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 2), nn.Softmax(1))
        >>> x = torch.randn(60, 3)
        >>> found = check(model, "cross_entropy", (x, (x[:, 0] > 0).long()))
        >>> [one.causes[0][0] for one in found.findings if one.severity == "critical"]
        ['L1']
    """
    from practicum.checks.model_check import check_model

    deadline = time.monotonic() + parse_budget(budget)
    inputs, targets = _pair(batch)
    with ExitStack() as stack:
        report = None
        if verbose:
            from practicum.engine.clock import Progress
            from practicum.faces.progress import Display

            display = stack.enter_context(Display())

            def report(title: str, fraction: float) -> None:
                display.show(Progress("check", fraction, message=title))

        return check_model(
            model,
            _function(loss),
            inputs,
            targets,
            seed=seed,
            profile=profile,
            deadline=deadline,
            report=report,
        )


def check_table(
    data: Any,
    *,
    target: str,
    test: Any = None,
    task: str = "auto",
    schema: Schema | None = None,
    group: str | None = None,
    time: str | None = None,
    seed: int = 0,
) -> tuple[Finding, ...]:
    """Return what may be wrong with a table, the gravest first; nothing is trained but small forests.

    Args:
        data: path of a table, or one in memory.
        target: column to predict.
        test: like ``data``, to test on; only its inputs are looked at.
        task: "auto", "binary", "multiclass" or "regression".
        schema: what the columns are.
        group: rows with one value of this column stay in one part of the split.
        time: train on the past, test on the future of this column.
        seed: of the split, of the rows that are looked at, and of the forests.

    Raises:
        DataError, ConfigError: if the table cannot be used.

    Example:
        >>> import numpy as np
        >>> random = np.random.default_rng(0)
        >>> x = random.normal(size=500)
        >>> found = check_table({"x": x, "again": x, "y": x + random.normal(size=500)}, target="y")
        >>> [one.causes[0][0] for one in found]
        ['D2']
    """
    from practicum.checks.data_checks import check_data
    from practicum.data.pipeline import load, prepare
    from practicum.recipe import Recipe

    loaded = load(data, target, test)
    prepared = prepare(loaded, task=task, recipe=Recipe(), seed=seed, schema=schema, group=group, time=time)  # type: ignore[arg-type]
    return check_data(prepared, seed)


def _pair(batch: Any) -> tuple[Any, Any]:
    """Return inputs and targets."""
    if isinstance(batch, Mapping) and {"x", "y"} <= set(batch):
        inputs, targets = batch["x"], batch["y"]
    elif isinstance(batch, tuple | list) and len(batch) == 2:
        inputs, targets = batch
    else:
        raise DataError(
            '`batch` must be a pair (inputs, targets) or {"x": inputs, "y": targets}, but got '
            f"{type(batch).__name__}. Several inputs go into a tuple: ((first, second), targets).",
        )
    from torch import Tensor

    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    if not any(isinstance(one, Tensor) and one.ndim for one in arguments):
        raise DataError(
            "Inputs must be a tensor with a row for each example, or a tuple of the model's arguments with one among "
            f"them, but got {type(inputs).__name__}. Wrap a model that takes a mapping in a module that takes tensors.",
        )
    return inputs, targets


def _function(loss: str | Callable[[Any, Any], Tensor]) -> Callable[[Any, Any], Tensor]:
    """Return the loss as a function of outputs and targets."""
    if callable(loss):
        return loss
    from torch import nn

    known: dict[str, Callable[[Any, Any], Tensor]] = {
        "cross_entropy": nn.CrossEntropyLoss(),
        "binary_cross_entropy": nn.BCEWithLogitsLoss(),
        "squared_error": nn.MSELoss(),
    }
    if loss not in known:
        from practicum.core.errors import nearest

        raise ConfigError(
            f'`loss` must be a function of (outputs, targets) or one of {", ".join(known)}, but got loss="{loss}".'
            f"{nearest(str(loss), known)}",
            loss=loss,
        )
    return known[loss]
