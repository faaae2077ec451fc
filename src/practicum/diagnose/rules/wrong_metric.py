"""A reported error that is not the error: recomputed from the same outputs and targets it is another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from practicum.diagnose.derived.measures import class_errors, number_errors
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.answers import Answered
from practicum.monitor.facts import Facts

SAME = 1e-4
"""Relative difference up to which two errors are the same (metrics may be kept in single precision)."""

APART = 0.1
"""Difference of shares from which a reported one that is no measure known is suspicious."""

LEAST = 2
"""Validations that must agree."""

LEAST_ROWS = 20
"""Rows of a validation below which shares coincide by chance."""


def check(facts: Facts) -> str | Evidence | None:
    """Say what was reported, and what it is by our count."""
    told = [one for one in facts.answers if one.error is not None and math.isfinite(one.error)]
    told = [one for one in told if len(one.outputs) >= LEAST_ROWS and bool(one.outputs.isfinite().all())]
    if len(told) < LEAST:
        return None
    found = [class_errors(one.outputs, one.targets) for one in told]
    if all(one is not None for one in found):
        rows = [len(one[0].labels) for one in found if one is not None]
        return _of_classes(told, [one[1] for one in found if one is not None], rows)
    numbers = [number_errors(one.outputs, one.targets) for one in told]
    return _of_numbers(told, [one for one in numbers if one is not None]) if all(numbers) else None


def _of_classes(
    told: Sequence[Answered], known: Sequence[Mapping[str, float]], rows: Sequence[int]
) -> Evidence | None:
    """Return what is wrong with an error of classes."""
    given = [float(one.error or 0.0) for one in told]
    if any(
        _agree([factor * one for one in given], known, name) for name in known[0] for factor in (1.0, 0.01)
    ):
        return None
    ours = [one["error"] for one in known]
    shown = f"The loop reports errors of {_listed(given)}; from the same outputs and targets we count {_listed(ours)}."
    if all(_same(one, 1 - own) for one, own in zip(given, ours, strict=True)):
        return Evidence(f"{shown} What it reports is the accuracy.", "critical", (("L8", 0.98),))
    if not all(-SAME <= one <= 1 + SAME for one in given):
        return None
    whole = all(abs(one * num - round(one * num)) < 1e-3 for one, num in zip(given, rows, strict=True))
    pairs = list(zip(given, ours, strict=True))
    worse = all(one > own - SAME for one, own in pairs) and any(one > own + SAME for one, own in pairs)
    far = sum(abs(one - own) > APART for one, own in pairs) >= len(pairs) / 2
    if not (far or (whole and worse)):
        return None
    return Evidence(f"{shown} It is none of the measures that we know.", "warning", (("L8", 0.85),))


def _of_numbers(told: Sequence[Answered], known: Sequence[Mapping[str, float]]) -> Evidence | None:
    """Return what is wrong with an error of numbers: other units are sound, sums over rows are not."""
    given = [float(one.error or 0.0) for one in told]
    if any(_agree(given, known, name) for name in known[0]):
        return None
    for name in ("mean square", "mean absolute"):
        for said, factors in (
            ("summed over rows", [float(one.targets.numel()) for one in told]),
            ("divided by the targets' norm", [1 / float(one.targets.double().norm()) for one in told]),
        ):
            ours = [one[name] for one in known]
            if all(_same(a, b * c) for a, b, c in zip(given, ours, factors, strict=True)):
                text = (
                    f"The loop reports errors of {_listed(given)}; that is the {name} error {said} ({_listed(ours)} by "
                    "itself), which depends on how many rows there are."
                )
                return Evidence(text, "warning", (("L8", 0.85),))
    return None


def _agree(given: Sequence[float], known: Sequence[Mapping[str, float]], name: str) -> bool:
    return all(_same(one, own.get(name, math.nan)) for one, own in zip(given, known, strict=True))


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(1e-2, abs(other))


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{one:.4g}" for one in values)


RULE = Rule(
    id="R030",
    title="The reported error is not the error",
    severity="warning",
    causes=(("L8", 0.85),),
    why="Everything is chosen by that number: settings, epochs, networks.",
    advice="Compare with one computed by hand on ten rows: `argmax` along the axis of classes, the right threshold (0 "
    "for logits, 0.5 for probabilities), errors and not accuracies, means and not sums.",
    source="fault-L8",
    inject="Take `argmax(dim=0)`.",
    check=check,
)
