"""`practicum.adapt_rate`: one trial of a user's own module whose learning rate is chosen anew as it trains."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from practicum.core.record import Record
from practicum.faces.own import VALID_FRACTION, known_recipes, task_of, trials_told
from practicum.faces.request import whole
from practicum.faces.trials import Trial
from practicum.recipe import Recipe

if TYPE_CHECKING:
    from torch import Tensor, nn

    from practicum.data.tree import Tree
    from practicum.training.lift.task import ModelTask


def adapt_rate(
    build: Callable[[Recipe], nn.Module],
    data: Tree,
    recipe: Recipe | Mapping[str, Any],
    *,
    loss: str | Callable[..., Tensor],
    error: Callable[..., Tensor] | None = None,
    valid: Tree | float = VALID_FRACTION,
    every_steps: int = 1000,
    subset_rows: int = 500,
    factors: Sequence[float] | None = None,
    device: str = "auto",
) -> Trial:
    """Return a trial that was trained with Bottou's adaptive learning rate.

    Before the first update, and at intervals, copies of the trial go on from its very state, each with another rate,
    once over a fixed subset of the training rows, side by side as one program. The rate whose copy then has the lowest
    loss on the subset is kept until the next time. The curve of the trial says which rates held.

    Args:
        build: as for :func:`practicum.train`.
        data: as for :func:`practicum.train`.
        recipe: its learning rate is where the first choice begins; its schedule goes on upon the chosen rate.
        loss: as for :func:`practicum.train`.
        error: as for :func:`practicum.train`.
        valid: as for :func:`practicum.train`.
        every_steps: updates from one choice to the next.
        subset_rows: training rows that rates are compared on; their number counts, not their share.
        factors: rates that are tried, over the present one; a quarter to four times without it. 1 among them lets the
            rate stay.
        device: as for :func:`practicum.train`.

    Raises:
        ConfigError: if the recipe, the module or a setting cannot work.
        DataError, ShapeError: if the data, or what ``loss`` returns, cannot be used.
        DivergedError: if the trial diverged all the same.

    Source:
        Bengio 2012, 3.1-06.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> x = torch.linspace(-1, 1, 200)[:, None]
        >>> recipe = {"learning_rate": 1e-4, "num_steps": 60}
        >>> trial = adapt_rate(lambda recipe: nn.Linear(1, 1), {"x": x, "y": x}, recipe, loss="squared_error",
        ...                    every_steps=10)
        >>> trial.curve["learning_rate"][-1] > 0.01
        True
    """
    (known,) = known_recipes([recipe], unlimited=True)
    from practicum.engine.adapted import train_with_bottou
    from practicum.engine.crew.cores import threads
    from practicum.engine.device import device_called
    from practicum.training.bottou import FACTORS

    record = Record()
    with threads():
        task = _liftable(task_of(build, data, valid, loss, error, device_called(device)), known)
        result, _ = train_with_bottou(
            known,
            task,
            factors=FACTORS if factors is None else factors,
            every_steps=whole("every_steps", every_steps, 1),
            subset_rows=whole("subset_rows", subset_rows, 1),
            record=record,
        )
    return trials_told([result], record, task)[0]


def _liftable(task: ModelTask, recipe: Recipe) -> ModelTask:
    """Return ``task``, to be trained one by one where its module cannot be lifted."""
    from practicum.training.lift.instance import instances
    from practicum.training.lift.trust import check_lift, check_plain

    check_plain(task, recipe)
    pair = [recipe, recipe]
    reason = check_lift(task, pair, instances(task, pair))
    if reason is None:
        return task
    warnings.warn(f"Rates are tried one by one: {reason}.", stacklevel=3)
    return task.alone()
