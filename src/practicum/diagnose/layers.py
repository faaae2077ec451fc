"""What each hidden layer knows, and whether lower layers are idle while the top layer has learnt all by heart [4.1-09].

Three looks at each layer, on the same rows: a linear probe on its outputs before and after training [4.2-12]; how far
its outputs moved from what the untrained layers gave; and what becomes of the validation loss when the layer is put
back to where it began. Frozen at random, lower layers that are idle would have done as well.
Source: Bengio 2012, 4.1-09, 4.2-12; the similarity is linear CKA (Kornblith et al. 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from practicum.core.finding import Finding
from practicum.core.intervals import Difference
from practicum.core.metrics import Task, error, paired_difference
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.diagnose.probes import probed, similarity
from practicum.models.activations import ACTIVATIONS
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.output import OUTPUT_UNITS
from practicum.recipe import Recipe

MAX_ROWS = 2000
"""Rows that a probe learns from, and rows that it is tested on, at most."""

ALIKE = 0.98
"""Similarity of a layer's outputs before and after training, above which they are the same features."""

BY_HEART = 0.75
"""Part of the validation error below which the training error shows that rows are learnt by heart."""

MISSED = 0.02
"""Part of the validation loss by which it rises at most when an idle layer is put back to its start."""

RULE = "layers"


@dataclass(frozen=True, slots=True)
class Layer:
    """One hidden layer.

    Attributes:
        number: from the input, 1 first.
        num_units: units.
        at_start: validation error of a linear probe on its outputs before training.
        at_end: the same after it.
        difference: the second minus the first, with its interval; negative = training made the layer know more.
        similarity: of its outputs before and after; 1 = the same features, up to rotation and scale.
        put_back: by how much the validation loss rises when the layer alone is put back to its start.
    """

    number: int
    num_units: int
    at_start: float
    at_end: float
    difference: Difference
    similarity: float
    put_back: float

    @property
    def knows_more(self) -> bool:
        """Whether the probe does clearly better after training."""
        return self.difference.high < 0.0

    @property
    def unmoved(self) -> bool:
        """Whether training has left its features as they were, and no better."""
        return self.similarity > ALIKE and not self.knows_more


@dataclass(frozen=True, slots=True)
class Layers:
    """What the hidden layers of a network know.

    Attributes:
        layers: from the input on.
        train_error: of the network, on the probes' rows.
        valid_error: likewise.
        valid_loss: likewise.
    """

    layers: tuple[Layer, ...]
    train_error: float
    valid_error: float
    valid_loss: float

    @property
    def by_heart(self) -> bool:
        """Whether the network knows its training rows far better than others."""
        return self.train_error <= BY_HEART * self.valid_error and self.valid_error > 0.0

    @property
    def idle(self) -> tuple[int, ...]:
        """Numbers of the layers that are unmoved and not missed, where rows are learnt by heart above; else none."""
        if not self.by_heart:
            return ()
        most = MISSED * abs(self.valid_loss)
        return tuple(one.number for one in self.layers if one.unmoved and one.put_back <= most)

    @property
    def finding(self) -> Finding | None:
        """What is wrong, None where nothing is."""
        if not self.idle:
            return None
        which = ("Layer " if len(self.idle) == 1 else "Layers ") + ", ".join(map(str, self.idle))
        seen = (
            f"{which} of {len(self.layers)} hidden did not learn: the features are those of the start, a linear probe "
            f"on them is no better, yet the training error is {self.train_error:.3g} against {self.valid_error:.3g} on "
            "validation rows. The layers above have learnt the rows by heart."
        )
        return Finding(RULE, "warning", (("A16", 0.7), ("E1", 0.2)), seen, ADVICE, "4.1-09, 4.2-12")

    @property
    def text(self) -> str:
        """A line for each layer, and what is wrong."""
        lines = [
            f"Layer {one.number} ({one.num_units} units): linear probe {one.at_start:.3g} before training, "
            f"{one.at_end:.3g} after; similarity {one.similarity:.2f}; put back to its start, the validation loss "
            f"{'rises' if one.put_back >= 0 else 'falls'} by {abs(one.put_back):.3g}."
            for one in self.layers
        ]
        found = self.finding
        return "\n".join([*lines, found.text if found else NOT_IDLE])


ADVICE = (
    "Give lower layers a larger learning rate (`layer_rate_multipliers`), take a smaller top layer, or pre-train layer "
    "by layer."
)
NOT_IDLE = "No hidden layer is idle [4.1-09]."


