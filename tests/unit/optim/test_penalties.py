"""Facts about clipping, shrinking, largest norms and sparsity."""

import math
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from practicum.optim.penalties import SPARSITY, clip_, limit_norms_, shrink_, sparsity_loss, sparsity_slope

K = 5
SHAPES = [(16, 8), (7, 5), (10, 1), (3, 3, 5, 5), (1,), ()]


def drawn(shape, seed=0, dtype=torch.float32, scale=1.0):
    """Return normal numbers of K trials."""
    return (scale * torch.randn(K, *shape, generator=torch.Generator().manual_seed(seed))).to(dtype)


def gradients(dtype=torch.float32):
    """Return the gradients of all blocks."""
    return [drawn(shape, seed, dtype) for seed, shape in enumerate(SHAPES)]


def norms(blocks):
    """Return each trial's norm over all blocks."""
    return torch.stack([torch.cat([b[k].flatten() for b in blocks]).norm() for k in range(K)])


def column(values, block):
    """Return one number a trial as a column of ``block``."""
    return torch.as_tensor(values, dtype=block.dtype).view(-1, *[1] * (block.dim() - 1))


def test_clipping_equals_torch_for_each_trial():
    """To the last digits, with a limit for each; the norms before are returned."""
    limits = torch.tensor([0.1, 5.0, math.inf, 1e9, 3.0], dtype=torch.float64)
    blocks = gradients(torch.float64)
    for k in range(K):
        theirs = [torch.nn.Parameter(torch.zeros_like(b[k])) for b in blocks]
        for parameter, block in zip(theirs, blocks, strict=True):
            parameter.grad = block[k].clone()
        expected = torch.nn.utils.clip_grad_norm_(theirs, limits[k].item())
        mine = [block.clone() for block in blocks]
        found = clip_(mine, limits)

        assert found[k].item() == pytest.approx(expected.item(), rel=1e-14)
        for parameter, block in zip(theirs, mine, strict=True):
            torch.testing.assert_close(block[k], parameter.grad, rtol=1e-13, atol=0)


@given(st.lists(st.floats(1e-3, 1e3), min_size=K, max_size=K), st.floats(1e-3, 1e3))
def test_the_bound_is_met_and_a_second_clip_changes_nothing(limits, scale):
    """To rounding."""
    blocks, limit_K = [scale * b for b in gradients(torch.float64)], torch.tensor(limits, dtype=torch.float64)
    clip_(blocks, limit_K)
    once = [block.clone() for block in blocks]
    clip_(blocks, limit_K)

    assert (norms(blocks) <= limit_K * (1 + 1e-12)).all()
    for block, first in zip(blocks, once, strict=True):
        torch.testing.assert_close(block, first, rtol=1e-12, atol=0)


def test_a_gradient_within_its_limit_keeps_every_bit():
    """Even one that just reaches it, and beside one that is clipped."""
    blocks, limits = gradients(), norms(gradients())
    limits = torch.stack(
        [limits[0] * (1 + 1e-6), limits[1] * 2, limits[2] / 2, torch.tensor(math.inf), limits[4] / 9]
    )
    clip_(blocks, limits)

    for block, before in zip(blocks, gradients(), strict=True):
        assert torch.equal(block[[0, 1, 3]], before[[0, 1, 3]])
        assert not torch.equal(block[2], before[2])


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e30])
def test_a_broken_gradient_touches_no_other_trial(bad):
    """The rest is clipped as with a sound one beside it."""
    sound, broken, limits = gradients(), gradients(), torch.full((K,), 2.0)
    broken[0][2, 3, 3] = bad
    clip_(sound, limits)
    clip_(broken, limits)
    others = [0, 1, 3, 4]

    assert all(torch.equal(a[others], b[others]) for a, b in zip(sound, broken, strict=True))


