"""Facts about epochs and the course of the learning rate."""

import torch
from tests.made_facts import a_look, a_setting

from practicum.diagnose.derived.schedule import decline_of, epoch_of
from practicum.monitor.facts import Facts


def given(*batches, size=4):
    """Return facts that have kept batches of numbered rows."""
    facts = Facts(batch_size=size)
    for step, rows in enumerate(batches, start=1):
        x = torch.tensor(rows).float()[:, None]
        facts.sample.first.take(step, x, x)
    return facts


def test_an_epoch_is_known_when_rows_come_again():
    """Otherwise there are at least as many as were kept."""
    known, open_ended = (
        epoch_of(given(range(4), range(4, 8), range(4))),
        epoch_of(given(range(4), range(4, 8))),
    )

    assert (known.num_rows, known.known, known.num_steps) == (8, True, 2.0)
    assert not open_ended.known
    assert epoch_of(Facts()) is None


def test_an_epoch_is_known_when_later_rows_came_before():
    """Where the first steps took each row once: nearly all rows of later steps are among them, or not."""
    for later, known in ((range(8), True), (range(4, 12), False)):
        facts = given(range(4), range(4, 8))
        x = torch.tensor(later).float()[:, None]
        facts.sample.later.take(9, x, x)
        assert epoch_of(facts).known == known


def test_a_decline_says_when_the_rate_was_low():
    """And stayed so."""
    facts = Facts(
        num_steps=100, rates=[(1, 1.0), (10, 0.005), (20, 0.5), (30, 0.1), (40, 0.009), (60, 0.001)]
    )
    found = decline_of(facts)

    assert (found.peak, found.now, found.low_from, found.changes) == (1.0, 0.001, 40, 4)


def test_a_rate_that_never_changes_has_no_decline():
    """Nor has one that was not seen."""
    assert decline_of(Facts(rates=[(1, 0.1)])) is None
    assert decline_of(Facts()) is None


def test_looks_go_on_where_changes_are_noted_no_longer():
    """Of the first group."""
    looks = [a_look(step=90, settings=(a_setting(learning_rate=1e-4),))]

    assert decline_of(Facts(rates=[(1, 0.1), (2, 0.09)], looks=looks)).low_from == 90
