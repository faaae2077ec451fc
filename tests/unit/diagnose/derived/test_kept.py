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
