"""Facts about what the start says."""

import torch
from tests.made_watched import watched
from torch import nn

from practicum.diagnose.derived.before import found_before
from practicum.monitor.facts import Facts


def test_a_sound_start_has_nothing():
    """Nor has one that is not known."""
    assert [one for one in found_before(watched(num_steps=20)) if one.severity != "info"] == []
    assert found_before(Facts()) == ()


def test_a_last_layer_far_too_large_is_seen_after_training():
    """By the copy that was kept."""
    model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 2))
    with torch.no_grad():
        model[2].weight *= 100

    found = found_before(watched(num_steps=20, model=model))
    assert "L4" in {one.causes[0][0] for one in found}
