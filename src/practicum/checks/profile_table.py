"""What the profile of a training step says: a table of its parts, one of its modules, copies between devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from practicum.core.finding import Finding

NUM_SHOWN = 12
"""Modules in the table, the dearest first; ``modules`` has them all."""


@dataclass(frozen=True, slots=True)
class PartCost:
    """What a part of the step costs.

    Attributes:
        name: "forward", "loss", "backward" or "optimiser".
        share: of the time of a step.
        seconds: a step.
        num_bytes: allocated in it a step, all of which may be free again.
    """

    name: str
    share: float
    seconds: float
    num_bytes: int


@dataclass(frozen=True, slots=True)
class ModuleCost:
    """What one module itself costs, without the modules in it.

    Attributes:
        name: as in ``named_modules``; "" is the model itself.
        kind: its class.
        num_calls: a step.
        forward_seconds: a step.
        backward_seconds: a step, of what its forward pass made; adding up of gradients is nobody's.
        share: of the time of a step, both ways.
        num_bytes: allocated by its forward pass, a step.
    """

    name: str
    kind: str
    num_calls: float
    forward_seconds: float
    backward_seconds: float
    share: float
    num_bytes: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Where time and memory of a training step go.

    Attributes:
        parts: forward, loss, backward, optimiser.
        modules: those that were called, the dearest first.
        seconds: of a step that nobody watches, the median.
        profiled_seconds: of a step under the profiler, which costs more the smaller the operations are.
        parameter_bytes: of all parameters.
        peak_bytes: held at once above what there was before the step.
        num_copies: between host and device, a step [5.1-03].
        device: of the parameters.
        num_rows: of the minibatch.
        num_steps: that were profiled.
        optimizer: its class.
    """

    parts: tuple[PartCost, ...]
    modules: tuple[ModuleCost, ...]
    seconds: float
    profiled_seconds: float
    parameter_bytes: int
    peak_bytes: int
    num_copies: float
    device: str
    num_rows: int
    num_steps: int
    optimizer: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Copies between host and device in every step [5.1-03]."""
        if self.num_copies < 1:
            return ()
        seen = f"Each step copies {self.num_copies:g} times between the host and {self.device}."
        advice = "Keep data and operations on the device; look for `.item()`, `.cpu()`, `.to()` and masks in the model."
        return (Finding("device-copies", "warning", (), seen, advice, "5.1-03"),)

    @property
    def text(self) -> str:
        """Two tables in fixed width, and what they are of."""
        head = (
            f"A step on {self.num_rows:,} rows takes {_time(self.seconds)} on {self.device} "
            f"({_time(self.profiled_seconds)} under the profiler, which is where the shares are from); "
            f"optimiser: {self.optimizer}."
        )
        parts = [("part", "share", "time", "allocated")]
        parts += [
            (one.name, f"{one.share:.0%}", _time(one.seconds), _size(one.num_bytes)) for one in self.parts
        ]
        shown = self.modules[:NUM_SHOWN]
        modules = [("module", "kind", "calls", "share", "forward", "backward", "allocated")]
        modules += [
            (
                one.name or "(model)",
                one.kind,
                f"{one.num_calls:g}",
                f"{one.share:.0%}",
                _time(one.forward_seconds),
                _time(one.backward_seconds),
                _size(one.num_bytes),
            )
            for one in shown
        ]
        more = len(self.modules) - len(shown)
        return "\n".join(
            [
                head,
                *_table(parts, 1),
                *_table(modules, 2),
                *([f"and {more} more"] if more else []),
                f"Memory: {_size(self.parameter_bytes)} of parameters; a step holds at most {_size(self.peak_bytes)} "
                "beside them.",
                self._copied,
            ]
        )

    @property
    def _copied(self) -> str:
        """One sentence on copies."""
        if self.device == "cpu":
            return "Copies between host and device: 0, for all of it runs on the CPU [5.1-03]."
        return f"Copies between host and device: {self.num_copies:g} a step [5.1-03]."

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)


def _table(cells: Sequence[tuple[str, ...]], num_left: int) -> list[str]:
    """Return lines in fixed width, the first columns to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place < num_left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def _time(seconds: float) -> str:
    """Return a time in its own unit.

    Example:
        >>> _time(0.00123), _time(2.5), _time(0.0000042), _time(0.0)
        ('1.23 ms', '2.50 s', '4.2 µs', '–')
    """
    if seconds == 0:
        return "–"
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _size(num_bytes: int) -> str:
    """Return a size in its own unit.

    Example:
        >>> _size(0), _size(2048), _size(3 * 2**20)
        ('–', '2 KiB', '3 MiB')
    """
    if num_bytes == 0:
        return "–"
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if num_bytes >= 2**power:
            return f"{num_bytes / 2**power:.3g} {unit}"
    return f"{num_bytes} B"
