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
from practicum.tuning.samplers.widening import Widening
from practicum.tuning.samplers.zoom import NUM_WIDE, Zoom

Factory = Callable[[Space, int, int, int | None], Sampler]
"""Makes a sampler of a space, a seed, the size of a pack, and how many trials there will be (None: nobody knows)."""


def _zoom(space: Space, seed: int, pack_size: int, num_trials: int | None) -> Sampler:
    """Return the zoom, which moves borders; it begins after half of the trials, if they are few."""
    num_wide = None if num_trials is None else max(pack_size, min(NUM_WIDE, num_trials // 2))
    return Widening(Zoom(space, seed, pack_size, num_wide=num_wide), space, seed)


def _optuna(name: OptunaName, space: Space, seed: int, pack_size: int, num_trials: int | None) -> Sampler:
    """Return one of Optuna's samplers, which take packs as they come."""
    return OptunaSampler(space, name, seed)


SAMPLERS: Mapping[str, Factory] = {
    "zoom": _zoom,
    "random": lambda space, seed, pack_size, num_trials: Random(space, seed),
    "quasi-random": lambda space, seed, pack_size, num_trials: QuasiRandom(space, seed, pack_size),
    "grid": lambda space, seed, pack_size, num_trials: Grid(space),
    "coordinate": lambda space, seed, pack_size, num_trials: CoordinateDescent(space, seed),
    "tpe": partial(_optuna, "tpe"),
    "gp": partial(_optuna, "gp"),
    "cmaes": partial(_optuna, "cmaes"),
}


def known_sampler(name: str) -> str:
    """Return the name of a strategy if it is one.

    Raises:
        ConfigError: if it is unknown; the nearest is offered.
    """
    if name not in SAMPLERS:
        raise ConfigError(
            f"`sampler` must be one of {', '.join(SAMPLERS)}, but got sampler={name}.{nearest(str(name), SAMPLERS)}",
            sampler=name,
        )
    return name


def make_sampler(
    name: str, space: Space, seed: int, pack_size: int = 1, num_trials: int | None = None
) -> Sampler:
    """Return the sampler of that name.

    Args:
        name: a row of :data:`SAMPLERS`.
        space: what to vary.
        seed: of the search.
        pack_size: trials that are trained side by side.
        num_trials: how many there will be; None where nobody knows.

    Raises:
        ConfigError: if the name is unknown, or as for the sampler.
        MissingExtraError: if the sampler's package is absent.

    Example:
        >>> from practicum.recipe.space import Space
        >>> len(make_sampler("random", Space.preset("small"), seed=0).ask(3))
        3
    """
    return SAMPLERS[known_sampler(name)](space, seed, pack_size, num_trials)
