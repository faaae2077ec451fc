"""Facts about committees [3.2-37]."""

import numpy as np
import pytest
import torch

from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.models.committee import committee_prediction, member_predictions
from practicum.models.mlp import MLP
from practicum.models.network import Network


def member(network, seed):
    """Return a net with random parameters."""
    module = MLP(network)
    for name, parameter in module.named_parameters():
        parameter.data = torch.from_numpy(stream(seed, name).standard_normal(parameter.shape)).float()
    return module


def rows(num_rows, num_inputs=3, codes=0):
    """Return rows without a meaningful target."""
    draw = stream(0, "tests/committee")
    return Dataset(
        x=torch.from_numpy(draw.standard_normal((num_rows, num_inputs))).float(),
        codes=torch.from_numpy(draw.integers(0, 4, (num_rows, codes))),
        target=torch.zeros(num_rows, 1),
        num_levels=(4,) * codes,
    )


@pytest.mark.parametrize(
    ("task", "num_outputs", "link"),
    [
        ("multiclass", 3, lambda logits: logits.softmax(1)),
        ("binary", 1, torch.sigmoid),
        ("regression", 1, lambda logits: logits),
    ],
)
def test_members_predict_probabilities_or_values(task, num_outputs, link):
    """Softmax, sigmoid or nothing after the logits, by the task."""
    members = [member(Network(3, (4,), num_outputs, "tanh", task), seed) for seed in range(2)]
    data = rows(10)
    found = member_predictions(members, data)
    expected = torch.stack([link(module(data.x)) for module in members]).detach()

    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-6)


def test_looked_up_columns_are_handed_on():
    """The codes go to each member's embeddings."""
    network = Network(3, (4,), 1, "tanh", "regression", num_levels=(4,))
    members, data = [member(network, 0)], rows(30, codes=1)
    found = member_predictions(members, data)

    assert found.shape == (1, 30, 1)
    np.testing.assert_allclose(
        found[0], members[0](data.x, data.codes).detach().numpy(), rtol=1e-5, atol=1e-6
    )


def test_no_rows_give_no_predictions():
    """An empty table is no error here."""
    assert member_predictions([member(Network(3, (4,), 2, "tanh", "multiclass"), 0)], rows(0)).shape == (
        1,
        0,
        2,
    )


def test_the_committee_predicts_the_mean():
    """Every member has one vote."""
    predictions = np.array([[[0.1, 0.9]], [[0.4, 0.6]], [[0.4, 0.6]]])

    np.testing.assert_allclose(committee_prediction(predictions), [[0.3, 0.7]])


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_a_member_that_is_not_finite_has_no_vote_there(broken):
    """In other rows it still counts."""
    predictions = np.array([[[0.2], [0.2]], [[broken], [0.4]]])

    np.testing.assert_allclose(committee_prediction(predictions), [[0.2], [0.3]])


def test_without_a_vote_the_prediction_is_nan():
    """It is not a made-up number."""
    assert np.isnan(committee_prediction(np.full((2, 1, 1), np.nan))).all()
