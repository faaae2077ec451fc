"""Facts about rates that decay before the network has learned."""

import torch
from tests.made_watched import watched

from practicum.diagnose.derived.decayed import stalled_by_decay


def run(rate):
    """Return the facts of a regression with SGD and a schedule."""
    return watched(
        num_steps=120, regression=True, optimiser=lambda given: torch.optim.SGD(given, lr=0.05), rate=rate
    )


def test_an_early_decay_is_told():
    """With what its peak would still do."""
    found = stalled_by_decay(run(lambda step: 0.1 ** (step // 3)))

    assert found.part < 0.1
    assert found.trial.train < 0.75 * found.now
    assert "below 1 % of its peak" in found.text


def test_one_that_comes_after_learning_is_none():
    """Nor one that comes late."""
    assert stalled_by_decay(run(lambda step: 1.0 if step < 60 else 1e-3)) is None
    assert stalled_by_decay(run(lambda step: 1.0 - step / 120)) is None
