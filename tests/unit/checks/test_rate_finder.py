"""The learning-rate finder [2.1-03]."""

import copy
import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from practicum.checks.curvature import largest_eigenvalue
from practicum.checks.rate_finder import MAX_TRIES, find_rate
from practicum.core.errors import ConfigError

mean_square = nn.functional.mse_loss


class Bowl(nn.Module):
    """½ Σ λ w², from w = 1."""

    def __init__(self, eigenvalues):
        super().__init__()
        self.register_buffer("eigenvalues", torch.tensor(eigenvalues, dtype=torch.float64))
        self.weight = nn.Parameter(torch.ones(len(eigenvalues), dtype=torch.float64))

    def forward(self, _):
        return 0.5 * (self.eigenvalues * self.weight**2).sum()


def itself(output, _):
    """Return the output."""
    return output


def on_bowl(eigenvalues, **options):
    """Return what is found on a quadratic."""
    return find_rate(Bowl(eigenvalues), itself, torch.ones(1), None, **options)


def net(seed=0):
    """Return a small rectifier network, and rows whose labels it can learn."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
    x = torch.randn(120, 4)
    return model, x, x[:, :3].argmax(1)


@settings(max_examples=6)
@given(largest=st.floats(1e-3, 1e3), rest=st.floats(0.05, 0.9), first=st.floats(1e-4, 1e4))
def test_on_a_quadratic_the_edge_is_found_from_any_start(largest, rest, first):
    """ε_max lies in (2/(3λ_max), 2/λ_max], and the power method agrees [2.1-04, erratum-E1]."""
    eigenvalues = [largest, largest * rest]
    found = on_bowl(eigenvalues, first=first, num_steps=100)
    curvature = largest_eigenvalue(Bowl(eigenvalues), itself, torch.ones(1), None)

    assert found.bracketed
    assert 2 / (3 * largest) < found.largest * 1.001
    assert found.largest <= 1.01 * 2 / largest
    assert curvature.limit / 3.03 < found.largest < curvature.limit * 1.011


@pytest.mark.parametrize("first", [1e-3, 0.2, 30.0])
def test_rates_are_tried_by_threes_down_or_up_until_the_edge(first):
    """All on one side but the last, then the half of ε_max."""
    found = on_bowl([4.0, 1.0], first=first)
    *way, half = found.trials
    ratios = {round(b.rate / a.rate, 6) for a, b in pairwise(way)}

    assert ratios == {3.0 if first < 0.5 else round(1 / 3, 6)}
    assert [one.diverged for one in way[1:-1]] == [way[0].diverged] * (len(way) - 2)
    assert way[-1].diverged != way[0].diverged
    assert half.rate == found.largest / 2
    assert found.suggestion in (half.rate, found.largest)


def test_the_half_is_suggested_where_it_ends_lower():
    """λ = 1: 1.9 barely descends, 0.95 is almost there in one step; from 0.95 the half is slower."""
    assert on_bowl([1.0], first=1.9, num_steps=20).suggestion == pytest.approx(0.95)
    assert on_bowl([1.0], first=0.95, num_steps=20).suggestion == pytest.approx(0.95)


@pytest.mark.parametrize("seed", range(3))
def test_on_noisy_minibatches_the_suggestion_trains(seed):
    """A network of rectifiers learns with it; three times ε_max was seen to diverge."""
    model, x, y = net(seed)
    found = find_rate(model, nn.functional.cross_entropy, x, y, first=300.0, num_steps=100, batch_size=16)
    suggested = next(one for one in found.trials if one.rate == found.suggestion)

    assert found.bracketed
    assert 0.01 < found.largest < 100
    assert suggested.final < 0.5 * found.start
    assert next(one for one in found.trials if one.rate == pytest.approx(3 * found.largest)).diverged


def test_a_network_that_died_has_diverged_though_its_loss_is_finite_and_low():
    """No gradient reaches the first layer any more; the last bias alone has lowered the loss below a poor start."""
    torch.manual_seed(0)
    x = torch.rand(60, 3) + 1
    model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
    nn.init.constant_(model[0].weight, 0.3)
    nn.init.constant_(model[2].weight, 0.5)
    y = -x.sum(1, keepdim=True)
    found = find_rate(model, mean_square, x, y, first=0.5, num_steps=60, batch_size=60)
    first = found.trials[0]

    assert math.isfinite(first.final)
    assert first.final < found.start
    assert first.diverged
    assert found.largest < 0.5


@pytest.mark.parametrize(
    ("way", "diverged"),
    [
        ([0.5] * 6, False),
        ([3.0, 3.0, 0.5, 0.5, 0.5, 0.5], False),
        ([0.5, 0.5, 0.5, 0.5, 0.5, 3.0], True),
        ([0.5, 0.5, 0.5, 0.5, 0.5, math.nan], True),
        ([0.5, 0.5, 0.5, 0.5, 3.0, 0.5], True),
        ([3.0], True),
        ([0.5], False),
    ],
)
def test_the_end_decides_on_all_rows_and_on_the_last_minibatches(way, diverged):
    """An optimiser that goes through given weights, from 1: what is high, or no number, at the end has diverged."""

    class Scripted(torch.optim.SGD):
        def step(self, closure=None):
            with torch.no_grad():
                self.param_groups[0]["params"][0].fill_(left.pop(0) if left else 0.5)

    left = list(way)
    found = on_bowl([1.0], num_steps=len(way), make_optimizer=lambda given, rate: Scripted(given, lr=rate))

    assert found.trials[0].diverged == diverged


def test_all_rates_meet_the_same_minibatches():
    """The first loss is that of the start, and so is its dropout."""
    model, x, y = net()
    model.append(nn.Dropout(0.5)).eval()
    found, other = (
        find_rate(model, nn.functional.cross_entropy, x, y, num_steps=10, batch_size=120, seed=seed)
        for seed in (0, 1)
    )

    assert len({one.losses[0] for one in found.trials}) == 1
    assert found.trials[0].losses[0] != other.trials[0].losses[0]


def test_another_optimiser_is_taken():
    """It is made anew for each rate, of the copy's parameters."""
    made = []

    def adam(parameters, rate):
        made.append(rate)
        return torch.optim.Adam(parameters, lr=rate)

    model, x, y = net()
    found = find_rate(model, nn.functional.cross_entropy, x, y, num_steps=30, make_optimizer=adam)

    assert made == [one.rate for one in found.trials]


