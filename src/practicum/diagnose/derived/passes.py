"""What passes through the network, layer by layer, on kept rows: as it was before the first step, and as it is now.

Looks see one minibatch each, too few rows to call a unit dead; copies of both networks are given all kept rows instead.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.descent import without_dropout
from practicum.checks.doubles import same_draws
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.calls import NON_LINEAR, RECTIFIERS, SQUASHERS, Calls
from practicum.monitor.facts import Facts
from practicum.statistics.effective_rank import effective_rank
from practicum.statistics.firing import firing_share
from practicum.statistics.saturation import remaining_slope

ROWS, NUMBERS = 2048, 4_000_000
"""Of the inputs, at most: so many rows, so many numbers."""

RARELY = 1e-3
"""Share of examples below which a unit that fires so often is dead [A6]."""

RANKED = 256
"""Rows that the effective rank is taken of."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The output of one operation.

    Attributes:
        name: of the parameter's owner.
        kind: as in :mod:`practicum.monitor.calls`.
        num_units: outputs, channels or features.
        num_examples: rows, times positions after a convolution.
        input_rms: root mean square of what went in.
        rms: of the output.
        weighted_rms: of the output without its bias.
        spread: of the output over examples: deviations of its units, root mean square.
        gradient_rms: of the loss by the output; nan where there is none.
        dead: of a rectifier, the share of units that hardly ever fire; nan of others.
        slope: of a tanh or sigmoid, the median over units of their mean slope, beside the largest; nan of others.
        rank: effective rank of the units over examples; nan of what is no non-linearity.
    """

    name: str
    kind: str
    num_units: int
    num_examples: int
    input_rms: float
    rms: float
    weighted_rms: float
    spread: float
    gradient_rms: float
    dead: float
    slope: float
    rank: float


@kept
def start_pass(facts: Facts) -> tuple[Layer, ...]:
    """Return the layers of the network as it was before its first step; nothing where that cannot be said."""
    return () if facts.trained is None else _layers(facts, facts.trained.start)


@kept
def now_pass(facts: Facts) -> tuple[Layer, ...]:
    """Return the layers of the network as it is now; nothing where that cannot be said."""
    return () if facts.trained is None else _layers(facts, facts.trained.model)


def _layers(facts: Facts, model: nn.Module | None) -> tuple[Layer, ...]:
    """Return what passes through a copy in training mode, its dropout left out, from the first kept rows."""
    rows = rows_of(facts)
    loss_fn = facts.trained.loss_fn if facts.trained else None
    if rows is None or model is None or len(rows.x) < 2:
        return ()
    num = max(2, min(ROWS, NUMBERS // max(1, rows.x[0].numel())))
    double = copy.deepcopy(model)
    without_dropout(double)
    device = next((one.device for one in double.parameters()), rows.x.device)
    listener = _Listener({id(one): name for name, one in double.named_parameters()})
    x, y = rows.x[:num].to(device), rows.y[:num].to(device)
    with torch.enable_grad(), same_draws(0):
        with Calls(listener.hear):
            output = double(x)
        if loss_fn is not None:
            loss = loss_fn(output, y)
            if loss.requires_grad:
                torch.autograd.backward(loss)
    return tuple(listener.layers())


class _Listener:
    """Hears the operations of one pass."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names, self._last, self._channels_first = names, "", False
        self._heard: list[tuple[dict[str, Any], list[float]]] = []

    def hear(self, kind: str, args: tuple[Any, ...], named: Mapping[str, Any], result: Tensor) -> None:
        """Take in one operation."""
        if kind == "dropout" or not result.is_floating_point():
            return
        entry = args[0] if args else named.get("input")
        if kind in ("linear", "convolution"):
            weight = named.get("weight", args[1] if len(args) > 1 else None)
            self._last = self._names.get(id(weight), kind).removesuffix(".weight")
            self._channels_first = kind == "convolution"
        values = result.detach()
        first = values.ndim > 2 and (self._channels_first or values.ndim >= 4)
        units = (values.movedim(1, -1) if first else values).reshape(-1, values.shape[1 if first else -1])
        gradient: list[float] = []
        bias = named.get("bias", args[2] if kind in ("linear", "convolution") and len(args) > 2 else None)
        self._heard.append((_numbers(kind, self._last, entry, units, bias), gradient))
        if result.requires_grad:
            result.register_hook(functools.partial(_size_into, gradient))  # type: ignore[no-untyped-call]

    def layers(self) -> list[Layer]:
        """Return what was heard."""
        return [
            Layer(gradient_rms=gradient[0] if gradient else float("nan"), **numbers)
            for numbers, gradient in self._heard
        ]


def _size_into(sizes: list[float], gradient: Tensor) -> None:
    sizes.append(_rms(gradient))


def _rms(values: Any) -> float:
    if not isinstance(values, Tensor) or not values.is_floating_point() or not values.numel():
        return float("nan")
    return float(values.detach().float().square().mean().sqrt())


def _numbers(kind: str, name: str, entry: Any, units: Tensor, bias: Any) -> dict[str, Any]:
    """Return the numbers of one output, units last."""
    found: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "num_units": units.shape[1],
        "num_examples": len(units),
        "input_rms": _rms(entry),
        "rms": _rms(units),
        "weighted_rms": _rms(units - bias.detach() if isinstance(bias, Tensor) and kind != "norm" else units),
        "spread": float(units.float().var(0, correction=0).mean().sqrt()),
        "dead": float("nan"),
        "slope": float("nan"),
        "rank": float("nan"),
    }
    if kind in RECTIFIERS:
        found["dead"] = float((firing_share(units[None])[0] < RARELY).float().mean())
    if kind in SQUASHERS:
        slopes = remaining_slope(units[None], "sigmoid" if kind == "sigmoid" else "tanh")[0]
        found["slope"] = float(slopes.median())
    if kind in NON_LINEAR and bool(units.isfinite().all()):
        few = units[:: max(1, len(units) // RANKED)][:RANKED]
        found["rank"] = float(effective_rank(few[None])[0])
    return found
