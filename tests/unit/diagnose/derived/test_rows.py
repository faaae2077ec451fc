"""Facts about the kept rows."""

import torch

from practicum.diagnose.derived.rows import classes_in, rows_of
from practicum.monitor.facts import Facts


def test_copies_are_one_row():
    """Several epochs show the same rows."""
    facts, x, y = Facts(), torch.randn(10, 2), torch.arange(10) % 2
    for _ in range(3):
        facts.sample.first.take(1, x, y)
    facts.sample.later.take(9, x + 1, y)

    rows = rows_of(facts)
    assert (len(rows.x), rows.num_classes) == (20, 2)
    assert torch.equal(rows.y[:10], y)


def test_without_targets_there_are_none():
    """Rules that need them say nothing."""
    facts = Facts()
    facts.sample.first.take(1, torch.randn(4, 2), None)

    assert rows_of(facts) is None


def test_classes_are_whole_numbers_from_zero():
    """-1, many values and fractions are something else."""
    assert classes_in(torch.tensor([-1, 0, 1])) == 0
    assert classes_in(torch.arange(500)) == 0
    assert classes_in(torch.tensor([0.5, 1.0])) == 0
    assert classes_in(torch.tensor([0.0, 1.0])) == 2
