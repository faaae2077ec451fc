"""Padding that counts in the loss as if it were data."""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.checks.doubles import own_loss
from practicum.checks.loss_kind import value_of
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.outputs import start_outputs
from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts

MUCH = 0.2
"""Share of the places that is padding, from which it matters whether it counts."""

UNEVEN = 0.3
"""Share of the rows whose padding must begin elsewhere than in the others, or whose last places are all the same."""

ROWS = 64


def check(facts: Facts) -> str | None:
    """Say how much of what the loss counts is padding."""
    share = _padding(facts)
    if share is None or share < MUCH:
        return None
    return (
        f"{share:.0%} of the places are padding (the same input at the end of rows, with the same target), and the "
        "loss counts them."
    )


@kept
def _padding(facts: Facts) -> float | None:
    """Return the share of places that are padding which the loss counts; None where there is none, or nobody knows."""
    rows, start, trained = rows_of(facts), start_outputs(facts), facts.trained
    if rows is None or start is None or trained is None or trained.loss_fn is None:
        return None
    x, y = rows.x[: len(start.targets)], start.targets
    if y.ndim != 2 or x.ndim < 2 or x.shape[:2] != y.shape or y.shape[1] < 3:
        return None
    padded = _at_the_end(x)
    if not bool(padded.any()):
        return None
    targets = y[padded]
    if bool((targets != targets[0]).any()):
        return None
    return float(padded.double().mean()) if _counts(trained.loss_fn, start.outputs, y, padded) else None


def _at_the_end(x: Tensor) -> Tensor:
    """Return which places are padding: one input that fills the ends of most rows and is nowhere before, (N, T)."""
    places = x.reshape(*x.shape[:2], -1)
    last = places[:, -1]
    value = last.mode(0).values
    same = (places == value).all(2)
    ends = same.flip(1).long().cumprod(1).flip(1).bool()  # from where on all are the same
    lengths = ends.sum(1)
    if float((lengths > 0).double().mean()) < UNEVEN or int((same & ~ends).sum()) > 0.05 * int(ends.sum()):
        return torch.zeros_like(ends)
    return ends & ~(lengths == x.shape[1])[:, None]


def _counts(loss_fn: object, outputs: Tensor, y: Tensor, padded: Tensor) -> bool:
    """Return whether the loss changes with what the network says of padding."""
    loss = own_loss(loss_fn)  # type: ignore[arg-type]
    outputs, y, padded = outputs[:ROWS], y[:ROWS], padded[:ROWS]
    before = value_of(loss, outputs, y)
    changed = outputs.clone()
    if outputs.shape == y.shape:
        changed[padded] += 1.0
    else:
        where = padded.reshape(padded.shape[0], 1, padded.shape[1]).expand_as(outputs)
        changed = torch.where(where, changed.flip(1), changed)
    after = value_of(loss, changed, y)
    return before is not None and after is not None and abs(after - before) > 1e-6 * (1 + abs(before))


RULE = Rule(
    id="R031",
    title="Padding counts in the loss",
    severity="warning",
    causes=(("L10", 0.9),),
    why="The network learns to tell padding, and loss and error look better than they are.",
    advice="Give padding a target of its own and leave it out (`ignore_index`), or multiply by a mask.",
    source="fault-L10",
    inject="Pad rows to thrice their length with label 0.",
    check=check,
)
