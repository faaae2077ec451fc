"""Facts about what is kept."""

import pytest

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts


def test_a_new_step_asks_anew():
    """What was concluded of fewer steps is not the answer."""

    @kept
    def count(facts):
        return facts.num_steps

    facts = Facts(num_steps=1)
    first = count(facts)
    facts.num_steps = 2

    assert (first, count(facts)) == (1, 2)


def test_what_it_raises_is_kept_too():
    """It is not tried again."""
    calls = []

    @kept
    def fails(facts):
        calls.append(facts)
        raise ValueError("no")

    facts = Facts()
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            fails(facts)

    assert len(calls) == 1


def test_what_was_concluded_of_fewer_steps_is_dropped():
    """It would grow with every question; an end is news too."""

    @kept
    def answer(facts):
        return facts.ended

    facts = Facts(num_steps=1)
    answer(facts)
    size = len(facts.kept)
    facts.num_steps = 2
    answer(facts)
    facts.ended = True

    assert answer(facts) is True
    assert len(facts.kept) == size
