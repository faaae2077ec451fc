"""A stand-in for training: the command line is tested without it."""

import pytest

from practicum.core.summary import Rows, Split, Summary


@pytest.fixture
def summary():
    """The smallest summary."""
    return Summary(
        practicum="0.1.0",
        created="2026-01-02T03:04:05",
        run="runs/x",
        task="binary",
        target="y",
        source="x.csv",
        rows=Rows(total=4, used=4, train=2, valid=1, test=1),
        split=Split(method="random"),
        seconds=1.0,
    )
