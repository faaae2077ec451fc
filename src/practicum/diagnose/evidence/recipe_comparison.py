"""Pairs of trials, with a change of the recipe and without: what it gains, and whether that is more than chance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from practicum.core.seeds import stream
from practicum.diagnose.evidence.ab import WORST, beats, standard_error
from practicum.diagnose.evidence.proof import NUM_CONTROLS, plus_minus
from practicum.diagnose.evidence.recipes import RecipeChange


@dataclass(frozen=True, slots=True)
class Reached:
    """What one trial reached on validation rows, and its training loss."""

    loss: float
    error: float
    train_loss: float


@dataclass(frozen=True, slots=True)
class RecipeComparison:
    """What a change of a recipe does.

    Attributes:
        name: of the change.
        anew: whether both sides began anew, or with the weights of the run's networks.
        num_steps: updates of a trial without the change; at most, where patience may end it.
        gains: by how much the validation loss fell because of it, one a pair.
        error_gains: the same of the validation error.
        train_gains: the same of the training loss.
        controls: mean gains of changes at random.
        confirmed: whether it helps beyond chance and more than they do.
    """

    name: str
    anew: bool
    num_steps: int
    gains: tuple[float, ...]
    error_gains: tuple[float, ...]
    train_gains: tuple[float, ...]
    controls: tuple[float, ...]
    confirmed: bool

    @property
    def text(self) -> str:
        """A sentence."""
        gain = float(np.mean(self.gains))
        falls = f"{'falls' if gain >= 0 else 'rises'} by {plus_minus(abs(gain), standard_error(self.gains))}"
        if self.anew:
            text = f"Begun anew with {self.name}, the validation loss {falls}"
        else:
            text = f"With {self.name} the validation loss {falls} in {self.num_steps:,} steps"
        if self.controls:
            text += f"; random changes: {plus_minus(float(np.mean(self.controls)), standard_error(self.controls))}"
        return text + ("." if self.confirmed else ": not confirmed.")

    def as_mapping(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "change": self.name,
            "began": "anew" if self.anew else "weights",
            "num_steps": self.num_steps,
            "gain": float(np.mean(self.gains)),
            "standard_error": standard_error(self.gains),
            "error_gain": float(np.mean(self.error_gains)),
            "error_standard_error": standard_error(self.error_gains),
            "train_gain": float(np.mean(self.train_gains)),
            "num_pairs": len(self.gains),
            "controls": list(self.controls),
            "confirmed": self.confirmed,
        }


def compared(
    base: Sequence[Reached], others: Mapping[RecipeChange, Sequence[Reached]], num_steps: int, seed: int
) -> list[RecipeComparison]:
    """Return the comparison of each change that is more than a control, the best first."""
    gains = {change: _gains(base, ends, "loss") for change, ends in others.items()}
    tested = [change for change in others if not change.only_control]
    level = 1 - 0.05 / max(1, len(tested))
    usual = float(np.mean([one.loss for one in base]))
    order = [list(others)[k] for k in stream(seed, "control").permutation(len(others))]
    found = []
    for change in tested:
        controls = [gains[one] for one in order if one != change][:NUM_CONTROLS]
        found.append(
            RecipeComparison(
                change.name,
                change.anew,
                num_steps,
                gains[change],
                _gains(base, others[change], "error"),
                _gains(base, others[change], "train_loss"),
                tuple(float(np.mean(one)) for one in controls),
                beats(gains[change], usual, controls, level),
            )
        )
    return sorted(found, key=lambda one: (not one.confirmed, -float(np.mean(one.gains))))


def _gains(base: Sequence[Reached], ends: Sequence[Reached], name: str) -> tuple[float, ...]:
    """Return by how much a number fell in each pair, bounded where a trial diverged."""
    before, after = ([float(getattr(one, name)) for one in side] for side in (base, ends))
    usual = float(np.median([one for one in before if math.isfinite(one)] or [1.0]))
    worst = usual + (WORST - 1) * abs(usual)
    bounded = [[one if one <= worst else worst for one in side] for side in (before, after)]
    return tuple(old - new for old, new in zip(*bounded, strict=True))
