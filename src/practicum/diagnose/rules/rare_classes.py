"""Classes so rare that the network gives them up."""

from __future__ import annotations

import math

import torch

from practicum.diagnose.derived.judged import Judged, judged_valid
from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts
from practicum.monitor.sample import ROWS

RARE = 10.0
"""How many times more frequent the most frequent class is than a rare one."""

GIVEN_UP = 0.8
"""Of the other classes' recall: below it, and by more than chance, rare classes are given up."""

SURE = 2.0
"""Standard errors that the difference of recalls must have beside."""

LEAST = 5
"""Validation rows of rare classes, before their recall is judged."""

HANDFUL = 15
"""Training rows of the rarest class, of all that there are, below which it can be neither learned nor judged."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how rare the rare classes are, and how often they are recognised."""
    rows, valid = rows_of(facts), judged_valid(facts)
    if rows is None or rows.num_classes < 2 or len(rows.y) < 100:
        return None
    counts = torch.bincount(rows.y.reshape(-1).long(), minlength=rows.num_classes)
    most = int(counts.max())
    rare = ((counts > 0) & (RARE * counts < most)).nonzero().flatten()
    if len(rare) == 0:
        return None
    told = (
        f"The most frequent class has {most / int(counts[rare].min()):.0f} times as many training rows as the rarest "
        f"({int(counts[rare].min())})"
    )
    recalls = None if valid is None else _recalls(valid, rare)
    if recalls is None:
        handful = int(counts[rare].min()) < HANDFUL and len(rows.y) < ROWS
        text = f"{told}, and too few rows of rare classes are among those of validation to judge by."
        return Evidence(text, "warning" if handful else "info", (("D7", 0.7), ("E5", 0.2)))
    few, others, num = recalls
    error = math.sqrt(max(few * (1 - few), 0.5 / num) / num)
    hurts = few < GIVEN_UP * others and others - few > SURE * error
    text = (
        f"{told}; of {num} validation rows of rare classes {few:.0%} are recognised, of others {others:.0%}."
    )
    return Evidence(text, severity="warning" if hurts else "info")


def _recalls(valid: Judged, rare: torch.Tensor) -> tuple[float, float, int] | None:
    """Return the recall of rare classes and of others, and how many rows the first is of; None of too few."""
    is_rare = torch.isin(valid.labels, rare)
    if int(is_rare.sum()) < LEAST or not bool((~is_rare).any()):
        return None
    right = (~valid.wrong).double()
    return float(right[is_rare].mean()), float(right[~is_rare].mean()), int(is_rare.sum())


RULE = Rule(
    id="R019",
    title="Rare classes are given up",
    severity="warning",
    causes=(("D7", 0.9), ("D12", 0.1)),
    why="The mean loss hardly notices rare classes, so a network may do without them.",
    advice="Weight the loss by class or draw rare classes more often; set the last bias to the log frequencies; "
    "report the error of each class.",
    source="fault-D7",
    inject="Keep one in thirty rows of half of the classes.",
    check=check,
)
