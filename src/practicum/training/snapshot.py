"""A pack written down and read back: plain values and named tensors, nothing else.

What is a function of seed and step (the order of examples, all noise) or of the recipes (schedules, penalties) is not
in it. A pack read back goes on with the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from practicum.recipe import Recipe
from practicum.training.pack import OWN_ARRAYS, Pack
from practicum.training.program import Task

SCALARS = ("step", "num_sampled")
DECAY_SCALARS = ("window_start", "last_step")
DECAY_ARRAYS = ("searching_K", "decay_start_K", "total_K", "previous_K")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a pack between two rungs.

    Attributes:
        meta: what JSON can hold: step, trials, recipes, counters.
        tensors: by name, the trial axis first.
    """

    meta: dict[str, Any]
    tensors: dict[str, Tensor]


def take(pack: Pack) -> Snapshot:
    """Return a copy of everything that ``pack`` needs to go on."""
    meta: dict[str, Any] = {name: getattr(pack, name) for name in SCALARS}
    meta |= {f"decay.{name}": getattr(pack.decay, name) for name in DECAY_SCALARS}
    meta["trials"] = list(pack.trials)
    meta["recipes"] = [recipe.model_dump(mode="json") for recipe in pack.recipes]
    tensors = {name: value.detach().clone() for name, value in _tensors(pack)}
    tensors |= {
        f"{owner}.{name}": torch.from_numpy(np.array(getattr(where, name)))
        for owner, where, name in _arrays(pack)
    }
    return Snapshot(meta, tensors)


def restore(task: Task, snapshot: Snapshot, keep: Sequence[int] | None = None) -> Pack:
    """Return the pack that ``snapshot`` was taken of, or a pack of some of its trials.

    Args:
        task: the same as before.
        snapshot: from :func:`take`, on this machine or another.
        keep: positions of the trials wanted; all without it.
    """
    meta, count = snapshot.meta, len(snapshot.meta["trials"])
    positions = list(range(count)) if keep is None else list(keep)
    recipes = [Recipe.from_mapping(meta["recipes"][k]) for k in positions]
    pack = Pack(recipes, task, [meta["trials"][k] for k in positions])
    load_(pack, snapshot, positions)
    return pack


def load_(pack: Pack, snapshot: Snapshot, positions: Sequence[int]) -> None:
    """Bring the trials of ``pack`` to where those at ``positions`` of ``snapshot`` stood; one may stand for several.

    Args:
        pack: of recipes equal in structure to the snapshot's, on the same task; all its trials as it was built.
        snapshot: from :func:`take`.
        positions: one a trial of the pack.
    """
    meta = snapshot.meta
    for name in SCALARS:
        setattr(pack, name, meta[name])
    for name in DECAY_SCALARS:
        setattr(pack.decay, name, meta[f"decay.{name}"])
    chosen = torch.tensor(positions)
    for name, mine in _tensors(pack):
        saved = snapshot.tensors[name]
        mine.copy_(saved.index_select(0, chosen.to(saved.device)))
    for owner, where, name in _arrays(pack):
        saved = snapshot.tensors[f"{owner}.{name}"]
        setattr(where, name, saved.numpy()[positions].copy())


def _tensors(pack: Pack) -> Iterator[tuple[str, Tensor]]:
    """Yield what lasts on the device, by name."""
    for name, value in pack.program.parameters.blocks.items():
        yield f"parameters/{name}", value
    for name, value in pack.program.buffers.items():
        yield f"buffers/{name}", value
    yield from pack.update.tensors().items()
    for name, value in pack.best.blocks.items():
        yield f"best/{name}", value
    for name, value in pack.best_buffers.items():
        yield f"best_buffers/{name}", value
    if pack.best_row_losses is not None:
        yield "best_row_losses", pack.best_row_losses


def _arrays(pack: Pack) -> Iterator[tuple[str, Any, str]]:
    """Yield where each array of the trials' numbers stands: a name for its owner, the owner, its name there."""
    for name in OWN_ARRAYS:
        yield "pack", pack, name
    for name in DECAY_ARRAYS:
        yield "decay", pack.decay, name
    for name in pack.stopping.__slots__:
        yield "stopping", pack.stopping, name