def test_clipping_does_not_depend_on_the_pack():
    """Bit by bit, alone or together, off the grid of 16 too."""
    whole, limits = gradients(), torch.tensor([1.0, 2.0, math.inf, 0.5, 50.0])
    clip_(whole, limits)
    for trials in ([0], [3], [4, 1], [2, 0, 3]):
        part = [block[trials] for block in gradients()]
        clip_(part, limits[trials])

        assert all(torch.equal(a, b[trials]) for a, b in zip(part, whole, strict=True))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_shrinking_is_the_soft_threshold(shape):
    """Sign(θ) max(|θ| − a, 0), each trial with its own a [3.2-11]."""
    parameter = drawn(shape, dtype=torch.float64)
    amount = column([0.0, 0.1, 1.0, 5.0, 0.5], parameter)
    expected = parameter.sign() * (parameter.abs() - amount).clamp(min=0)
    shrink_(parameter, amount)

    torch.testing.assert_close(parameter, expected, rtol=1e-15, atol=1e-15)
    assert torch.equal(parameter == 0, expected == 0)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_shrinking_by_nothing_keeps_every_bit(shape):
    """The sign of a zero too, wherever it stands."""
    parameter = drawn(shape)
    parameter[drawn(shape, 1) > 0] = -0.0
    before = parameter.clone()
    shrink_(parameter, column([0.0] * K, parameter))

    assert torch.equal(parameter.view(torch.int32), before.view(torch.int32))


@given(st.floats(0, 3, width=32), st.floats(0, 3, width=32))
def test_shrinking_adds_up_and_never_crosses_zero(first, second):
    """By a and then by b is by a + b."""
    once, twice = drawn((7, 5), dtype=torch.float64), drawn((7, 5), dtype=torch.float64)
    signs = once.sign()
    shrink_(once, column([first + second] * K, once))
    for amount in (first, second):
        shrink_(twice, column([amount] * K, twice))

    torch.testing.assert_close(twice, once, rtol=1e-12, atol=1e-14)
    assert ((once == 0) | (once.sign() == signs)).all()


@pytest.mark.parametrize("shape", [(16, 8), (7, 5), (4, 3, 5, 5)], ids=str)
def test_the_weights_into_a_unit_meet_their_limit(shape):
    """A unit over it is scaled, not turned; one within it keeps every bit; a second time changes rounding only."""
    weight, before = drawn(shape), drawn(shape)
    limits = column([0.5, 2.0, 3.0, math.inf, 1e9], weight)
    limit_norms_(weight, limits)
    norm, old = (w.flatten(2).norm(dim=2) for w in (weight, before))
    within = old <= limits.view(K, 1)

    assert (norm <= limits.view(K, 1) * (1 + 1e-6)).all()
    assert torch.equal(weight[within], before[within])
    torch.testing.assert_close(
        torch.cosine_similarity(weight.flatten(2), before.flatten(2), 2), torch.ones_like(norm)
    )
    again = weight.clone()
    limit_norms_(again, limits)
    torch.testing.assert_close(again, weight, rtol=1e-6, atol=0)


def test_a_unit_without_weights_stays_so():
    """Zero over zero does not arise, beside a unit that is scaled or without."""
    weight = torch.zeros(1, 2, 3)
    weight[0, 1] = 10
    limit_norms_(weight, torch.ones(1, 1, 1))

    assert weight[0, 0].tolist() == [0.0, 0.0, 0.0]


def test_limits_of_one_trial_leave_the_others_alone():
    """Undefined weights too, and whatever the pack."""
    weight, limits = drawn((7, 5)), [0.5, 2.0, math.inf, 1.0, 0.1]
    weight[3, 2, 1] = math.nan
    before = weight.clone()
    limit_norms_(weight, column(limits, weight))
    for trials in ([0], [4, 1], [2, 0]):
        part = before[trials].clone()
        limit_norms_(part, column([limits[k] for k in trials], part))

        assert torch.equal(part, weight[trials])


