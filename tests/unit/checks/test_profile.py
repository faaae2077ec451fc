"""Where time and memory of a step go, on real steps [5.1-03]."""

from __future__ import annotations

import json
import os

import pytest
import torch
from torch import nn

from practicum.checks.profile import QUIET, profile_steps
from practicum.core.errors import ConfigError

X, Y = torch.linspace(-1, 1, 600).reshape(200, 3), torch.linspace(0, 1, 200)[:, None]


class Lopsided(nn.Module):
    """A model of one dear part, which is called twice, and cheap ones."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 600)
        self.dear = nn.Linear(600, 600)
        self.last = nn.Linear(600, 1)
        self.idle = nn.Linear(2, 2)

    def forward(self, x):
        """Return one number a row."""
        return self.last(torch.tanh(self.dear(torch.relu_(self.dear(self.first(x))))))


@pytest.fixture(scope="module")
def found():
    """Profile it once."""
    return profile_steps(Lopsided(), nn.functional.mse_loss, X, Y, num_steps=3)


def test_parts_add_up_to_a_step(found):
    """All four of them; shares to one, times to that of a step unwatched."""
    assert [part.name for part in found.parts] == ["forward", "loss", "backward", "optimiser"]
    assert sum(part.share for part in found.parts) == pytest.approx(1.0)
    assert sum(part.seconds for part in found.parts) == pytest.approx(found.seconds)
    assert all(part.seconds > 0 for part in found.parts)
    assert (found.num_rows, found.num_steps, found.device) == (200, 3, "cpu")


def test_the_dear_part_comes_first_both_ways(found):
    """Its backward pass counts for it; what is never called does not stand there."""
    first = found.modules[0]

    assert (first.name, first.kind, first.num_calls) == ("dear", "Linear", 2)
    assert first.share > 0.5
    assert first.forward_seconds > 0
    assert first.backward_seconds > 0
    assert "idle" not in {one.name for one in found.modules}
    assert 0.8 < sum(one.share for one in found.modules) <= 1.0


def test_memory_is_what_the_tensors_take(found):
    """Two outputs of 200 × 600 singles of the dear part; weights of all."""
    sizes = {one.name: one.num_bytes for one in found.modules}

    assert sizes["dear"] == 2 * 200 * 600 * 4
    assert sizes["first"] == 200 * 600 * 4
    assert found.parameter_bytes == 4 * sum(one.numel() for one in Lopsided().parameters())
    # At the end of the backward pass the gradients are there, and some activations still.
    assert found.peak_bytes >= 4 * 600 * 600 + 200 * 600 * 4


def test_nothing_is_copied_between_devices_on_a_cpu(found):
    """And it is said why."""
    assert found.num_copies == 0
    assert found.findings == ()
    assert "0, for all of it runs on the CPU [5.1-03]" in found.text


def test_the_model_and_the_generators_are_not_touched():
    """A copy is trained; draws of its own are put back."""
    model = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 1))
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    profile_steps(model, nn.functional.mse_loss, X, Y, num_steps=1)

    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert torch.equal(state, torch.get_rng_state())
    assert not any(one._forward_hooks or one._forward_pre_hooks for one in model.modules())


def test_the_profiler_writes_nothing(capfd, monkeypatch):
    """Its own messages are kept off stderr, and the environment is as before."""
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)
    profile_steps(nn.Linear(3, 1), nn.functional.mse_loss, X, Y, num_steps=1)

    assert capfd.readouterr() == ("", "")
    assert not set(QUIET) & set(os.environ)


def test_an_optimiser_can_be_given():
    """Its cost is then that of Adam, say."""
    found = profile_steps(
        nn.Linear(3, 1), nn.functional.mse_loss, X, Y, optimizer=torch.optim.Adam, num_steps=1
    )

    assert found.optimizer == "Adam"


def test_recomputed_activations_and_own_functions_break_nothing():
    """Forward passes inside the backward pass count for their module."""

    class Recomputed(nn.Module):
        def __init__(self):
            super().__init__()
            self.low, self.high = nn.Linear(3, 64), nn.Linear(64, 1)

        def forward(self, x):
            return self.high(torch.utils.checkpoint.checkpoint(self.low, x, use_reentrant=False))

    calls = {one.name: one.num_calls for one in profile_steps(Recomputed(), nn.MSELoss(), X, Y).modules}

    assert calls["low"] == 2
    assert calls["high"] == 1


def test_it_goes_into_json(found):
    """Parts and modules by name."""
    data = json.loads(json.dumps(found.as_mapping()))

    assert data["parts"][0]["name"] == "forward"
    assert data["modules"][0]["name"] == "dear"


def test_no_steps_are_refused():
    """With what was got."""
    with pytest.raises(ConfigError, match="`num_steps` must be positive, but got 0"):
        profile_steps(nn.Linear(3, 1), nn.functional.mse_loss, X, Y, num_steps=0)
