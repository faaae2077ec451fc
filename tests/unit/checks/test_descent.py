"""How a check trains a copy."""

import math

import pytest
import torch
from torch import nn

from practicum.checks.criterion import Criterion
from practicum.checks.descent import batches, descend, minimise, without_dropout

X, Y = torch.linspace(-1, 1, 36).reshape(12, 3), torch.linspace(0, 1, 12)[:, None]


def test_every_row_is_seen_once_an_epoch_in_an_order_of_its_own():
    """The same for a seed; another for another."""
    orders = [torch.cat(list(batches(12, 4, 6, seed))).tolist() for seed in (0, 0, 1)]

    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0][:12]) == sorted(orders[0][12:]) == list(range(12))
    assert orders[0][:12] != orders[0][12:]


def test_what_is_left_of_an_epoch_is_left_out():
    """All minibatches have the same size."""
    found = [rows.tolist() for rows in batches(5, 2, 4, 0)]

    assert [len(rows) for rows in found] == [2] * 4
    assert len(set(found[0] + found[1])) == 4


def test_descending_is_the_plain_loop():
    """The losses are those before the updates; the last rows are not reported after theirs."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.3), nn.Linear(4, 1))
    criterion = Criterion(model, nn.functional.mse_loss, X, Y, seed=5, double=False)
    optimizer = torch.optim.SGD(criterion.model.parameters(), lr=0.1)
    losses = descend(criterion, optimizer, batches(12, 4, 5, 0))

    slow, by_hand = torch.optim.SGD(model.parameters(), lr=0.1), []
    with torch.random.fork_rng():
        torch.manual_seed(5)
        for rows in batches(12, 4, 5, 0):
            slow.zero_grad()
            loss = nn.functional.mse_loss(model(X[rows]), Y[rows])
            by_hand.append(float(loss.detach()))
            loss.backward()
            slow.step()

    assert losses == by_hand
    for a, b in zip(model.parameters(), criterion.model.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("rate", [1e3, math.inf])
def test_a_run_above_the_ceiling_or_without_a_number_is_given_up(rate):
    """The loss that was too high is the last one."""
    criterion = Criterion(nn.Linear(3, 1), nn.functional.mse_loss, X, Y, double=False)
    optimizer = torch.optim.SGD(criterion.model.parameters(), lr=rate)
    losses = descend(criterion, optimizer, batches(12, 12, 50, 0), ceiling=1e4)

    assert len(losses) < 50
    assert not losses[-1] <= 1e4
    assert all(loss <= 1e4 for loss in losses[:-1])


def test_lbfgs_finds_the_bottom_of_a_curved_valley():
    """Rosenbrock's function, from its usual start."""
    x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    lowest = minimise(lambda: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [x], 200)

    assert lowest < 1e-12
    assert x.tolist() == pytest.approx([1.0, 1.0], abs=1e-5)


def test_where_it_was_lowest_is_kept():
    """A gradient of the wrong sign leads uphill; what is left is the start."""
    x = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)

    def value():
        return 2 * x.detach().square().sum() - (x**2).sum()

    lowest = minimise(value, [x], 50)

    assert (lowest, x.tolist()) == (4.0, [2.0])


def test_the_lowest_point_is_kept_though_it_went_on_from_there():
    """As where a line search looks further; here the second value alone is low."""
    x = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    seen = []

    def value():
        seen.append(float(x.detach()))
        return x.square().sum() - (100.0 if len(seen) == 2 else 0.0)

    lowest = minimise(value, [x], 4)

    assert float(x.detach()) == seen[1] != seen[-1]
    assert lowest == seen[1] ** 2 - 100


@pytest.mark.parametrize("last", range(1, 7))
def test_where_nothing_is_a_number_any_more_the_lowest_point_is_kept(last):
    """From whatever evaluation on."""
    x = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    seen = []

    def value():
        seen.append(float((x.detach() ** 4).sum()))
        return (x**4).sum() + (0.0 if len(seen) <= last else math.nan)

    lowest = minimise(value, [x], 30)

    assert lowest == min(seen[:last]) == float((x.detach() ** 4).sum())


def test_a_value_without_bottom_ends_at_a_number():
    """It falls to minus infinity; what is no number is not kept."""
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    lowest = minimise(lambda: -x.exp().exp().sum(), [x], 60)

    assert -math.inf < lowest < -2.7
    assert math.isfinite(float(x.detach()))


def test_the_budget_of_evaluations_is_kept_but_for_a_line_search():
    """However slowly it goes."""
    x = torch.ones(20, dtype=torch.float64, requires_grad=True)
    calls = []

    def value():
        calls.append(1)
        return (torch.arange(1, 21, dtype=torch.float64) ** 4 * (x - 3) ** 4).sum()

    minimise(value, [x], 10)

    assert 10 <= len(calls) <= 10 + 25


def test_dropout_is_off_and_batch_statistics_are_on():
    """Whatever the mode was."""
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(), nn.Sequential(nn.Dropout2d())).eval()
    without_dropout(model)

    assert [one.training for one in model.modules()] == [True, True, False, True, False]
