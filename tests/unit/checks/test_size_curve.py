"""Loss over the number of training rows [4.1-07]."""

import copy
import math

import pytest
import torch
from torch import nn

from practicum.checks.criterion import Criterion
from practicum.checks.size_curve import SizeCurve, SizeRow, learning_curve, train_with, trend
from practicum.core.errors import ConfigError

mean_square = nn.functional.mse_loss


def noisy_line(num_rows, seed):
    """Return rows, and a linear function of them with noise of variance 0.25."""
    chooser = torch.Generator().manual_seed(seed)
    x = torch.randn(num_rows, 8, generator=chooser)
    return x, x[:, :1] + 0.5 * torch.randn(num_rows, 1, generator=chooser)


def curve(**options):
    """Return the curve of a linear model on the noisy line."""
    torch.manual_seed(0)
    given = {"learning_rate": 0.05, "num_steps": 300, "batch_size": 16} | options
    return learning_curve(nn.Linear(8, 1), mean_square, *noisy_line(256, 1), *noisy_line(400, 2), **given)


def made(sgd_train, sgd_valid, lbfgs_valid, sizes=(100, 200, 400)):
    """Return a curve with these losses."""
    rows = []
    for size, train, valid, theirs in zip(sizes, sgd_train, sgd_valid, lbfgs_valid, strict=True):
        rows += [SizeRow(size, "SGD", train, valid), SizeRow(size, "L-BFGS", train, theirs)]
    return SizeCurve(tuple(rows))


def test_training_degrades_and_validation_improves_with_rows():
    """Towards the noise's variance, from below and from above, with both methods."""
    found = curve()

    for method in ("SGD", "L-BFGS"):
        rows = found.of(method)
        assert [one.size for one in rows] == [16, 32, 64, 128, 256]
        assert rows[0].train < 0.22 < rows[-1].train < 0.3 < rows[0].valid
        assert 0.2 < rows[-1].valid < rows[0].valid
    assert "of SGD mostly rises" in found.text or "of SGD rises" in found.text
    assert ", as it should be [4.1-07]" in found.text


def test_lbfgs_ends_at_the_least_squares_of_the_first_rows():
    """Solved directly, on the rows of each size and no others."""
    found = curve(sizes=(32, 128))
    x, y = (one.double() for one in noisy_line(256, 1))

    for row in found.of("L-BFGS"):
        ones = torch.cat([x[: row.size], torch.ones(row.size, 1, dtype=torch.float64)], 1)
        rest = ones @ torch.linalg.lstsq(ones, y[: row.size]).solution - y[: row.size]
        assert row.train == pytest.approx(float(rest.square().mean()), rel=1e-6)


def test_both_methods_may_look_at_as_many_examples():
    """20 updates of 8 rows are 2 passes over 80; a line search may take a few more."""
    for method, expected in (("SGD", 160), ("L-BFGS", 160)):
        x, y = noisy_line(80, 0)
        criterion = Criterion(nn.Linear(8, 1), mean_square, x, y)
        seen = []
        criterion.model.register_forward_hook(lambda _m, _i, out, seen=seen: seen.append(len(out)))
        train_with(method, criterion, 0.1, 20, 8)

        assert expected <= sum(seen) <= expected + 80 * 3
        assert seen[0] == (8 if method == "SGD" else 80)


def test_the_gain_is_that_of_one_doubling():
    """Of two doublings the geometric mean; without meaning where the loss is no positive number."""
    assert made((1, 1, 1), (3, 2, 1), (3, 3, 3)).gain == pytest.approx(0.5)
    assert made((1, 1, 1), (3, 4, 1), (3, 3, 3), sizes=(1, 100, 400)).gain == pytest.approx(0.5)
    assert math.isnan(made((1, 1, 1), (3, math.inf, 1), (3, 3, 3)).gain)
    assert math.isnan(made((1, 1, 1), (3, 1, -1), (3, 3, 3)).gain)


def test_the_text_says_what_was_seen_and_no_more():
    """As it should be, and not; more rows help, do not, or it cannot be told."""
    good = made((0.1, 0.2, 0.3), (3.0, 2.0, 1.5), (3.0, 2.5, 2.5)).text
    bad = made((0.3, 0.1, 0.3), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)).text

    assert "training loss of SGD rises (0.1 to 0.3)" in good
    assert "validation loss falls (3 to 1.5), as it should be [4.1-07]" in good
    assert "changed the validation loss by -25.0%: more rows are likely to help" in good
    assert "for as many examples, mostly rises" not in good
    assert "for as many examples, rises (0 to 1)" in good
    assert "goes up and down (1 to 1), not as it should be" in bad
    assert "more rows promise little" in bad
    assert "small differences may be chance" in bad
    assert "cannot be told" in made((1, 1, 1), (3, 2, math.nan), (3, 3, 3)).text


def test_a_trend_is_one_if_three_pairs_in_four_agree():
    """Nothing is said of values that are no numbers."""
    assert trend([1, 3, 2, 4]) == "mostly rises"
    assert trend([4, 3, 1, 2]) == "mostly falls"
    assert trend([2, 1, 4, 3]) == "goes up and down"
    assert trend([1, math.nan, 2]) == "goes up and down"


def test_a_diverged_size_is_a_result():
    """Its loss is no number or a large one, and the curve goes on."""
    found = curve(learning_rate=1e3, sizes=(16, 64))

    assert all(not one.train < 1e6 for one in found.of("SGD"))
    assert all(one.train < 1 for one in found.of("L-BFGS"))
    assert "not as it should be" in found.text


def test_the_model_is_left_as_it_is():
    """Parameters, statistics, mode and the global generator."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 1)).eval()
    before, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    learning_curve(model, mean_square, *noisy_line(32, 1), *noisy_line(9, 2), num_steps=4, sizes=(8, 32))

    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert not any(one.training for one in model.modules())
    assert all(one.grad is None for one in model.parameters())
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("sizes", [(), (16,), (32, 16), (16, 16), (0, 16), (16, 257)])
def test_sizes_that_cannot_be_had_are_refused(sizes):
    """With the rows that there are."""
    with pytest.raises(
        ConfigError, match="`sizes` must be two or more rising numbers from 1 to the 256 training"
    ):
        curve(sizes=sizes)


@pytest.mark.parametrize("changes", [{"learning_rate": 0.0}, {"num_steps": 0}, {"batch_size": 0}])
def test_numbers_that_cannot_work_are_refused(changes):
    """With what was got."""
    with pytest.raises(
        ConfigError, match="`learning_rate`, `num_steps` and `batch_size` must be positive, but got"
    ):
        curve(**changes)
