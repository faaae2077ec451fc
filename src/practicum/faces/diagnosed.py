"""What a diagnosis of a run found, as text and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from practicum.core.summary import Fitting
from practicum.diagnose.evidence.recipe_comparison import RecipeComparison
from practicum.diagnose.layers import Layer, Layers
from practicum.report.words import VERDICT

WITHOUT_HIDDEN = "The network has no hidden layers, or its members come from folds."


@dataclass(frozen=True, slots=True)
class RunDiagnosis:
    """What was found out about a run.

    Attributes:
        run: its folder.
        fitting: whether it under- or overfits, with the chapter's list [4.1-08]; by validation rows alone.
        layers: what each hidden layer knows [4.1-09, 4.2-12]; None where there is none.
        tried: changes of the recipe, the confirmed ones first.
        capacity: what more capacity does [4.1-08]; empty where it was not tried.
        interrupted: whether Ctrl-C or the time ended it early.
        notes: what was left out, and why.
    """

    run: Path
    fitting: Fitting | None
    layers: Layers | None
    tried: tuple[RecipeComparison, ...]
    capacity: str
    interrupted: bool
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, in lines."""
        lines: list[str] = []
        if self.fitting is not None:
            lines += [f"{VERDICT[self.fitting.verdict]} [4.1-08].", self.fitting.text]
            lines += [f"  - {one}" for one in self.fitting.advice]
        if self.capacity:
            lines.append(self.capacity)
        lines += ["", "Layers"]
        lines.append(WITHOUT_HIDDEN if self.layers is None else self.layers.text)
        if self.tried:
            lines += ["", "Tried, beside changes at random"]
            lines += [f"  {'+' if one.confirmed else '-'} {one.text}" for one in self.tried]
        lines += [f"Left out: {one}" for one in self.notes]
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        layers, found = self.layers, None if self.layers is None else self.layers.finding
        return {
            "run": str(self.run),
            "fitting": None if self.fitting is None else self.fitting.model_dump(mode="json"),
            "capacity": self.capacity,
            "layers": [] if layers is None else [_layer(one, layers) for one in layers.layers],
            "findings": [] if found is None else [found.as_mapping()],
            "tried": [one.as_mapping() for one in self.tried],
            "interrupted": self.interrupted,
            "notes": list(self.notes),
        }


def capacity_words(tried: Sequence[RecipeComparison]) -> str:
    """Return what twice the hidden units do to training and validation loss, in a sentence [4.1-08]."""
    wider = next((one for one in tried if one.name == "twice the hidden units"), None)
    if wider is None:
        return ""
    train, valid = float(np.mean(wider.train_gains)), float(np.mean(wider.gains))
    if valid > 0 and wider.confirmed:
        meaning = "both fall, so it was too small" if train > 0 else "validation gains"
    elif train > 0:
        meaning = "only the training rows gain by it: more capacity overfits"
    else:
        meaning = "neither gains by it: capacity is not what is missing"
    return (
        f"With twice the hidden units the training loss {_moves(train)} and the validation loss {_moves(valid)}: "
        f"{meaning} [4.1-08]."
    )


def _moves(gain: float) -> str:
    return f"{'falls' if gain >= 0 else 'rises'} by {abs(gain):.3g}"


def _layer(one: Layer, layers: Layers) -> dict[str, Any]:
    """Return a layer as JSON has it."""
    return {
        "layer": one.number,
        "num_units": one.num_units,
        "probe_at_start": one.at_start,
        "probe_at_end": one.at_end,
        "difference": [one.difference.value, one.difference.low, one.difference.high],
        "similarity": one.similarity,
        "put_back": one.put_back,
        "idle": one.number in layers.idle,
    }
