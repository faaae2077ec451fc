"""Facts about what is measured of a pack: the numbers of plain autograd, and no bit changed."""

import math

import numpy as np
import pytest
import torch
from tests.oracles.problems import problem

from practicum.core.events import Measured
from practicum.recipe import Recipe
from practicum.training.instruments import Shows, idle_units, is_due
from practicum.training.loop import run


def trained(recipes, until, *, measured=True):
    """Train a pack, and return it with the events."""
    pack = problem("binary").pack(recipes)
    pack.is_measured = measured
    return pack, list(run(pack, until))


def recipes(**named):
    """Return two recipes that differ in rate and seed."""
    common = {
        "hidden_sizes": (8, 8),
        "activation": "relu",
        "batch_size": 16,
        "validate_every_steps": 4,
    } | named
    return [Recipe(learning_rate=rate, seed=seed, **common) for rate, seed in ((0.1, 0), (0.01, 1))]


def test_measured_or_not_the_bits_are_the_same():
    """Looking only reads."""
    ours, _ = trained(recipes(), 20)
    theirs, events = trained(recipes(), 20, measured=False)

    assert torch.equal(ours.parameters.flat, theirs.parameters.flat)
    assert not any(isinstance(event, Measured) for event in events)


def test_looks_become_rare():
    """At validations 1, 2 and 4."""
    _, events = trained(recipes(), 20)

    assert [event.step for event in events if isinstance(event, Measured)] == [4, 8, 16]
    assert not is_due(0, 4)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sizes_are_those_of_the_last_update(momentum):
    """Weights one update earlier and now, trial by trial; whichever way the update is computed."""
    before, _ = trained(recipes(momentum=momentum), 7, measured=False)
    after, events = trained(recipes(momentum=momentum), 8)
    look = [event for event in events if isinstance(event, Measured)][-1]

    for trial in range(2):
        for layer in range(3):
            old, new = (one.parameters.get(trial)[f"layers.{layer}.weight"] for one in (before, after))
            assert math.isclose(look.weight_norm[trial, layer], float(old.norm()), rel_tol=1e-5)
            assert math.isclose(
                look.update_ratio[trial, layer], float((new - old).norm() / old.norm()), rel_tol=1e-3
            )


def test_signal_is_that_of_the_last_minibatch():
    """Outputs as large as they are, slopes beside those at the top."""
    pack, events = trained(recipes(), 4)
    look = next(event for event in events if isinstance(event, Measured))
    hidden = pack.program.forward.outputs[0][0, :8, :16]

    assert isinstance(pack.program, Shows)
    assert math.isclose(look.output_rms[0, 0], float(hidden.square().mean().sqrt()), rel_tol=1e-5)
    np.testing.assert_allclose(look.slope_rms[:, -1], 1.0)
    assert look.idle_fraction[0, 0] == float((hidden == 0).all(1).float().mean())
    assert np.isnan(look.idle_fraction[:, -1]).all()


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "hard_tanh", "softsign"])
def test_units_far_out_are_idle(activation):
    """And those in the middle are not."""
    from practicum.models.activations import ACTIVATIONS

    z = torch.tensor([[[50.0, 60.0], [0.1, -0.1]]])
    found = idle_units(ACTIVATIONS[activation].function(z), activation)

    assert found.tolist() == [[True, False]]
