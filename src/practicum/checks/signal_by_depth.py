"""What the signal says about the initial weights: too small, too large, all alike, units without a slope.

Limits are wide: PyTorch's own weights must pass, though in deep nets of rectifiers they let the signal shrink.
Source: Bengio 2012, 6.1-05; faults A1 to A7.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from practicum.checks.loss_kind import Loss
from practicum.checks.signal import NUM_PROBES, SignalRow, signal_rows
from practicum.core.finding import Finding, Severity

ALIKE = 0.5
"""Share of pairs of units with the same weights above which a layer is symmetric [A1]."""

SHRINKS, SHRUNK = 0.2, 1e-2
"""Of the spread over examples: per layer and in all, below which weights are too small [A2]. PyTorch's weights give
.35 a layer with rectifiers, a tenth of them .04."""

GROWS, GROWN = 2.0, 10.0
"""The same, above which they are too large [A3]."""

VANISHES, EXPLODES = 1e-3, 1e3
"""Gradient in the first layer over that in the last [A4, A5]."""

MOST_SATURATED = 0.5
"""Share of saturated outputs in one layer [A7]."""

DEAD: tuple[tuple[float, Severity], ...] = ((0.9, "critical"), (0.6, "warning"), (0.25, "info"))
"""Share of dead units in one layer and how grave that is [A6]: in deep nets half are off, by chance, for all examples,
which hardly differ there."""

ENOUGH_EXAMPLES = 64
"""Below, that a unit is off for all says little."""

_ADVICE = "Draw weights from ±√(6 / (inputs + outputs)) for tanh, 4 times that for sigmoids, √2 times for rectifiers."


@dataclass(frozen=True, slots=True)
class SignalByDepth:
    """The signal in each module, and what it says.

    Attributes:
        rows: in the order of calls.
        findings: the gravest first.
    """

    rows: tuple[SignalRow, ...]
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """A table in fixed width, then the findings."""
        head = ("module", "kind", "output", "spread", "gradient", "saturated", "dead", "singular values")
        cells = [head, *(_cells(row) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if 2 <= place <= 6 else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in cells
        ]
        return "\n".join([*lines, *(finding.text for finding in self.findings)])


def signal_by_depth(
    model: nn.Module, loss: Loss, inputs: Any, targets: Any, *, num_probes: int = NUM_PROBES, seed: int = 0
) -> SignalByDepth:
    """Return how outputs, gradients and singular values change from layer to layer, and what is wrong with that.

    Args:
        model: as it is before training; a copy of it in double precision is run, in its mode.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments; the first axis is the examples'.
        targets: as the loss takes them.
        num_probes: examples over which singular values are averaged, ≥ 1.
        seed: of random directions, and of what the model draws.

    Raises:
        ConfigError: if ``num_probes`` is not positive, or the loss depends on no parameter.

    Source:
        Bengio 2012, 6.1-05; faults A1 to A7, with limits of our own that healthy nets pass.

    Example:
        >>> import torch
        >>> model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        >>> _ = nn.init.constant_(model[0].weight, 0.5)
        >>> found = signal_by_depth(model, nn.functional.mse_loss, torch.randn(99, 3), torch.randn(99, 1))
        >>> [one.causes[0][0] for one in found.findings]
        ['A1']
    """
    rows = signal_rows(model, loss, inputs, targets, num_probes=num_probes, seed=seed)
    first = inputs[0] if isinstance(inputs, tuple) else inputs
    num_examples = len(first) if hasattr(first, "__len__") else 0
    found = [*_symmetric(rows), *_slopes(rows, num_examples), *_sizes(rows)]
    found.sort(key=lambda one: ("critical", "warning", "info").index(one.severity))
    return SignalByDepth(rows, tuple(found))


def _symmetric(rows: Sequence[SignalRow]) -> Iterator[Finding]:
    """Yield fault A1: units with the same weights, the more so if they also move alike."""
    for row in rows:
        if row.alike is None or row.alike <= ALIKE or row.moves_alike is None:
            continue
        moves = row.moves_alike > ALIKE
        if row.zero and not moves:  # a layer may well start at zero, if what is above tells its units apart
            continue
        also = " and get the same gradient, so that they stay so" if moves else ""
        yield _finding(
            "critical" if moves else "warning",
            "A1",
            f"{row.alike:.0%} of the pairs of units of `{row.name}` have the same weights{also}.",
            "Draw the weights at random; only biases may start alike.",
            row.name,
        )


def _slopes(rows: Sequence[SignalRow], num_examples: int) -> Iterator[Finding]:
    """Yield faults A6 and A7: units that pass no gradient on."""
    for row in rows:
        if row.saturated is not None and row.saturated > MOST_SATURATED:
            seen = f"{row.saturated:.0%} of the outputs of `{row.name}` are saturated before training."
            yield _finding("warning", "A7", seen, f"Make weights or inputs smaller. {_ADVICE}", row.name)
        severity = next((one for limit, one in DEAD if (row.dead or 0.0) > limit), None)
        if severity is not None:
            yield _finding(
                severity if num_examples >= ENOUGH_EXAMPLES else "info",
                "A6",
                f"{row.dead:.0%} of the units of `{row.name}` are off for all {num_examples} examples.",
                "Start biases at 0 or slightly above, and look at the scale of what goes in.",
                row.name,
            )


def _sizes(rows: Sequence[SignalRow]) -> Iterator[Finding]:
    """Yield faults A2 to A5: a signal that shrinks or grows, forwards or backwards."""
    layers = [row for row in rows if row.num_layers]
    spreads = [row.spread for row in layers if row.spread > 0]
    if len(spreads) > 1:
        total = spreads[-1] / spreads[0]
        factor = total ** (1 / (len(spreads) - 1))
        seen = f"What differs between examples changes by {factor:.2g} a layer, by {total:.2g} in all."
        if factor < SHRINKS and total < SHRUNK:
            yield _finding("warning", "A2", f"{seen} The weights are too small.", _ADVICE)
        elif factor > GROWS and total > GROWN:
            yield _finding("warning", "A3", f"{seen} The weights are too large.", _ADVICE)
    sizes = [row.gradient_size for row in layers]
    if len(sizes) < 2 or not sizes[0] > 0 or not sizes[-1] > 0:
        return
    ratio = sizes[0] / sizes[-1]
    seen = f"The gradient in the first layer is {ratio:.2g} of that in the last."
    if ratio < VANISHES:
        yield _finding("info", "A4", seen, "Normalisation, skip connections or larger weights keep it alive.")
    elif ratio > EXPLODES:
        yield _finding("warning", "A5", seen, f"Make weights smaller or clip gradients. {_ADVICE}")


def _finding(severity: Severity, fault: str, seen: str, advice: str, module: str | None = None) -> Finding:
    """Return a finding with one cause, of one module or of the whole net."""
    causes = ((fault, 0.7 if severity == "info" else 0.9),)
    places = () if module is None else (("module", module),)
    return Finding("signal", severity, causes, seen, advice, "6.1-05", places)


def _cells(row: SignalRow) -> tuple[str, ...]:
    """Return one line of the table."""
    if row.stretch is None:
        values = "–"
    elif row.stretch.largest is None:
        values = f"root mean square {row.stretch.root_mean_square:.2g}"
    else:
        values = f"{row.stretch.largest:.2g}, {row.stretch.median:.2g}, {row.stretch.smallest:.2g}"
    sizes = (row.output_size, row.output_spread, row.gradient_size)
    return (
        row.name or "(model)",
        row.kind,
        *("–" if math.isnan(one) else f"{one:.2g}" for one in sizes),
        *("–" if one is None else f"{one:.0%}" for one in (row.saturated, row.dead)),
        values,
    )
