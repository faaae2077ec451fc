"""Facts about rules with a rate for each parameter; `tests/contracts` compares them with torch."""

import pytest
import torch

from practicum.optim.rules import DEFAULTS, RULES, Numbers


def numbers(name, learning_rate=0.1, decay=0.0, dtype=torch.float64):
    """Return the rule's own defaults for two trials of a block (2, 3)."""
    rule = DEFAULTS[name]
    values = (0.9, rule.second_moment_decay or 0.9, rule.stabiliser, decay)
    constants = [torch.full((2, 1), value, dtype=torch.float64) for value in values]
    rate = torch.full((2, 1), learning_rate, dtype=dtype)
    return Numbers(rate, torch.zeros_like(rate), *constants, step=1)


@pytest.mark.parametrize("name", ["adagrad", "adam", "adamw"])
def test_the_first_step_has_the_size_of_the_rate(name):
    """Whatever the size of the gradient: g/√g² = ±1."""
    rule, block = RULES[name], torch.zeros(2, 3, dtype=torch.float64)
    gradient = torch.tensor([[1e-3, -1.0, 1e3], [5.0, -5e-3, 7.0]], dtype=torch.float64)
    expected = -0.1 * gradient.sign()
    rule.update_(block, gradient, rule.init(block), numbers(name))

    torch.testing.assert_close(block, expected, rtol=1e-4, atol=0)


@pytest.mark.parametrize("name", ["adagrad", "adadelta", "rmsprop", "adam", "adamw"])
def test_without_a_gradient_nothing_moves(name):
    """A silent unit's zeros stay exact zeros: the stabiliser keeps 0/0 away."""
    rule, block = RULES[name], torch.zeros(2, 3)
    state, mine = rule.init(block), numbers(name, dtype=torch.float32)
    for step in (1, 2, 3):
        mine.step = step
        rule.update_(block, torch.zeros(2, 3), state, mine)

    assert torch.equal(block, torch.zeros(2, 3))


def test_decoupled_decay_is_no_part_of_the_moments():
    """Adamw first takes ε · decay of the parameters away, then is adam."""
    block = torch.full((2, 3), 2.0, dtype=torch.float64)
    other, gradient = block * (1 - 0.1 * 0.5), torch.ones_like(block)
    decayed, plain = RULES["adamw"].init(block), RULES["adam"].init(other)
    RULES["adamw"].update_(block, gradient.clone(), decayed, numbers("adamw", decay=0.5))
    RULES["adam"].update_(other, gradient.clone(), plain, numbers("adam"))

    torch.testing.assert_close(block, other, rtol=1e-15, atol=0)
    assert all(torch.equal(decayed[key], plain[key]) for key in plain)


@pytest.mark.parametrize(
    ("name", "decay", "stabiliser"),
    [
        ("adagrad", None, 1e-10),
        ("adadelta", 0.9, 1e-6),
        ("rmsprop", 0.99, 1e-8),
        ("adam", 0.999, 1e-8),
        ("adamw", 0.999, 1e-8),
        ("sgd", None, None),
    ],
)
def test_defaults_are_those_of_torch(name, decay, stabiliser):
    """Each rule has its own; none where it has no such number."""
    assert (DEFAULTS[name].second_moment_decay, DEFAULTS[name].stabiliser) == (decay, stabiliser)


@pytest.mark.parametrize("name", ["adagrad", "adadelta", "rmsprop", "adam", "adamw"])
def test_a_32_bit_run_stays_near_the_64_bit_one(name):
    """Rounding stays rounding: no digits are lost in 1 − β₂ or in the corrections."""
    single, double = torch.ones(2, 3), torch.ones(2, 3, dtype=torch.float64)
    states = RULES[name].init(single), RULES[name].init(double)
    ours = numbers(name, 0.01, dtype=torch.float32), numbers(name, 0.01)
    for step in range(1, 101):
        ours[0].step = ours[1].step = step
        gradient = torch.sin(torch.arange(6.0).view(2, 3) + step)
        RULES[name].update_(single, gradient.clone(), states[0], ours[0])
        RULES[name].update_(double, gradient.double(), states[1], ours[1])

    torch.testing.assert_close(single.double(), double, rtol=5e-6, atol=0)
