"""What a worker tells about a pack after a rung, and its way over the wire.

Events of a kind are stacked, an array for each of their attributes, so that a rung is a handful of tensors however many
validations it had.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import torch
from torch import Tensor

from practicum.core.events import Event
from practicum.engine.result import Result
from practicum.recipe import Recipe

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(frozen=True, slots=True)
class Told:
    """The outcome of a rung.

    Attributes:
        step: updates the pack has done.
        training: numbers of the trials that still train.
        events: what happened, in order.
        results: of the trials that were collected.
    """

    step: int
    training: tuple[int, ...]
    events: tuple[Event, ...] = ()
    results: tuple[Result, ...] = ()

    def and_then(self, later: Told) -> Told:
        """Return this and what was told later of the same trials as one."""
        return Told(later.step, later.training, self.events + later.events, self.results + later.results)


def to_wire(told: Told) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return ``told`` as what :func:`practicum.engine.saved.wire.encode` takes."""
    kinds: dict[str, Any] = {}
    tensors: dict[str, Tensor] = {}
    for name, kind in KINDS.items():
        events = [event for event in told.events if isinstance(event, kind)]
        kinds[name], arrays = _stacked(events, kind)
        tensors |= {f"events/{name}/{field}": value for field, value in arrays.items()}
    for result in told.results:
        tensors |= {f"weights/{result.trial}/{name}": value for name, value in result.weights.items()}
    meta = {
        "step": told.step,
        "training": told.training,
        "order": [type(event).__name__ for event in told.events],
        "events": kinds,
        "results": [{**result.plain(), "names": list(result.weights)} for result in told.results],
    }
    return meta, tensors


def from_wire(meta: Mapping[str, Any], tensors: Mapping[str, Tensor], recipes: Mapping[int, Recipe]) -> Told:
    """Return what :func:`to_wire` was given.

    Args:
        meta: from it.
        tensors: from it.
        recipes: of the trials, by number.
    """
    weights: dict[int, dict[str, Tensor]] = {plain["trial"]: {} for plain in meta["results"]}
    arrays: dict[str, dict[str, Tensor]] = {name: {} for name in KINDS}
    for path, tensor in tensors.items():
        family, owner, name = path.split("/", 2)
        if family == "weights":
            weights[int(owner)][name] = tensor
        else:
            arrays[owner][name] = tensor
    waiting = {
        name: iter(_unstacked(meta["events"][name], arrays[name], kind)) for name, kind in KINDS.items()
    }
    return Told(
        step=meta["step"],
        training=tuple(meta["training"]),
        events=tuple(next(waiting[name]) for name in meta["order"]),
        results=tuple(
            Result(
                recipe=recipes[plain["trial"]],
                weights={name: weights[plain["trial"]][name] for name in plain["names"]},
                **{name: value for name, value in plain.items() if name != "names"},
            )
            for plain in meta["results"]
        ),
    )


def _stacked(events: list[Any], kind: type[Any]) -> tuple[list[dict[str, Any]], dict[str, Tensor]]:
    """Return the plain attributes of each event, and the arrays of all one above the other.

    Arrays of one attribute may differ in length (the pack was compacted in between), so they are laid end to end.
    """
    if not events:
        return [], {}
    names = [field.name for field in dataclasses.fields(kind)]
    are_arrays = [name for name in names if isinstance(getattr(events[0], name), np.ndarray)]
    plain = [{name: getattr(event, name) for name in names if name not in are_arrays} for event in events]
    for values, event in zip(plain, events, strict=True):
        values["shapes"] = {name: getattr(event, name).shape for name in are_arrays}
    ends = {
        name: torch.from_numpy(np.concatenate([getattr(event, name).reshape(-1) for event in events]))
        for name in are_arrays
    }
    return plain, ends


def _unstacked(plain: list[dict[str, Any]], arrays: Mapping[str, Tensor], kind: type[Any]) -> list[Any]:
    """Return the events that :func:`_stacked` was given."""
    found, place = [], dict.fromkeys(arrays, 0)
    for values in plain:
        shapes = values.pop("shapes")
        mine = {}
        for name, shape in shapes.items():
            length = int(np.prod(shape, dtype=np.int64))
            mine[name] = arrays[name].numpy()[place[name] : place[name] + length].reshape(shape)
            place[name] += length
        rest = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        found.append(kind(**rest, **mine))
    return found
