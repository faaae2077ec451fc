"""The table of samplers: a new one is one row here, and gets every test of `tests/contracts/test_samplers.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from practicum.core.errors import ConfigError, nearest
from practicum.recipe.space import Space
from practicum.tuning.samplers.coordinate import CoordinateDescent
from practicum.tuning.samplers.grid import Grid
from practicum.tuning.samplers.optuna_sampler import OptunaName, OptunaSampler
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.samplers.sampler import Sampler
from practicum.tuning.samplers.zoom import Zoom

Factory = Callable[[Space, int, int], Sampler]
"""Makes a sampler of a space, a seed and the size of a pack."""


def _optuna(name: OptunaName, space: Space, seed: int, pack_size: int) -> Sampler:
    """Return one of Optuna's samplers, which take packs as they come."""
    return OptunaSampler(space, name, seed)


SAMPLERS: Mapping[str, Factory] = {
    "zoom": Zoom,
    "random": lambda space, seed, pack_size: Random(space, seed),
    "quasi-random": QuasiRandom,
    "grid": lambda space, seed, pack_size: Grid(space),
    "coordinate": lambda space, seed, pack_size: CoordinateDescent(space, seed),
    "tpe": partial(_optuna, "tpe"),
    "gp": partial(_optuna, "gp"),
    "cmaes": partial(_optuna, "cmaes"),
}


def make_sampler(name: str, space: Space, seed: int, pack_size: int = 1) -> Sampler:
    """Return the sampler of that name.

    Args:
        name: a row of :data:`SAMPLERS`.
        space: what to vary.
        seed: of the search.
        pack_size: trials that are trained side by side.

    Raises:
        ConfigError: if the name is unknown, or as for the sampler.
        MissingExtraError: if the sampler's package is absent.

    Example:
        >>> from practicum.recipe.space import Space
        >>> len(make_sampler("random", Space.preset("small"), seed=0).ask(3))
        3
    """
    if name not in SAMPLERS:
        raise ConfigError(
            f'`sampler` must be one of {", ".join(SAMPLERS)}, but got sampler="{name}".{nearest(name, SAMPLERS)}',
            sampler=name,
        )
    return SAMPLERS[name](space, seed, pack_size)
