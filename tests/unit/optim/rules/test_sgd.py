"""Facts about gradient descent with and without momentum; `tests/contracts` compares it with torch."""

import numpy as np
import pytest
import torch

from practicum.optim.rules import RULES, Numbers

K = 3
RATES = np.array([0.1, 0.02, 0.5])


def numbers(momentum):
    """Return numbers of K trials for a block (K, 2)."""
    unused = torch.full((K, 1), float("nan"), dtype=torch.float64)
    rate = torch.from_numpy(RATES)[:, None]
    return Numbers(
        rate, torch.tensor(momentum).double().view(-1, 1).expand(K, 1).clone(), *[unused] * 4, step=1
    )


def test_plain_descent_is_one_product():
    """θ ← θ − ε g, and no state."""
    block = torch.ones(K, 2, dtype=torch.float64)
    RULES["sgd"].update_(block, torch.full_like(block, 2.0), {}, numbers([0.0]))

    assert block[:, 0].tolist() == (1 - RATES * 2).tolist()
    assert RULES["sgd"].init(block) == {}


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_momentum_may_change_from_update_to_update(name):
    """Against the formulas in NumPy, with a ramp [system-P15]."""
    rule, block = RULES[name], torch.ones(K, 2, dtype=torch.float64)
    state, theta, v = rule.init(block), np.ones((K, 2)), np.zeros((K, 2))
    generator = np.random.default_rng(3)
    for mu in np.linspace(0.1, 0.95, 20):
        gradient = generator.normal(size=(K, 2))
        rule.update_(block, torch.from_numpy(gradient.copy()), state, numbers([mu]))
        v = mu * v + (1 - mu) * gradient
        step = v if name == "momentum" else (1 - mu) * gradient + mu * v
        theta = theta - RATES[:, None] * step

        np.testing.assert_allclose(block.numpy(), theta, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_without_momentum_the_step_is_plain(name):
    """μ = 0 takes the same bits as sgd."""
    block = torch.linspace(-1, 1, 2 * K, dtype=torch.float64).view(K, 2)
    plain, state = block.clone(), RULES[name].init(block)
    for factor in (1.0, -0.3):
        gradient = torch.sin(7 * plain) * factor
        RULES["sgd"].update_(plain, gradient.clone(), {}, numbers([0.0]))
        RULES[name].update_(block, gradient, state, numbers([0.0]))

    assert torch.equal(block, plain)


def test_a_steady_gradient_moves_as_without_momentum():
    """The running gradient is a mean: in the long run μ leaves the size of a step alone [3.1-15]."""
    rule, block = RULES["momentum"], torch.zeros(K, 2, dtype=torch.float64)
    state = rule.init(block)
    for _ in range(400):
        before = block.clone()
        rule.update_(block, torch.ones_like(block), state, numbers([0.9]))

    np.testing.assert_allclose((before - block)[:, 0].numpy(), RATES, rtol=1e-12)
