"""One module a trial, built by the user's function from the trial's recipe and seed.

The global generator is seeded for each, from the stream "build" of the recipe's seed, and put back: the same recipe
always gives the same module, and nothing outside is moved.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.training.lift.ownership import with_own_tensors
from practicum.training.lift.seeded import seeded

if TYPE_CHECKING:
    from practicum.training.lift.task import Build, ModelTask

_GIVEN_OUT: weakref.WeakSet[nn.Module] = weakref.WeakSet()
"""Modules with parameters that some trial already owns."""


def instances(task: ModelTask, recipes: Sequence[Recipe]) -> list[nn.Module]:
    """Return the untrained module of each recipe, on the task's device.

    Args:
        task: gives ``build``.
        recipes: one a trial; ``init_scale`` multiplies every trainable parameter of two axes or more.

    Raises:
        ConfigError: if ``build`` raises, returns something else than a module of its own, or the module's trainable
            parameters are none or of several types.

    Source:
        Bengio 2012, 3.2-31 (scale of the initial weights), 3.2-34 (seeds).
    """
    return [_instance(task, recipe, number) for number, recipe in enumerate(recipes)]


def _instance(task: ModelTask, recipe: Recipe, number: int) -> nn.Module:
    with seeded(recipe.seed, "build", 0, task.device):
        try:
            module = task.build(recipe)
        except Exception as error:
            raise ConfigError(
                f"`build` must return a module for every recipe, but raised {type(error).__name__}: {error} "
                f"(trial {number}).",
                trial=number,
            ) from error
    if not isinstance(module, nn.Module):
        raise ConfigError(
            f"`build` must return a torch.nn.Module, but got {type(module).__name__} (trial {number}).",
            trial=number,
        )
    if any(is_lazy(parameter) for parameter in module.parameters()):
        raise ConfigError(
            f"`build` must return a module whose parameters have their sizes, but got lazy ones (trial {number}). "
            "Give the layers their number of inputs, e.g. nn.Linear(20, 10).",
            trial=number,
        )
    module, copied = with_own_tensors(module)
    if not copied:
        _check_own(module, number)
    module.to(task.device)
    _check_parameters(module, number)
    if recipe.init_scale != 1:
        with torch.no_grad():
            for parameter in module.parameters():
                if parameter.dim() >= 2 and parameter.requires_grad:
                    parameter.mul_(recipe.init_scale)
    return module


def _check_own(module: nn.Module, number: int) -> None:
    """Raise if another trial has some of the module's trainable parts already."""
    learning = [
        part for part in module.modules() if any(p.requires_grad for p in part.parameters(recurse=False))
    ]
    if any(part in _GIVEN_OUT for part in learning):
        raise ConfigError(
            f"`build` must return a new module every time, but gave one that is in use already (trial {number}). "
            "Create the layers inside `build`.",
            trial=number,
        )
    _GIVEN_OUT.update(learning)


def _check_parameters(module: nn.Module, number: int) -> None:
    types = {parameter.dtype for parameter in module.parameters() if parameter.requires_grad}
    if not types:
        raise ConfigError(
            f"`build` must return a module with trainable parameters, but got none (trial {number}).",
            trial=number,
        )
    if len(types) > 1 or not next(iter(types)).is_floating_point:
        listed = ", ".join(sorted(str(one) for one in types))
        raise ConfigError(
            f"Trainable parameters must share one floating-point type, but got {listed} (trial {number}). "
            "Convert the module with .float() or .double().",
            types=types,
        )


def rebuilt(build: Build, recipe: Recipe, weights: Mapping[str, Tensor]) -> nn.Module:
    """Return a new module with ``weights``, in evaluation mode, on the processor.

    Args:
        build: as the trial was built.
        recipe: of the trial.
        weights: every parameter and buffer by name; a tied parameter has one name.
    """
    with seeded(recipe.seed, "build", 0, torch.device("cpu")):
        module, _ = with_own_tensors(build(recipe))
    own = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    with torch.no_grad():
        for name, value in weights.items():
            own[name].copy_(value)
    return module.eval()