def activations(dtype=torch.float64, units=6, rows=9):
    """Return hidden activations in (0, 1), (K, H, B); their means differ by unit."""
    return torch.sigmoid(2 * drawn((units, rows), 3, dtype) + drawn((units, 1), 4, dtype))


ALPHA = torch.tensor([0.1, 1.0, 0.0, 2.0, 0.5], dtype=torch.float64)
RHO = torch.tensor([0.05, 0.1, 0.2, 0.5, 0.9], dtype=torch.float64)


@pytest.mark.parametrize("form", SPARSITY)
@pytest.mark.parametrize("signed", [False, True])
def test_the_slope_is_the_gradient_of_the_price(form, signed):
    """Autograd agrees, trial by trial under vmap [3.2-17]; outside (0, 1) too."""
    h = activations()
    if signed:
        h = 3 * h - 1
    h.requires_grad_()
    price = torch.vmap(partial(sparsity_loss, form=form, batch_dim=1), in_dims=(0,))
    if form in {"target", "kl"}:
        loss_K = torch.vmap(lambda x, rho: sparsity_loss(x, form, rho, batch_dim=1))(h, RHO)
    else:
        loss_K = price(h, target=0.0)
    (expected,) = torch.autograd.grad((ALPHA * loss_K).sum(), h)

    torch.testing.assert_close(sparsity_slope(h.detach(), form, ALPHA, RHO), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("form", "price"),
    [
        ("l1", 0.3 + 0.6),
        ("student_t", (math.log(1.01) + math.log(1.25)) / 2 + (math.log(1.36) * 2) / 2),
        ("target", 0.2**2 + 0.5**2),
        ("kl", sum(0.1 * math.log(0.1 / m) + 0.9 * math.log(0.9 / (1 - m)) for m in (0.3, 0.6))),
    ],
)
def test_prices_follow_the_formulas(form, price):
    """Two units, two examples, ρ = 0.1, by hand."""
    h = torch.tensor([[0.1, 0.6], [0.5, 0.6]], dtype=torch.float64)

    assert sparsity_loss(h, form, 0.1).item() == pytest.approx(price, rel=1e-12)
    assert sparsity_loss(h.T, form, 0.1, batch_dim=1).item() == pytest.approx(price, rel=1e-12)


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.999))
def test_prices_of_the_mean_are_least_at_their_target(rho, mean):
    """There they are zero, the full divergence too (erratum E12); the slope leads there."""
    for form in ("target", "kl"):
        at = torch.full((1, 1), rho, dtype=torch.float64)
        off = torch.full((1, 1, 1), mean, dtype=torch.float64)
        one = torch.ones(1, dtype=torch.float64)
        slope = sparsity_slope(off, form, one, rho * one).item()

        assert sparsity_loss(at, form, rho).item() == pytest.approx(0, abs=1e-15)
        assert sparsity_loss(off[0], form, rho).item() >= -1e-15
        assert slope * (mean - rho) >= 0


@pytest.mark.parametrize("form", SPARSITY)
def test_silent_and_saturated_units_have_a_finite_price(form):
    """The mean is kept off 0 and 1, where the logarithm has no value."""
    h = torch.tensor([[[0.0, 0.0], [1.0, 1.0]]])
    one = torch.ones(1)

    assert sparsity_loss(h[0], form, 0.05, batch_dim=1).isfinite()
    assert sparsity_slope(h, form, one, 0.05 * one).isfinite().all()


@pytest.mark.parametrize("form", SPARSITY)
def test_the_slope_does_not_depend_on_the_pack(form):
    """Bit by bit, on part of a padded buffer as the perceptron passes it."""
    buffer, alpha, rho = activations(torch.float32, 16, 32), ALPHA.float(), RHO.float()
    whole = sparsity_slope(buffer[:, :7, :19], form, alpha, rho)
    for trials in ([0], [4, 1], [3, 2, 0]):
        part = sparsity_slope(buffer[trials][:, :7, :19], form, alpha[trials], rho[trials])

        assert torch.equal(part, whole[trials])
