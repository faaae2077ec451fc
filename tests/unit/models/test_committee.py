"""Facts about committees [3.2-37]."""

import numpy as np
import pytest
import torch

from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.models.committee import committee_prediction, greedy_votes, member_prediction
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
    found = np.stack([member_prediction(module, data) for module in members])
    expected = torch.stack([link(module(data.x)) for module in members]).detach()

    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-6)


def test_looked_up_columns_are_handed_on():
    """The codes go to each member's embeddings."""
    network = Network(3, (4,), 1, "tanh", "regression", num_levels=(4,))
    members, data = [member(network, 0)], rows(30, codes=1)
    found = member_prediction(members[0], data)

    assert found.shape == (30, 1)
    np.testing.assert_allclose(found, members[0](data.x, data.codes).detach().numpy(), rtol=1e-5, atol=1e-6)


def test_no_rows_give_no_predictions():
    """An empty table is no error here."""
    assert member_prediction(member(Network(3, (4,), 2, "tanh", "multiclass"), 0), rows(0)).shape == (0, 2)


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


def test_votes_weigh_the_mean():
    """Two votes count like the same member twice; none like no member, whatever it says."""
    predictions = np.array([[[0.2]], [[0.5]], [[np.nan]]])

    np.testing.assert_allclose(committee_prediction(predictions, [2, 1, 0]), [[0.3]])


def squared_error(target):
    """Return the measure of a prediction against ``target``."""
    return lambda prediction: float(((prediction - target) ** 2).mean())


def test_greedy_selection_is_no_worse_than_the_best_candidate():
    """It starts from the best and keeps the round of the lowest error."""
    draw = stream(0, "tests/greedy")
    target = draw.standard_normal((50, 1))
    candidates = target + draw.standard_normal((8, 50, 1)) * np.linspace(0.3, 1.5, 8)[:, None, None]
    error = squared_error(target)
    votes = greedy_votes(candidates, error, num_rounds=20)

    assert error(committee_prediction(candidates, votes)) < min(error(one) for one in candidates)
    assert 1 <= sum(votes) <= 20


def test_greedy_selection_of_one_round_is_the_best_candidate():
    """And of equal candidates the first."""
    target = np.zeros((4, 1))
    candidates = np.array([target + 1, target + 0.5, target + 0.5])

    assert greedy_votes(candidates, squared_error(target), num_rounds=1) == (0, 1, 0)


def test_a_candidate_that_is_not_finite_is_not_chosen():
    """Unless none is."""
    target = np.zeros((4, 1))
    broken = np.full((4, 1), np.nan)

    assert greedy_votes(np.array([broken, target + 1]), squared_error(target), num_rounds=3)[0] == 0
    assert greedy_votes(np.array([broken, broken]), squared_error(target), num_rounds=1) == (1, 0)


def test_of_equal_committees_the_larger_is_kept():
    """Candidates that are all alike all vote, in turn or not: the error decides nothing."""
    target = np.zeros((4, 1))
    candidates = np.array([target, target])

    assert sum(greedy_votes(candidates, squared_error(target), num_rounds=5)) == 5
