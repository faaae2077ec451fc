"""Facts about the chapter's non-linearities [3.2-23, 6.1-06]."""

import math

import pytest
import torch

from practicum.models.activations import ACTIVATIONS

FORMULAS = {
    "tanh": math.tanh,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "relu": lambda a: max(a, 0.0),
    "hard_tanh": lambda a: max(-1.0, min(1.0, a)),
    "softsign": lambda a: a / (1 + abs(a)),
}
POINTS = torch.tensor(
    [-30.0, -3.0, -1.2, -0.7, -0.1, -1e-3, 1e-3, 0.2, 0.8, 1.3, 4.0, 30.0], dtype=torch.float64
)
every_activation = pytest.mark.parametrize("name", FORMULAS)


def test_the_table_holds_the_chapters_activations():
    """Each has a formula here, so none can be added without a test."""
    assert set(ACTIVATIONS) == set(FORMULAS)


@every_activation
def test_the_function_is_its_formula(name):
    """Autograd's version computes what the chapter writes."""
    expected = torch.tensor([FORMULAS[name](a) for a in POINTS.tolist()], dtype=torch.float64)

    torch.testing.assert_close(ACTIVATIONS[name].function(POINTS), expected, atol=1e-15, rtol=1e-14)


@every_activation
def test_the_version_in_place_is_the_function(name):
    """It writes into what it is given, and the same numbers."""
    a = POINTS.clone()

    ACTIVATIONS[name].apply_(a)

    torch.testing.assert_close(a, ACTIVATIONS[name].function(POINTS), atol=0, rtol=1e-14)


@every_activation
def test_the_backward_pass_is_autograds(name):
    """The slope, told from the activation alone, is the derivative; the product is written in place."""
    a = POINTS.clone().requires_grad_()
    incoming = torch.linspace(-2, 2, len(POINTS), dtype=torch.float64)
    h = ACTIVATIONS[name].function(a)
    (expected,) = torch.autograd.grad(h, a, incoming)
    gradient = incoming.clone()

    ACTIVATIONS[name].backward_(gradient, h.detach())

    torch.testing.assert_close(gradient, expected, atol=1e-14, rtol=1e-12)


@every_activation
@pytest.mark.parametrize("a", [-1e4, 1e4])
def test_far_out_everything_stays_finite(name, a):
    """A saturated unit has a slope, if only zero, in single precision too."""
    h = torch.tensor([a])
    gradient = torch.ones(1)

    ACTIVATIONS[name].apply_(h)
    ACTIVATIONS[name].backward_(gradient, h)

    assert h.isfinite().all()
    assert gradient.isfinite().all()


@every_activation
def test_zero_at_zero_is_true_to_its_word(name):
    """The flag says whether a padding unit is silent by itself."""
    assert (float(ACTIVATIONS[name].function(torch.zeros(1))) == 0) == ACTIVATIONS[name].zero_at_zero


@every_activation
def test_the_initial_range_makes_up_for_the_slope_at_zero(name):
    """Tanh-like units have gain 1, the sigmoid 4 = 1/(slope ¼) [3.2-30]; the rectifier √2 (after the chapter)."""
    slope = torch.autograd.functional.jacobian(ACTIVATIONS[name].function, torch.tensor(1e-6))
    expected = math.sqrt(2) if name == "relu" else 1 / float(slope)

    assert ACTIVATIONS[name].init_gain == pytest.approx(expected, rel=1e-4)
