"""Validation rows that were also trained on: the error reported is too good."""

from __future__ import annotations

from collections import Counter

import torch
from torch import Tensor

from practicum.diagnose.derived.rows import rows_of
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts

COPIED, OFTEN = 0.005, 0.1
"""Share of the validation rows that have a copy among training rows, before that is worth knowing, and critical.

Many a table holds rows that are the same, and whoever splits it by chance has some in both parts [as in `check`].

Of whole numbers, such as tokens, the second share is asked for: short rows of them coincide."""

NEAR = 0.01
"""A row is a copy of another if it is so much nearer than rows of the same part are to each other (in the median)."""

BY_CHANCE = 3.0
"""Times as many copies as chance would give where rows often coincide."""

ROWS, ENTRIES = 1024, 4096
"""Rows of validation that are compared, and entries of a row."""


def check(facts: Facts) -> str | Evidence | None:
    """Say how many validation rows have a copy among training rows, beyond what coincides anyway."""
    rows = rows_of(facts)
    if rows is None or rows.valid_x is None or rows.valid_x.shape[1:] != rows.x.shape[1:]:
        return None
    valid, train = _flat(rows.valid_x)[:ROWS], _flat(rows.x)
    if len(valid) < 10:
        return None
    copied = _known(valid, train)
    how = "an exact copy"
    if not bool(copied.any()) and rows.x.is_floating_point():
        copied, how = _near(valid, train), "a copy but for a hundredth of the usual distance"
    count = int(copied.sum())
    chance = _by_chance(valid, len(train))
    least = COPIED if rows.x.is_floating_point() else OFTEN
    if count <= max(1, least * len(valid)) or count <= BY_CHANCE * chance:
        return None
    return Evidence(
        f"{count} of {len(valid):,} validation rows ({count / len(valid):.1%}) have {how} among {len(train):,} "
        "training rows.",
        severity="critical" if count > OFTEN * len(valid) else "info",
    )


def _flat(x: Tensor) -> Tensor:
    return x.reshape(len(x), -1)[:, :ENTRIES].contiguous()


def _by_chance(valid: Tensor, num_train: int) -> float:
    """Return how many validation rows have a copy in training where rows coincide as they do within validation."""
    times = Counter(row.numpy().tobytes() for row in valid)
    share = sum(count for count in times.values() if count > 1) / len(valid)
    return float(len(valid) * (1 - (1 - share) ** max(1.0, num_train / len(valid))))


def _known(valid: Tensor, train: Tensor) -> Tensor:
    """Return which rows are among those of training, to the bit."""
    seen = {row.numpy().tobytes() for row in train}
    return torch.tensor([row.numpy().tobytes() in seen for row in valid])


def _near(valid: Tensor, train: Tensor) -> Tensor:
    """Return which rows are much nearer to one of training than validation rows are to each other."""
    between = torch.cdist(valid.float(), train.float()).amin(1)
    among = torch.cdist(valid.float(), valid.float())
    among.fill_diagonal_(torch.inf)
    usual = float(among.amin(1).median())
    return (between < NEAR * usual) & (usual > 0)


RULE = Rule(
    id="R020",
    title="Validation rows among training rows",
    severity="critical",
    causes=(("D8", 0.95),),
    why="A network that knows validation rows by heart looks better than it is, and the wrong one is chosen.",
    advice="Split before rows are copied or augmented, and keep rows that belong together (one person, one day) in one "
    "part.",
    source="fault-D8",
    inject="Put validation rows among training rows.",
    check=check,
)
