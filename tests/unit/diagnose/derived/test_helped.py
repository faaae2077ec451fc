"""Facts about changes that would have helped."""

import torch
from tests.made_watched import watched

from practicum.diagnose.derived.helped import helped_by, share_of
from practicum.diagnose.derived.trial import Variant
from practicum.monitor.facts import Facts


def test_a_change_that_helps_is_told_with_its_numbers():
    """An ε of a hundred against the usual one."""
    facts = watched(optimiser=lambda given: torch.optim.Adam(given, lr=0.01, eps=100.0))
    found = helped_by(facts, Variant(epsilon=1e-8))

    assert found.changed < 0.5 * found.same
    assert found.from_start
    assert "steps from the start" in found.text


def test_a_change_that_does_not_matter_is_none():
    """A sound loop, and made-up facts."""
    assert helped_by(watched(), Variant(epsilon=1e-7)) is None
    assert helped_by(Facts(), Variant()) is None


def test_a_smaller_change_brings_a_share():
    """All of it where it is the same."""
    facts = watched(optimiser=lambda given: torch.optim.Adam(given, lr=0.01, eps=100.0))
    change = Variant(epsilon=1e-8)

    assert share_of(facts, helped_by(facts, change), change) == 1
    assert share_of(facts, helped_by(facts, change), Variant()) == 0
