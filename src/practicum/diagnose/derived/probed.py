"""What each layer of a watched network knows: linear probes on its outputs, before the first step and now [4.2-12]."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import same_draws
from practicum.core.intervals import Difference
from practicum.core.metrics import Task, error, paired_difference
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import KeptRows, rows_of
from practicum.diagnose.probes import probed
from practicum.monitor.calls import Calls
from practicum.monitor.facts import Facts

ROWS, FEWEST = 1000, 40
"""Rows that a probe learns from, and rows that it is judged on, at most; and both at least."""

WIDEST = 2048
"""Numbers of a row that a probe looks at; of more, the means over positions, or the first ones."""

SPLIT = 256
"""Rows that go through at a time."""

Key = tuple[str, str]
"""A layer: name and kind of its last operation."""

MOST = 24
"""Layers that are probed, evenly chosen where there are more."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One layer.

    Attributes:
        name: of the module whose weights it has.
        kind: of its last operation, as in :mod:`practicum.monitor.calls`.
        num_units: numbers of a row that the probe saw.
        at_start: validation error of a linear probe on its outputs, of the network before its first step.
        at_end: the same as it is now; a misjudged share, or the root of 1 - R².
        difference: the second minus the first, with its interval.
    """

    name: str
    kind: str
    num_units: int
    at_start: float
    at_end: float
    difference: Difference


@kept
def probes_of(facts: Facts) -> tuple[Probe, ...]:
    """Return a probe of each layer, from the input on; nothing where rows, targets or the start are missing.

    Example:
        >>> probes_of(Facts())
        ()
    """
    rows, trained = rows_of(facts), facts.trained
    if rows is None or trained is None or trained.start is None:
        return ()
    sides = _sides(rows)
    if sides is None:
        return ()
    (train_x, train_y), (valid_x, valid_y), task = sides
    heard = [
        _features(model, train_x[:2], None)
        for model in (trained.start, trained.model)  # a pass of two rows tells what there is
    ]
    keys = _chosen([key for key in heard[0] if key in heard[1]])
    before, after = (
        [_features(model, x, set(keys)) for x in (train_x, valid_x)]
        for model in (trained.start, trained.model)
    )
    found = []
    for key in keys:
        name, kind = key
        if not all(key in one for one in (*before, *after)):
            continue  # not finite
        start, end = (probed(task, one[0][key], train_y, one[1][key]) for one in (before, after))
        target = valid_y.double().numpy()
        if task != "regression":
            target = target.argmax(1)
        found.append(
            Probe(
                name,
                kind,
                before[0][key].shape[1],
                error(task, target, start),
                error(task, target, end),
                paired_difference(task, target, end, start),
            )
        )
    return tuple(found)


def _sides(rows: KeptRows) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor], Task] | None:
    """Return training and validation rows with targets as columns, and what these are; None where they are neither."""
    x, y, valid_x, valid_y = rows.x, rows.y, rows.valid_x, rows.valid_y
    if valid_x is None or valid_y is None or len(valid_x) < FEWEST:
        cut = len(x) * 3 // 4
        x, y, valid_x, valid_y = x[:cut], y[:cut], x[cut:], y[cut:]
    if len(x) < FEWEST or len(valid_x) < FEWEST or y.numel() != len(y) or valid_y.numel() != len(valid_y):
        return None
    (x, y), (valid_x, valid_y) = (x[:ROWS], y[:ROWS]), (valid_x[:ROWS], valid_y[:ROWS])
    if rows.num_classes:
        num = max(2, rows.num_classes, int(valid_y.max()) + 1)
        one_hot = [nn.functional.one_hot(one.reshape(-1).long(), num).double() for one in (y, valid_y)]
        return (x, one_hot[0]), (valid_x, one_hot[1]), "multiclass"
    if not y.is_floating_point() or not bool(valid_y.isfinite().all() and y.isfinite().all()):
        return None
    return (x, y.reshape(-1, 1).double()), (valid_x, valid_y.reshape(-1, 1).double()), "regression"


def _features(model: nn.Module, x: Tensor, wanted: set[Key] | None) -> dict[Key, Tensor]:
    """Return the outputs of each layer's last operation, (N, H), in evaluation mode, by name and kind.

    Args:
        model: a copy of it is run.
        x: inputs, (N, …).
        wanted: layers that are kept; None: all.
    """
    double = copy.deepcopy(model).eval()
    listener = _Listener({id(one): name for name, one in double.named_parameters()})
    device = next((one.device for one in double.parameters()), x.device)
    parts: dict[Key, list[Tensor]] = {}
    with torch.no_grad(), same_draws(0):
        for rows in torch.split(x, SPLIT):
            listener.begin(len(rows))
            with Calls(listener.hear):
                double(rows.to(device))
            for name, (kind, values) in listener.found.items():
                if wanted is None or (name, kind) in wanted:
                    parts.setdefault((name, kind), []).append(values)
    whole = {key: torch.cat(some) for key, some in parts.items() if len({one.shape[1] for one in some}) == 1}
    return {key: one for key, one in whole.items() if len(one) == len(x) and bool(one.isfinite().all())}


class _Listener:
    """Hears a pass and keeps what each layer's last operation returned."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self.begin(0)

    def begin(self, num_rows: int) -> None:
        """Forget the pass before."""
        self.found: dict[str, tuple[str, Tensor]] = {}
        self._num_rows, self._last, self._channels_first = num_rows, "", False

    def hear(self, kind: str, args: tuple[Any, ...], named: Mapping[str, Any], result: Tensor) -> None:
        """Take in one operation."""
        if kind in ("linear", "convolution", "embedding"):
            weight = named.get("weight", args[1] if len(args) > 1 else None)
            self._last = self._names.get(id(weight), kind).removesuffix(".weight")
            self._channels_first = kind == "convolution"
        fits = result.is_floating_point() and result.ndim > 0 and len(result) == self._num_rows
        if kind != "dropout" and fits and self._last:
            first = self._channels_first or result.ndim >= 4
            self.found[self._last] = (kind, _flat(result.detach(), channels_first=first))


def _flat(values: Tensor, *, channels_first: bool) -> Tensor:
    """Return a row of numbers for each example, few enough: of many positions their mean."""
    if values.ndim > 2 and values[:1].numel() > WIDEST:
        values = (values if channels_first else values.movedim(-1, 1)).flatten(2).mean(2)
    return values.flatten(1)[:, :WIDEST].double().cpu()


def _chosen(keys: list[Key]) -> list[Key]:
    if len(keys) <= MOST:
        return keys
    return [keys[round(place * (len(keys) - 1) / (MOST - 1))] for place in range(MOST)]
