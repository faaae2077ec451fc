"""Labels that are wrong: they contradict even what is surest."""

from __future__ import annotations

import math

import torch

from practicum.checks.forests import OutOfFold
from practicum.diagnose.derived.judged import Judged, judged_train, judged_valid
from practicum.diagnose.derived.table import forest_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

SUREST = 1 / 3
"""Share of the rows, those that are judged with the most confidence, whose labels should hardly be contradicted."""

WRONG = 0.05
"""Share of these that contradicts, from which labels are said to be wrong."""

ALIKE = 0.7
"""Of the error among all rows: where classes overlap, the surest third has far less; wrong labels are everywhere."""

TOLD, TOLD_OF_TWO = 0.7, 0.92
"""Of a constant's error: what is told no better, of many classes or of two, says nothing of single labels."""

SURE = 2.0
"""Standard errors that the share must be above its limit."""

DOUBTFUL = 0.57
"""Of that limit: where more is left, a hard task looks much the same."""

LEAST_ROWS = 60
"""Below so many nothing is said."""


def check(facts: Facts) -> str | Evidence | None:
    """Say what share of the surest rows has another label than is predicted, by network and forest alike."""
    valid = judged_valid(facts)
    if valid is None or not _contradicted(valid):
        return None
    forest = forest_of(facts)
    other = judged_train(facts) if forest is None else _of(forest)
    if other is None or not _contradicted(other):
        return None
    least = min((valid, other), key=lambda one: one.surest_wrong(SUREST)[0])
    share, num = least.surest_wrong(SUREST)
    by = (
        "a forest (of training rows it had not seen)"
        if least is other and forest is not None
        else "the network"
    )
    doubtful = max(one.error / one.constant / _limit(one) for one in (valid, other)) > DOUBTFUL
    return Evidence(
        f"Of the {num:,} rows of which {by} is surest, {share:.0%} have another label, and {least.error:.0%} of all: "
        "hardly more, as it is with wrong labels.",
        causes=(("D6", 0.75), ("D12", 0.15), ("D5", 0.05)) if doubtful else None,
    )


def _contradicted(judged: Judged) -> bool:
    """Return whether labels of the surest rows are contradicted nearly as often as those of others."""
    if len(judged.labels) < LEAST_ROWS or judged.error >= _limit(judged) * judged.constant:
        return False
    share, num = judged.surest_wrong(SUREST)
    spread = math.sqrt(share * (1 - share) / num)
    return share - SURE * spread > WRONG and share > ALIKE * judged.error


def _limit(judged: Judged) -> float:
    """Return of a constant's error what says nothing of single labels."""
    return TOLD_OF_TWO if judged.probabilities.shape[1] == 2 else TOLD


def _of(given: OutOfFold) -> Judged | None:
    """Return guesses of classes as they are judged."""
    if given.truth.shape[1] < 2:
        return None
    return Judged(torch.from_numpy(given.guess), torch.from_numpy(given.truth.argmax(1)))


RULE = Rule(
    id="R018",
    title="Labels that are wrong",
    severity="warning",
    causes=(("D6", 0.85), ("D12", 0.1), ("D5", 0.05)),
    why="The network learns wrong labels by heart in the end, and no error can be told to be lower than theirs.",
    advice="Look through the rows whose label gets the lowest probability from a model that has not seen them; until "
    "they are mended, smooth the labels and stop early.",
    source="fault-D6",
    inject="Give one label in four to another class.",
    check=check,
)
