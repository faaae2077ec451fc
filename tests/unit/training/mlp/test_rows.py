"""Facts about data laid out for training."""

import pytest
import torch
from tests.oracles.problems import problem, small_recipe
from tests.oracles.sources import sources

from practicum.data.dataset import Dataset
from practicum.models.network import Network
from practicum.training.mlp.rows import Rows


def test_inputs_are_padded_and_targets_stand_beside_them():
    """5 inputs go to 16; the 11 numbers between are zero; then come the targets."""
    data = problem("multiclass")
    rows = Rows.of(data.train, data.network(small_recipe()))

    assert len(rows) == len(data.train)
    assert rows.num_inputs == 16
    assert torch.equal(rows.values[:, :5], data.train.x)
    assert not rows.values[:, 5:16].any()
    assert torch.equal(rows.values[:, 16:], data.train.target)


def test_looked_up_columns_have_an_empty_place_among_the_inputs():
    """14 numeric inputs and 1 + 4 looked-up numbers need 32 places."""
    data = problem("binary", num_inputs=14, num_levels=(2, 7))
    rows = Rows.of(data.train, data.network(small_recipe()))

    assert rows.num_inputs == 32
    assert not rows.values[:, 14:32].any()
    assert torch.equal(rows.codes, data.train.codes)


def test_the_type_is_the_one_asked_for():
    """Training can be run in double precision, e.g. to compare it with its slow twin."""
    data = problem("binary")

    assert Rows.of(data.train, data.network(small_recipe()), torch.float64).values.dtype == torch.float64


@pytest.mark.parametrize(("targets", "deviation"), [([1.0, 3.0], 1.0), ([2.0, 6.0], 2.0), ([5.0, 5.0], 1.0)])
def test_the_targets_deviation_scales_an_error_of_regression(targets, deviation):
    """It divides by N; where there is none, it is 1."""
    target = torch.tensor(targets)[:, None]
    data = Dataset(torch.zeros(2, 1), torch.zeros(2, 0, dtype=torch.int64), target)
    network = Network(1, (), 1, "tanh", "regression")

    assert Rows.of(data, network).target_deviations == (deviation,)


def test_classes_are_not_scaled():
    """A misclassified fraction stays one."""
    data = problem("multiclass")

    assert Rows.of(data.train, data.network(small_recipe())).target_deviations == (1.0,)


def test_sources_lie_one_after_the_other():
    """Each padded, with its own targets and deviation; a source is a view of them all."""
    many = list(sources("regression").values())
    rows = Rows.of([one.valid for one in many], many[0].network(small_recipe()))

    assert (rows.num_sources, len(rows), rows.values.shape) == (4, 50, (200, 17))
    for place, one in enumerate(many):
        mine, alone = rows.source(place), Rows.of(one.valid, one.network(small_recipe()))
        assert torch.equal(mine.values, alone.values)
        assert mine.target_deviations == alone.target_deviations
        assert mine.values.untyped_storage().data_ptr() == rows.values.untyped_storage().data_ptr()
