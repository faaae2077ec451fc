"""The largest eigenvalue of the Hessian [6.2-04], and the rates that follow from it (errata E1 and E2)."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from practicum.checks.curvature import Curvature, largest_eigenvalue
from practicum.core.errors import ConfigError


class Bowl(nn.Module):
    """½ Σ λ (w·q)²: its Hessian has the eigenvalues λ, in a random basis."""

    def __init__(self, eigenvalues, seed=0, start=1.0):
        super().__init__()
        chooser = torch.Generator().manual_seed(seed)
        size = len(eigenvalues)
        basis = torch.linalg.qr(torch.randn(size, size, generator=chooser, dtype=torch.float64)).Q
        self.register_buffer("basis", basis)
        self.register_buffer("eigenvalues", torch.tensor(eigenvalues, dtype=torch.float64))
        self.weight = nn.Parameter(start * basis.sum(1))

    def forward(self, _):
        return 0.5 * (self.eigenvalues * (self.basis.T @ self.weight) ** 2).sum()


def itself(output, _):
    """Return the output."""
    return output


def largest(eigenvalues, seed=0, **options):
    """Return what is found on a bowl."""
    return largest_eigenvalue(Bowl(eigenvalues, seed), itself, torch.ones(1), None, seed=seed, **options)


@settings(max_examples=25)
@given(
    scale=st.floats(1e-3, 1e3),
    rest=st.lists(st.floats(0.0, 0.95), min_size=1, max_size=6),
    seed=st.integers(0, 100),
)
def test_of_a_quadratic_it_is_found_within_one_percent(scale, rest, seed):
    """For every scale, and every basis."""
    found = largest([scale, *(scale * one for one in rest)], seed)

    assert found.converged
    assert found.largest == pytest.approx(scale, rel=0.01)
    assert found.largest <= scale * (1 + 1e-9)


@pytest.mark.parametrize(
    ("eigenvalues", "expected"),
    [
        ([-10.0, 1.0, 3.0], 3.0),
        ([-3.0, 3.0, 1.0], 3.0),
        ([-5.0, -2.0], -2.0),
        ([-1e3, 1.0], 1.0),
        ([4.0], 4.0),
        ([0.0, 0.0], 0.0),
    ],
)
def test_the_largest_is_meant_with_its_sign(eigenvalues, expected):
    """Where the largest in size is negative, or both signs are as large, it is looked for again."""
    found = largest(eigenvalues, num_iterations=5000)

    assert found.converged
    assert found.largest == pytest.approx(expected, rel=0.01, abs=1e-9)


def test_it_is_the_largest_of_the_whole_hessian():
    """Of a tiny net with kinks nowhere, in the training mode with batch statistics."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2)).double()
    x, y = torch.randn(20, 3, dtype=torch.float64), torch.randint(0, 2, (20,))
    names = [name for name, _ in model.named_parameters()]

    def loss(*values):
        out = torch.func.functional_call(model, dict(zip(names, values, strict=True)), (x,))
        return nn.functional.cross_entropy(out, y)

    blocks = torch.autograd.functional.hessian(loss, tuple(one.detach() for one in model.parameters()))
    sizes = [one.numel() for one in model.parameters()]
    whole = torch.cat(
        [torch.cat([b.reshape(n, -1) for b in row], 1) for n, row in zip(sizes, blocks, strict=True)]
    )
    found = largest_eigenvalue(model, nn.functional.cross_entropy, x, y)

    assert found.largest == pytest.approx(float(torch.linalg.eigvalsh(whole)[-1]), rel=0.01)


def test_the_inverse_descends_and_twice_the_inverse_is_the_edge():
    """1/λ_max and 1.9/λ_max descend, 2.1/λ_max diverges: the chapter has it upside down [erratum-E1, erratum-E2]."""
    found = largest([8.0, 2.0, 0.5])

    def after(rate, num_steps=200):
        model = Bowl([8.0, 2.0, 0.5])
        for _ in range(num_steps):
            model.zero_grad()
            model(None).backward()
            with torch.no_grad():
                model.weight -= rate * model.weight.grad
        return float(model(None).detach())

    before = after(0.0, 0)

    assert found.limit == 2 * found.rate == pytest.approx(0.25, rel=0.01)
    assert after(found.rate) < 1e-3 * before
    assert after(0.95 * found.limit) < before
    assert after(1.05 * found.limit) > 1e3 * before


def test_the_text_gives_the_numbers_and_where_to_read_on():
    """Also where it did not settle, and where nothing curves upwards."""
    found = largest([8.0, 2.0])
    hasty = largest([8.0, 7.0], num_iterations=1)
    flat = Curvature(-1.0, 4, True)

    assert "λ_max = 8" in found.text
    assert "1/λ_max = 0.125" in found.text
    assert "2/λ_max = 0.25" in found.text
    assert found.text.endswith("[6.2-04, 2.1-04, erratum-E1, erratum-E2].")
    assert not hasty.converged
    assert hasty.steps == 2
    assert "(not settled after 2 products" in hasty.text
    assert (flat.rate, flat.limit) == (math.inf, math.inf)
    assert "curves upwards nowhere" in flat.text


@pytest.mark.parametrize("changes", [{"num_iterations": 0}, {"tolerance": 0.0}, {"tolerance": math.nan}])
def test_numbers_that_cannot_work_are_refused(changes):
    """With what was got."""
    with pytest.raises(ConfigError, match="`num_iterations` and `tolerance` must be positive, but got num"):
        largest([1.0], **changes)
