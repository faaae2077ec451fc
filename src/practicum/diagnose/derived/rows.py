"""The rows that were kept, put in order for rules: distinct training rows, validation rows, targets as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts

FEW_CLASSES = 200
"""Whole-numbered targets with at most so many values are classes."""


@dataclass(frozen=True, slots=True)
class KeptRows:
    """Rows with targets.

    Attributes:
        x: distinct training inputs as they came to `monitor.step`, (N, …).
        y: their targets, (N, …).
        valid_x: validation inputs, (M, …), or None.
        valid_y: their targets, or None.
        num_classes: of targets that are classes, one a row; 0 where they are not.
    """

    x: Tensor
    y: Tensor
    valid_x: Tensor | None
    valid_y: Tensor | None
    num_classes: int


@kept
def rows_of(facts: Facts) -> KeptRows | None:
    """Return the kept rows; None where the loop gave no inputs, or no targets."""
    sample = facts.sample
    x, y = sample.first.inputs(), sample.first.targets()
    if x is None or y is None:
        return None
    later_x, later_y = sample.later.inputs(), sample.later.targets()
    if later_x is not None and later_y is not None and later_x.shape[1:] == x.shape[1:]:
        x, y = torch.cat([x, later_x]), torch.cat([y, later_y.to(y.dtype)])
    order = first_of_each(x)
    valid_x, valid_y = sample.valid.inputs(), sample.valid.targets()
    return KeptRows(x[order], y[order], valid_x, valid_y, classes_in(y))


def first_of_each(x: Tensor) -> Tensor:
    """Return the places of the first row of each kind, in their order; equal rows are one.

    Example:
        >>> first_of_each(torch.tensor([[1.0], [2.0], [1.0]]))
        tensor([0, 1])
    """
    seen: dict[bytes, int] = {}
    flat = x.reshape(len(x), -1).contiguous().view(torch.uint8)  # any type of numbers
    for place, row in enumerate(flat.numpy()):
        seen.setdefault(row.tobytes(), place)
    return torch.tensor(sorted(seen.values()), dtype=torch.long)


def classes_in(y: Tensor) -> int:
    """Return how many classes the targets name: of one whole number a row; 0 where they are something else.

    Example:
        >>> classes_in(torch.tensor([0, 2, 1])), classes_in(torch.tensor([[0.0], [1.0]])), classes_in(torch.rand(9))
        (3, 2, 0)
    """
    flat = y.reshape(len(y), -1)
    if flat.shape[1] != 1 or len(flat) == 0:
        return 0
    if y.is_floating_point():
        return 2 if bool(((y == 0) | (y == 1)).all()) else 0
    highest = int(y.max()) + 1
    return highest if int(y.min()) >= 0 and highest <= FEW_CLASSES else 0
