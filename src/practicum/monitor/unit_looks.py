"""Statistics of what passes through a network in one forward and backward pass."""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.monitor.calls import NON_LINEAR, RECTIFIERS, SQUASHERS
from practicum.monitor.look import UnitLook
from practicum.statistics.firing import firing_share
from practicum.statistics.histogram import histogram
from practicum.statistics.moments import of_sums, sums
from practicum.statistics.saturation import remaining_slope

MOST = 200
"""Operations that are looked at in one pass, the first ones."""


@dataclass(slots=True)
class Heard:
    """What was heard of one operation: numbers that still lie where they were computed.

    Attributes:
        sums: sum and length of the output.
        entry: length of what went in, and of how many numbers; None where that is no tensor of numbers.
        gradient: length of the loss's gradient by the output; None where none arrived.
    """

    name: str
    kind: str
    num_units: int
    num_values: int
    rows: int
    sums: tuple[Tensor, Tensor]
    entry: tuple[Tensor, int] | None
    firing: Tensor | None = None
    slopes: Tensor | None = None
    histogram: Tensor | None = None
    gradient: Tensor | None = None
    gradient_histogram: Tensor | None = None


class UnitLooks:
    """Hears the operations of one forward pass and their gradients.

    Args:
        names: of parameters, by identity.
        failed: is told of what went wrong while listening.

    Attributes:
        weights: parameters that the pass used and that have no name.
    """

    def __init__(self, names: Mapping[int, str], failed: Callable[[Exception], None]) -> None:
        self._names, self._failed = names, failed
        self._heard: list[Heard] = []
        self.weights: list[nn.Parameter] = []
        self._channels_first = False
        self._last = ""
        self._result: tuple[Any, int | None] = (None, None)
        self._deep = False

    def begin(self, *, deep: bool) -> None:
        """Forget the last pass."""
        self._heard, self._last, self._channels_first, self._deep = [], "", False, deep
        self.weights, self._result = [], (None, None)

    def hear(self, kind: str, args: tuple[Any, ...], named: Mapping[str, Any], result: Tensor) -> None:
        """Take in one operation."""
        if len(self._heard) >= MOST or kind == "dropout" or not result.is_floating_point():
            return
        try:
            entry = args[0] if args else named.get("input")
            units = self._units(kind, args, named, result)
            one = self._measured(kind, self._entry(entry, result), result.detach(), units)
            self._heard.append(one)
            # Weakly: the result holds a hook that holds this, in a circle that no garbage collector sees.
            self._result = (weakref.ref(result), _version(result))
            if result.requires_grad:
                result.register_hook(functools.partial(self._gradient, one))  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 (whatever it is, the user's pass goes on)
            self._failed(error)

    def _units(self, kind: str, args: tuple[Any, ...], named: Mapping[str, Any], result: Tensor) -> Tensor:
        """Return the output with its units last, (N, H), and note whose they are."""
        if kind in ("linear", "convolution", "norm"):
            weight = named.get("weight", args[1] if len(args) > 1 and kind != "norm" else None)
            known = self._names.get(id(weight)) if isinstance(weight, Tensor) else None
            self._last = known.removesuffix(".weight") if known else kind
            if known is None and isinstance(weight, nn.Parameter) and weight.requires_grad:
                self.weights.append(weight)
            if kind != "norm":
                self._channels_first = kind == "convolution"
        first = self._channels_first or result.ndim >= 4
        if result.ndim > 2 and first:
            return result.detach().movedim(1, -1).reshape(-1, result.shape[1])
        return result.detach().reshape(-1, result.shape[-1] if result.ndim else 1)

    def _entry(self, entry: Any, result: Tensor) -> tuple[Tensor, int] | None:
        """Return length and number of what went in: mostly the output before, whose length is known."""
        if not isinstance(entry, Tensor) or not entry.is_floating_point():
            return None
        last, version = self._result
        same = last is not None and entry is last()
        if same and (entry is result or (version is not None and _version(entry) == version)):
            return self._heard[-1].sums[1], entry.numel()
        return sums(entry.detach())[1], entry.numel()

    def _measured(self, kind: str, entry: tuple[Tensor, int] | None, result: Tensor, units: Tensor) -> Heard:
        name = self._last if kind not in NON_LINEAR else f"{self._last}, {kind}".removeprefix(", ")
        one = Heard(name, kind, units.shape[1], result.numel(), len(units), sums(result), entry)
        if kind in RECTIFIERS:
            one.firing = firing_share(units[None])[0]
        elif kind in SQUASHERS:
            one.slopes = remaining_slope(units[None], "sigmoid" if kind == "sigmoid" else "tanh")[0]
        if self._deep:
            one.histogram = histogram(result.reshape(1, -1))[0]
        return one

    def _gradient(self, one: Heard, gradient: Tensor) -> None:
        try:
            given = gradient.detach()
            one.gradient = sums(given)[1]
            if self._deep:
                one.gradient_histogram = histogram(given.reshape(1, -1))[0]
        except Exception as error:  # noqa: BLE001 (as above)
            self._failed(error)

    def take(self) -> Callable[[], tuple[UnitLook, ...]]:
        """Return what makes plain numbers of what was heard, in the order of the pass."""
        self._result = (None, None)
        return functools.partial(_taken, self._heard)


def _taken(heard: Sequence[Heard]) -> tuple[UnitLook, ...]:
    numbers = [
        number
        for one in heard
        for number in (*one.sums, one.entry and one.entry[0], one.gradient)
        if number is not None
    ]
    told = iter(torch.stack([one.float() for one in numbers]).tolist() if numbers else ())  # at one go
    return tuple(_look(place, one, told) for place, one in enumerate(heard))


def _version(tensor: Tensor) -> int | None:
    """Return how often a tensor was written into; None where nobody counts."""
    return None if tensor.is_inference() else tensor._version


def _look(place: int, one: Heard, told: Iterator[float]) -> UnitLook:
    total, length = next(told), next(told)
    average, spread, rms = of_sums(total, length, one.num_values)
    entry = next(told) / math.sqrt(max(1, one.entry[1])) if one.entry is not None else math.nan
    gradient = next(told) / math.sqrt(max(1, one.num_values)) if one.gradient is not None else math.nan
    counts = () if one.firing is None else tuple((one.firing * one.rows).round().long().tolist())
    return UnitLook(
        place=place,
        name=one.name,
        kind=one.kind,
        num_units=one.num_units,
        num_values=one.num_values,
        input_rms=entry,
        mean=average,
        deviation=spread,
        rms=rms,
        gradient_rms=gradient,
        firing=counts,
        slopes=() if one.slopes is None else tuple(one.slopes.tolist()),
        rows=one.rows,
        histogram=() if one.histogram is None else tuple(one.histogram.tolist()),
        gradient_histogram=() if one.gradient_histogram is None else tuple(one.gradient_histogram.tolist()),
    )
