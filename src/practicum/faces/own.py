"""`practicum.train`: many trials of a user's own module, trained as one program."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from practicum.core.errors import ConfigError, DataError, DivergedError
from practicum.core.record import Record
from practicum.faces.budget import parse_budget
from practicum.faces.trials import Trial, trials_of
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_ends, check_own_module

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from practicum.data.tree import Tree
    from practicum.engine.result import Result
    from practicum.training.lift.task import ModelTask

VALID_FRACTION = 0.2


def train(
    build: Callable[[Recipe], nn.Module],
    data: Tree,
    recipes: Iterable[Recipe | Mapping[str, Any]],
    *,
    loss: str | Callable[..., Tensor],
    error: Callable[..., Tensor] | None = None,
    valid: Tree | float = VALID_FRACTION,
    folder: str | Path | None = None,
    budget: str | float | None = None,
    device: str = "auto",
    workers: int | None = None,
    verbose: bool = False,
) -> list[Trial]:
    """Return one trained trial for each recipe; trials of equal shape are trained together, as one program.

    Each trial has the numbers that it would have had alone (to rounding), whatever its neighbours do. What cannot be
    lifted to many trials is found before training, trained one by one, and said in a warning.

    Args:
        build: returns the untrained module of one trial from its recipe, ``build(recipe) -> nn.Module``. Your own
            settings come in ``recipe.model``. PyTorch's generator is seeded from ``recipe.seed`` while it runs.
        data: training rows: a tensor, or a nested dict of tensors, whose first axis counts examples.
        recipes: hyper-parameters, one a trial; mappings are read as recipes.
        loss: "cross_entropy", "binary_cross_entropy" or "squared_error" for data ``{"x": …, "y": …}``; or a function
            ``loss(model, batch)`` of the module and some rows of the data that returns one value an example, (B,).
        error: what is minimised on the validation rows, as ``loss``; without it the named loss's error
            (misclassified fraction, squared error), or else the loss.
        valid: validation rows of the same form, or the fraction of ``data`` to keep for that, drawn by seed 0.
        folder: keep checkpoints here; the same call with the same folder goes on where an interrupted one stopped and
            ends as if it had not been interrupted.
        budget: time for everything, "60s", "10m" or seconds; no limit without it.
        device: "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", …
        workers: packs trained side by side; one per core by default.
        verbose: show progress on stderr.

    Raises:
        ConfigError: if a recipe, the module or a setting cannot work.
        DataError, ShapeError: if the data, or what ``loss`` returns, cannot be used.
        DivergedError: if every trial diverged; its ``values["trials"]`` holds them.
        RecordError: if ``folder`` holds another run.

    Source:
        The lift is `torch.func`'s; recipes follow Bengio 2012, section 3.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> x = torch.linspace(-1, 1, 200)[:, None]
        >>> def build(recipe):
        ...     return nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
        >>> recipes = [{"learning_rate": rate, "num_steps": 100} for rate in (0.03, 0.1, 0.3)]
        >>> trials = train(build, {"x": x, "y": x**2}, recipes, loss="squared_error", workers=1)
        >>> best = min(trials, key=lambda trial: trial.valid_error)
        >>> best.module()(x).shape
        torch.Size([200, 1])
    """
    deadline = time.monotonic() + (math.inf if budget is None else parse_budget(budget))
    known = known_recipes(recipes, unlimited=budget is None)
    from practicum.engine.device import device_called
    from practicum.engine.own import run_trials

    task = task_of(build, data, valid, loss, error, device_called(device))

    record = Record()
    with ExitStack() as stack:
        report = None
        if verbose:
            from practicum.faces.progress import Display

            report = stack.enter_context(Display()).show
        results, notes = run_trials(
            task,
            known,
            record=record,
            folder=None if folder is None else Path(folder),
            num_workers=workers_of(workers),
            deadline=deadline,
            report=report,
        )
    for note in notes:
        warnings.warn(note, stacklevel=2)
    return trials_told(results, record, task)


def trials_told(results: Iterable[Result], record: Record, task: ModelTask) -> list[Trial]:
    """Return the results as trials with their curves; raise if all diverged."""
    from practicum.data.tree import holds_nan

    trials = trials_of(sorted(results, key=lambda result: result.trial), record, task.build)
    if trials and all(trial.status == "diverged" for trial in trials):
        if holds_nan(task.train) or holds_nan(task.valid):
            raise DataError(
                f"`data` must hold no missing values that the loss can see, but all {len(trials)} trials diverged and "
                "there are nan in it. Look for them with torch.isnan.",
                trials=trials,
            )
        rates = ", ".join(f"{trial.recipe.learning_rate:g}" for trial in trials[:8])
        raise DivergedError(
            f"At least one trial must reach a finite loss, but all {len(trials)} diverged (learning rates {rates}). "
            "Use a smaller learning rate, or check the data for extreme values.",
            trials=trials,
        )
    return trials


def known_recipes(recipes: Iterable[Recipe | Mapping[str, Any]], *, unlimited: bool) -> list[Recipe]:
    """Return the recipes, each checked to come to an end."""
    if isinstance(recipes, Recipe | Mapping | str) or not isinstance(recipes, Iterable):
        raise ConfigError(
            f"`recipes` must be a list of recipes, but got {type(recipes).__name__}. Write [recipe] for one."
        )
    known = [
        one if isinstance(one, Recipe) else Recipe.from_mapping(one, source=f"trial {number}")
        for number, one in enumerate(recipes)
    ]
    if not known:
        raise ConfigError("`recipes` must hold at least one recipe, but got none.")
    for number, recipe in enumerate(known):
        check_own_module(recipe, f"trial {number}")
        check_ends(recipe, f"trial {number}", unlimited=unlimited)
    return known


def task_of(
    build: Callable[[Recipe], nn.Module],
    data: Tree,
    valid: Tree | float,
    loss: str | Callable[..., Tensor],
    error: Callable[..., Tensor] | None,
    device: torch.device,
) -> ModelTask:
    """Return what is trained, the data checked and on the device."""
    from practicum.data.tree import check_same_form, check_tree, held_out, to
    from practicum.training.lift.losses import named_loss
    from practicum.training.lift.task import ModelTask

    for name, given in (
        ("build", build),
        ("error", error),
        ("loss", None if isinstance(loss, str) else loss),
    ):
        if given is not None and not callable(given):
            raise ConfigError(
                f"`{name}` must be a function, but got {type(given).__name__}.", **{name: given}
            )
    rows = check_tree(data, "data")
    if isinstance(valid, int | float) and not isinstance(valid, bool):
        if not 0 < valid < 1:
            raise ConfigError(
                f"`valid` must be rows or a fraction in (0, 1), but got valid={valid}. Leave it out for "
                f"{VALID_FRACTION}.",
                valid=valid,
            )
        rows, kept = held_out(rows, float(valid))
    else:
        kept = check_tree(valid, "valid")
        check_same_form(rows, kept)
    return ModelTask(
        build=build,
        loss=named_loss(loss) if isinstance(loss, str) else loss,
        error=error,
        train=to(rows, device),
        valid=to(kept, device),
        device=device,
    )


def workers_of(workers: int | None) -> int:
    """Return how many packs to train side by side, one per core unless told."""
    from practicum.engine.crew.cores import num_cores

    if workers is None:
        return num_cores()
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise ConfigError(
            f"`workers` must be a whole number ≥ 1, but got workers={workers}.", workers=workers
        )
    return workers