def test_where_no_rate_diverges_it_ends_and_says_so():
    """A loss with a bound above its start's cannot be found too high."""
    model = nn.Linear(3, 1)
    found = find_rate(
        model,
        lambda out, _: torch.tanh(out).mean() * 0 - out.abs().mean().tanh(),
        torch.ones(4, 3),
        None,
        num_steps=5,
    )

    assert not found.bracketed
    assert len(found.trials) <= MAX_TRIES + 1
    assert "none of the" in found.text


def test_where_all_rates_diverge_it_ends_and_says_so():
    """As where the gradient has the wrong sign."""

    class Up(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            return -g

    class Wrong(Bowl):
        def forward(self, _):
            return Up.apply(super().forward(_)) + 0

    found = find_rate(Wrong([1.0]), itself, torch.ones(1), None, first=1e3, factor=1.2, num_steps=5)

    assert (found.largest, found.suggestion, found.bracketed) == (None, None, False)
    assert len(found.trials) == MAX_TRIES
    assert found.text.startswith("All 40 rates from 1e+03 to 0.8")
    assert "check the gradient" in found.text


def test_the_text_gives_the_numbers():
    """And says so where no rate lowers the loss."""
    found = on_bowl([4.0], first=0.3)
    flat = on_bowl([0.0], num_steps=5)

    assert "does not diverge is 0.3, and 0.9 diverges; try 0.3, " in found.text
    assert "none lowers" not in found.text
    assert found.lowest < found.start
    assert "But none lowers the training criterion, which starts at 0 [4.1-01]." in flat.text


def test_the_model_is_left_as_it_is():
    """Parameters, statistics, mode and the global generator."""
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 1)).eval()
    before, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    find_rate(
        model, mean_square, torch.randn(20, 3, generator=torch.Generator()), torch.ones(20, 1), num_steps=5
    )

    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert not any(one.training for one in model.modules())
    assert all(one.grad is None for one in model.parameters())
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": 0.0}, "`first` must be a positive number, but got first=0"),
        ({"first": math.inf}, "`first` must be a positive number, but got first=inf"),
        ({"factor": 1.0}, "`factor` must be > 1, but got factor=1. Leave it out for the chapter's 3"),
        ({"num_steps": 0}, "`num_steps` and `batch_size` must be at least 1, but got num_steps=0"),
        (
            {"batch_size": 0},
            "`num_steps` and `batch_size` must be at least 1, but got num_steps=200, batch_size=0",
        ),
    ],
)
def test_numbers_that_cannot_work_are_refused(changes, words):
    """With what was got and the way out."""
    with pytest.raises(ConfigError, match=words):
        on_bowl([1.0], **changes)
