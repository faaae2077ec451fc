"""How sure the network is of each kept row's class (or of each place's), and whether it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from practicum.checks.loss_fit import ROWS_SUM_TO_ONE, are_probabilities
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.outputs import Outputs, train_outputs, valid_outputs
from practicum.monitor.facts import Facts


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows, or places of rows, that have a class.

    Attributes:
        probabilities: of each class, (N, C).
        labels: as they were given, (N,).
    """

    probabilities: Tensor
    labels: Tensor

    @property
    def wrong(self) -> Tensor:
        """Whether the likeliest class is not the label, (N,)."""
        return self.probabilities.argmax(1) != self.labels

    @property
    def error(self) -> float:
        """Share of rows that are misjudged."""
        return float(self.wrong.double().mean())

    @property
    def constant(self) -> float:
        """Error of the most frequent class."""
        return 1 - float(torch.bincount(self.labels).max()) / len(self.labels)

    def surest_wrong(self, share: float) -> tuple[float, int]:
        """Return the error among that share of the rows of which the network is surest, and how many they are."""
        num = max(1, round(share * len(self.labels)))
        surest = self.probabilities.max(1).values.argsort(descending=True)[:num]
        return float(self.wrong[surest].double().mean()), num


@kept
def judged_valid(facts: Facts) -> Judged | None:
    """Return the validation rows as judged now; None where these have no classes."""
    return judged(valid_outputs(facts))


@kept
def judged_train(facts: Facts) -> Judged | None:
    """Return likewise the training rows."""
    return judged(train_outputs(facts))


def judged(given: Outputs | None) -> Judged | None:
    """Return outputs as probabilities of classes; None where they, or the targets, are of another kind.

    Example:
        >>> judged(Outputs(torch.tensor([[[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1, -100]]), None, None)).labels
        tensor([1])
    """
    if given is None or not len(given.targets):
        return None
    split = split_classes(given.outputs, given.targets)
    if split is None:
        return None
    outputs, labels = split
    known = (labels >= 0) & (labels < outputs.shape[1]) & outputs.isfinite().all(1)
    return Judged(probabilities(outputs[known]), labels[known]) if bool(known.any()) else None


def split_classes(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor] | None:
    """Return outputs as (N, C) and whole-numbered targets as (N,), a row for each place that has a class."""
    if outputs.ndim >= 2 and outputs.shape[1] > 1 and not targets.is_floating_point():
        if targets.shape == (len(outputs), *outputs.shape[2:]):
            return outputs.movedim(1, -1).reshape(-1, outputs.shape[1]), targets.reshape(-1).long()
        return None
    if outputs.numel() != len(outputs) or targets.numel() != len(outputs):
        return None
    labels = targets.reshape(-1)
    if not bool(((labels == 0) | (labels == 1)).all()):
        return None
    single = outputs.reshape(-1)
    if bool(((single >= 0) & (single <= 1)).all()):
        return torch.stack([1 - single, single], 1), labels.long()
    return torch.stack([torch.zeros_like(single), single], 1), labels.long()


def probabilities(outputs: Tensor) -> Tensor:
    """Return the probabilities that outputs are, or are the logarithms of, (N, C).

    Example:
        >>> probabilities(torch.tensor([[0.25, 0.75]]))
        tensor([[0.2500, 0.7500]])
    """
    if are_probabilities(outputs):
        return outputs
    normalised = float(outputs.logsumexp(1).abs().max()) <= ROWS_SUM_TO_ONE
    return outputs.exp() if normalised else outputs.softmax(1)
