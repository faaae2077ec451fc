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
    names = {id(one): name for name, one in trained.start.named_parameters()}
    now_names = {id(one): name for name, one in trained.model.named_parameters()}
    before = [_features(trained.start, names, x) for x in (train_x, valid_x)]
    after = [_features(trained.model, now_names, x) for x in (train_x, valid_x)]
    found = []
    for name, kind in _chosen([key for key in before[0] if all(key in one for one in (*before, *after))]):
        key = (name, kind)
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


def _features(model: nn.Module, names: Mapping[int, str], x: Tensor) -> dict[tuple[str, str], Tensor]:
    """Return the outputs of each layer's last operation, (N, H), in evaluation mode, by name and kind."""
    double = copy.deepcopy(model).eval()
    own = dict(zip((id(one) for one in double.parameters()), names.values(), strict=True))
    found: dict[str, tuple[str, Tensor]] = {}
    last = ""

    def hear(kind: str, args: tuple[Any, ...], named: Mapping[str, Any], result: Tensor) -> None:
        nonlocal last
        if kind in ("linear", "convolution", "embedding"):
            weight = named.get("weight", args[1] if len(args) > 1 else None)
            last = own.get(id(weight), kind).removesuffix(".weight")
        if kind != "dropout" and result.is_floating_point() and len(result) == len(x) and last:
            found[last] = (kind, _flat(result.detach()))

    device = next((one.device for one in double.parameters()), x.device)
    with torch.no_grad(), same_draws(0), Calls(hear):
        double(x.to(device))
    return {(name, kind): values for name, (kind, values) in found.items() if bool(values.isfinite().all())}


def _flat(values: Tensor) -> Tensor:
    """Return a row of numbers for each example, few enough."""
    if values[:1].numel() > WIDEST and values.ndim > 2:
        values = values.flatten(2).mean(2)  # of pictures the means of their channels
    return values.flatten(1)[:, :WIDEST].double().cpu()


def _chosen(keys: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if len(keys) <= MOST:
        return keys
    return [keys[round(place * (len(keys) - 1) / (MOST - 1))] for place in range(MOST)]
