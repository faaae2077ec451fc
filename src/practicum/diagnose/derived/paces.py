"""How large the steps are, and what sets them: clipping, noise, velocity, ε and decay, over looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts
from practicum.monitor.look import Look, ParameterLook

DECOUPLED = frozenset({"AdamW", "NAdamW", "Lion", "SGDW", "Adan"})
"""Optimisers whose decay does not pass through the gradient."""


@dataclass(frozen=True, slots=True)
class Paces:
    """Medians over looks; "late" ones are of the second half of the steps. nan where nothing was seen.

    Attributes:
        early_update: size of a step beside the weights (the median of weight tensors), in the first looks.
        update: likewise, late.
        alignment: mean cosine of gradients that follow each other, late.
        noise_scale: examples at which noise and signal of the gradient are alike, late.
        clipped: share of looks at which gradients were made shorter before the update.
        left: median of the part of their length that was left, where they were.
        clip: the largest norm that was let through where they were.
        velocity: length of the optimiser's running mean beside the gradient's.
        epsilon: share of numbers whose rate ε holds up, late.
        decay: part of a step that decay makes (decoupled), or decay beside gradient, late.
        norm: length of all weights in the last look beside that in the first.
    """

    early_update: float
    update: float
    alignment: float
    noise_scale: float
    clipped: float
    left: float
    clip: float
    velocity: float
    epsilon: float
    decay: float
    norm: float


@kept
def paces_of(facts: Facts) -> Paces | None:
    """Return the paces; None where nothing was looked at."""
    looks = [one for one in facts.looks if one.parameters]
    if not looks:
        return None
    late = [one for one in looks if one.step > facts.num_steps / 2] or looks[-1:]
    left = [_left(one) for one in looks]
    shorter = [(part, one) for part, one in zip(left, looks, strict=True) if is_clipped(part)]
    first, last = _length(looks[0].weights, "norm"), _length(looks[-1].weights, "norm")
    return Paces(
        early_update=_median(looks[:4], update_of),
        update=_median(late, update_of),
        alignment=_mean(one.alignment for one in late),
        noise_scale=noise_scale(facts, late),
        clipped=len(shorter) / len(looks),
        left=float(np.median([part for part, _ in shorter])) if shorter else math.nan,
        clip=max((_length(one.parameters, "gradient_norm") for _, one in shorter), default=math.inf),
        velocity=_median(looks[2:] or looks, _velocity),
        epsilon=_median(late, _epsilon),
        decay=_median(late, _decay),
        norm=last / first if first > 0 else math.nan,
    )


def update_of(look: Look) -> float:
    """Return the median of the sizes of a step beside the weights; nan where there are no weights."""
    ratios = [one.update_ratio for one in look.weights if math.isfinite(one.update_ratio)]
    return float(np.median(ratios)) if ratios else math.nan


def noise_scale(facts: Facts, looks: Sequence[Look]) -> float:
    """Return the noise scale of some looks; infinite where no signal is left, nan where no pair was seen."""
    pairs = [(one.signal, one.noise) for one in looks if math.isfinite(one.signal)]
    if not pairs:
        return math.nan
    signal, noise = (sum(one) for one in zip(*pairs, strict=True))
    return rows_of_update(facts) * noise / signal if signal > 0 else math.inf


def is_clipped(left: float) -> bool:
    """Return whether gradients were clipped to that part of their length, not scaled (by mixed precision).

    Example:
        >>> is_clipped(0.3), is_clipped(1.0), is_clipped(2.0**-16), is_clipped(float("nan"))
        (True, False, False, False)
    """
    if not 0 < left < 0.99:
        return False
    power = math.log2(left)
    return abs(power - round(power)) > 1e-3


def _left(look: Look) -> float:
    """Return which part of the gradient's length was left when the optimiser took it; nan if unknown."""
    seen = [one for one in look.parameters if math.isfinite(one.raw_norm)]
    before, after = _length(seen, "raw_norm"), _length(seen, "gradient_norm")
    return after / before if before > 0 else math.nan


def _velocity(look: Look) -> float:
    seen = [one for one in look.parameters if math.isfinite(one.velocity_norm)]
    velocity, gradient = _length(seen, "velocity_norm"), _length(seen, "gradient_norm")
    return velocity / gradient if gradient > 0 else math.nan


def _epsilon(look: Look) -> float:
    seen = [one for one in look.parameters if math.isfinite(one.epsilon_share)]
    total = sum(one.size for one in seen)
    return sum(one.size * one.epsilon_share for one in seen) / total if total else math.nan


def _decay(look: Look) -> float:
    strongest = max(look.settings, key=lambda one: one.weight_decay, default=None)
    if strongest is None or strongest.weight_decay <= 0:
        return 0.0
    norm = _length(look.weights, "norm") * strongest.weight_decay
    if strongest.optimizer in DECOUPLED:
        step = _length(look.weights, "update_norm")
        return strongest.learning_rate * norm / step if step > 0 else math.nan
    gradient = _length(look.weights, "gradient_norm")
    return norm / gradient if gradient > 0 else math.nan


def _length(looks: Iterable[ParameterLook], name: str) -> float:
    """Return the length of all parameters' numbers of that name together."""
    return math.hypot(*(getattr(one, name) for one in looks))


def _median(looks: Sequence[Look], of: Callable[[Look], float]) -> float:
    told = [value for value in map(of, looks) if math.isfinite(value)]
    return float(np.median(told)) if told else math.nan


def _mean(values: Iterable[float]) -> float:
    told = [value for value in values if math.isfinite(value)]
    return float(np.mean(told)) if told else math.nan


def rows_of_update(facts: Facts) -> int:
    """Return the rows whose gradients an update has: several batches where they are accumulated; 0 if unknown.

    Example:
        >>> rows_of_update(Facts(batch_size=2, update_rows=32)), rows_of_update(Facts(batch_size=2))
        (32, 2)
    """
    return max(facts.batch_size, facts.update_rows)
