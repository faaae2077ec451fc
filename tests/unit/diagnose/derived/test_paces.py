"""Facts about the sizes of steps."""

import math

import pytest
from tests.made_facts import a_look, a_parameter, a_setting

from practicum.diagnose.derived.paces import is_clipped, noise_scale, paces_of
from practicum.monitor.facts import Facts


def paces(*looks, num_steps=4):
    """Return the paces of some looks."""
    return paces_of(Facts(looks=list(looks), num_steps=num_steps, batch_size=8))


def test_without_looks_there_are_none():
    """Nothing is said."""
    assert paces() is None


def test_steps_are_told_beside_weights_early_and_late():
    """Medians of each half."""
    found = paces(
        a_look(step=1, parameters=(a_parameter(norm=1.0, update_norm=0.1),)),
        a_look(step=4, parameters=(a_parameter(norm=2.0, update_norm=0.002),)),
    )

    assert found.update == pytest.approx(1e-3)
    assert found.early_update == pytest.approx((0.1 + 1e-3) / 2)
    assert found.norm == 2.0


@pytest.mark.parametrize(
    ("left", "clipped"), [(0.5, False), (2.0**-16, False), (0.4, True), (1.0, False), (0.995, False)]
)
def test_scaling_by_powers_of_two_is_no_clipping(left, clipped):
    """Mixed precision scales so."""
    assert is_clipped(left) == clipped


def test_clipping_is_told_by_its_share_and_norm():
    """One of two looks, to a tenth."""
    found = paces(a_look(), a_look(step=2, parameters=(a_parameter(raw_norm=3.0, gradient_norm=0.3),)))

    assert (found.clipped, found.left, found.clip) == (0.5, pytest.approx(0.1), pytest.approx(0.3))


def test_noise_is_summed_before_it_is_divided():
    """And infinite where no signal is left."""
    one, two = a_look(signal=3.0, noise=1.0), a_look(signal=-1.0, noise=5.0)

    assert noise_scale(Facts(batch_size=8), [one, two]) == pytest.approx(24)
    assert noise_scale(Facts(batch_size=8), [two]) == math.inf
    assert math.isnan(noise_scale(Facts(batch_size=8), [a_look()]))


def test_velocity_and_epsilon_are_told():
    """Of all parameters together, by their sizes."""
    one = a_parameter(size=3, velocity_norm=4.0, gradient_norm=0.5, epsilon_share=1.0)
    two = a_parameter(size=1, velocity_norm=3.0, gradient_norm=0.0, epsilon_share=0.0)
    found = paces(a_look(parameters=(one, two)))

    assert (found.velocity, found.epsilon) == (pytest.approx(10.0), 0.75)


@pytest.mark.parametrize(
    ("setting", "decay"),
    [
        ({"weight_decay": 0.1}, 0.1 * 3.0 / 0.5),
        ({"weight_decay": 0.1, "optimizer": "AdamW", "learning_rate": 0.01}, 0.01 * 0.1 * 3.0 / 3e-3),
        ({}, 0.0),
    ],
)
def test_decay_is_told_beside_gradient_or_step(setting, decay):
    """As the optimiser has it."""
    assert paces(a_look(settings=(a_setting(**setting),))).decay == pytest.approx(decay)