def start_of(member: MLP, recipe: Recipe, seeds: Sequence[int]) -> MLP:
    """Return the member as it was before training: of the seeds it may have had, that of the nearest weights.

    Args:
        member: a trained network.
        recipe: that it was trained by.
        seeds: at least one.

    Example:
        >>> from practicum.models.network import Network
        >>> recipe, network = Recipe(hidden_sizes=(5,)), Network(3, (5,), 1, "tanh", "binary")
        >>> values = initial_parameters(network, 7)
        >>> member = MLP(network, {name: torch.from_numpy(value).float() for name, value in values.items()})
        >>> torch.equal(start_of(member, recipe, [3, 7]).layers[0].weight, member.layers[0].weight)
        True
    """
    known = [_untrained(member, recipe, seed) for seed in seeds]

    def distance(start: MLP) -> float:
        first = "layers.0.weight"
        return float((start.state_dict()[first] - member.state_dict()[first]).square().sum())

    return min(known, key=distance)


def look_at_layers(
    member: MLP, start: MLP, train: Dataset, valid: Dataset, *, in_doubt: bool = False
) -> Layers | None:
    """Return what each hidden layer of a trained network knows, None where there is no hidden layer.

    Args:
        member: the network.
        start: the same before training.
        train: rows that it was trained on, prepared.
        valid: rows that it was not trained on.
        in_doubt: look on only where layers may be idle, since rows are learnt by heart and features are those of the
            start; else None as well.

    Source:
        Bengio 2012, 4.1-09, 4.2-12.
    """
    if not member.network.hidden_sizes or not len(train) or not len(valid):
        return None
    task, train, valid = _task(member), _some(train, "probe/train"), _some(valid, "probe/valid")
    loss = _loss(member, valid)
    whole = Layers((), _own_error(member, train), _own_error(member, valid), loss)
    if in_doubt and not whole.by_heart:
        return None
    before = [_features(start, rows) for rows in (train, valid)]
    after = [_features(member, rows) for rows in (train, valid)]
    alike = [similarity(one, other) for one, other in zip(before[1], after[1], strict=True)]
    if in_doubt and max(alike) <= ALIKE:
        return None
    truth = valid.target.double().numpy()
    layers = []
    for place, size in enumerate(member.network.hidden_sizes):
        at_start, at_end = (
            probed(task, sides[0][place], train.target, sides[1][place]) for sides in (before, after)
        )
        layers.append(
            Layer(
                place + 1,
                size,
                error(task, truth, at_start),
                error(task, truth, at_end),
                paired_difference(task, truth, at_end, at_start),
                alike[place],
                _loss(_put_back(member, start, place), valid) - loss,
            )
        )
    return replace(whole, layers=tuple(layers))


def _task(member: MLP) -> Task:
    return member.network.task  # type: ignore[return-value]


def _untrained(member: MLP, recipe: Recipe, seed: int) -> MLP:
    """Return the network that ``recipe`` begins with under a seed."""
    values = initial_parameters(
        member.network, seed, recipe.init_scale, recipe.init_distribution, recipe.init_range
    )
    return MLP(member.network, {name: torch.from_numpy(value).float() for name, value in values.items()})


def _some(rows: Dataset, purpose: str) -> Dataset:
    """Return the rows, or a fixed sample of :data:`MAX_ROWS`."""
    if len(rows) <= MAX_ROWS:
        return rows
    which = torch.from_numpy(np.sort(stream(0, purpose).choice(len(rows), MAX_ROWS, replace=False)))
    return replace(rows, x=rows.x[which], codes=rows.codes[which], target=rows.target[which])


@torch.no_grad()
def _features(member: MLP, rows: Dataset) -> list[Tensor]:
    """Return the outputs of each hidden layer, (N, H) each."""
    x = rows.x
    if member.embeddings:
        looked_up = [table(rows.codes[:, column]) for column, table in enumerate(member.embeddings)]
        x = torch.cat([x, *looked_up], dim=1)
    found = []
    for layer in member.layers[:-1]:
        x = ACTIVATIONS[member.network.activation].function(layer(x))
        found.append(x)
    return found


@torch.no_grad()
def _loss(member: MLP, rows: Dataset) -> float:
    """Return the mean loss."""
    unit = OUTPUT_UNITS[member.network.task]
    return float(unit.row_losses(member(rows.x, rows.codes), rows.target).double().mean())


@torch.no_grad()
def _own_error(member: MLP, rows: Dataset) -> float:
    """Return the error of the network itself."""
    unit = OUTPUT_UNITS[member.network.task]
    logits = member(rows.x, rows.codes)
    prediction = unit.predict(logits, torch.empty_like(logits)).double().numpy()
    return error(_task(member), rows.target.double().numpy(), prediction)


def _put_back(member: MLP, start: MLP, place: int) -> MLP:
    """Return the network with one hidden layer as it was before training."""
    mine: Mapping[str, Tensor] = member.state_dict()
    theirs = start.state_dict()
    own = f"layers.{place}."
    return MLP(
        member.network, {name: theirs[name] if name.startswith(own) else one for name, one in mine.items()}
    )
