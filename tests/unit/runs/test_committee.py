"""Facts about the committee: a mean of members, the same bits wherever a row stands."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from practicum.core.errors import RecordError
from practicum.data.dataset import Dataset
from practicum.models.committee import committee_prediction
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.runs.committee import CHUNK, Committee
from practicum.runs.weights import load_members, save_members

NETWORKS = {
    "binary": Network(7, (16, 8), 1, "tanh", "binary"),
    "multiclass": Network(5, (13,), 3, "relu", "multiclass", num_levels=(4, 9)),
    "regression": Network(3, (), 1, "relu", "regression"),
}


def committee(network, num_members=3):
    """A committee of untrained members."""
    seeds = range(num_members)
    parameters = [initial_parameters(network, seed) for seed in seeds]
    return Committee(
        [MLP(network, {n: torch.tensor(v, dtype=torch.float32) for n, v in p.items()}) for p in parameters]
    )


def rows(network, num_rows, seed=0):
    """A data set of random rows that fits the network."""
    random = torch.Generator().manual_seed(seed)
    codes = [torch.randint(levels, (num_rows,), generator=random) for levels in network.num_levels]
    return Dataset(
        torch.randn(num_rows, network.num_inputs, generator=random),
        torch.stack(codes, 1) if codes else torch.zeros(num_rows, 0, dtype=torch.int64),
        torch.zeros(num_rows, network.num_outputs),
        network.num_levels,
    )


@pytest.fixture(params=NETWORKS)
def network(request):
    """Each task in turn."""
    return NETWORKS[request.param]


def test_members_alone_and_together_have_the_same_bits(network):
    """The mean of what each predicts is the committee's prediction, in every chunk."""
    several, data = committee(network), rows(network, CHUNK + 3)
    each = several.predict_each(data)

    assert each.shape == (3, CHUNK + 3, network.num_outputs)
    np.testing.assert_array_equal(committee_prediction(each), several.predict(data))


def test_the_prediction_is_the_mean_of_the_members(network):
    """Output units are averaged, not logits and not votes."""
    data = rows(network, 20)
    several = committee(network)
    unit = {"binary": torch.sigmoid, "multiclass": lambda a: torch.softmax(a, 1), "regression": lambda a: a}
    expected = torch.stack(
        [unit[network.task](member(data.x, data.codes)) for member in several.members]
    ).mean(0)

    np.testing.assert_allclose(several.predict(data), expected.detach().numpy(), rtol=1e-5, atol=1e-6)


def test_predictions_survive_the_disk(network, tmp_path):
    """Saved and loaded, the committee predicts the same bits."""
    data = rows(network, 300)
    several = committee(network)
    several.save(tmp_path / "model", {"target": "y"})

    loaded = Committee.load(tmp_path / "model")

    assert loaded.network == network
    np.testing.assert_array_equal(loaded.predict(data), several.predict(data))


@given(
    num_rows=st.integers(1, 2 * CHUNK + 3),
    row=st.integers(0, 2 * CHUNK + 2),
    task=st.sampled_from(sorted(NETWORKS)),
)
@settings(max_examples=60)
def test_a_row_does_not_see_its_neighbours(num_rows, row, task):
    """A row alone and the same row anywhere among others get the same bits."""
    network, row = NETWORKS[task], row % num_rows
    several, data = committee(network, 1), rows(NETWORKS[task], num_rows, seed=num_rows)
    alone = Dataset(data.x[[row]], data.codes[[row]], data.target[[row]], data.num_levels)

    np.testing.assert_array_equal(several.predict(data)[[row]], several.predict(alone))


def test_members_of_different_shapes_and_preparations_vote_together(tmp_path):
    """Each sees the rows as its own preparation made them; votes, shapes and scalings survive the disk."""
    networks = [Network(3, (4,), 1, "relu", "regression"), Network(5, (), 1, "tanh", "regression")]
    members = [committee(network, 1).members[0] for network in networks]
    several = Committee(members, votes=[3, 1], preparations=[0, 1], scalings=[(1.0, 2.0), (5.0, 4.0)])
    inputs = [rows(network, 20, seed) for seed, network in enumerate(networks)]
    alone = [Committee([member]).predict(data) for member, data in zip(members, inputs, strict=True)]
    # Both in the unit of the first preparation.
    expected = (3 * alone[0] + (alone[1] * 4.0 + 5.0 - 1.0) / 2.0) / 4
    several.save(tmp_path / "model")
    loaded = Committee.load(tmp_path / "model")

    np.testing.assert_allclose(several.predict(inputs), expected, rtol=1e-12)
    np.testing.assert_array_equal(loaded.predict(inputs), several.predict(inputs))


def test_no_rows_give_no_predictions(network):
    """An empty table is no special case."""
    assert committee(network).predict(rows(network, 0)).shape == (0, network.num_outputs)


def test_the_callers_threads_come_back():
    """In another process, because this one is held at one thread."""
    code = (
        "import torch; from practicum.runs.committee import one_thread\n"
        "torch.set_num_threads(2)\n"
        "with one_thread(): inside = torch.get_num_threads()\n"
        "print(inside, torch.get_num_threads())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.split() == ["1", "2"]


@pytest.mark.parametrize("change", ["missing", "shape", "network", "none"])
def test_weights_that_do_not_fit_are_an_error(tmp_path, change):
    """An undamaged file with other weights than its network needs is told."""
    committee(NETWORKS["binary"]).save(tmp_path / "model")
    members, metadata = load_members(tmp_path / "model")
    if change == "missing":
        del members[1]["layers.0.bias"]
    elif change == "shape":
        members[1]["layers.0.bias"] = torch.zeros(3)
    elif change == "network":
        del metadata["networks"]
    else:
        members = []
    save_members(tmp_path / "model", members, metadata)

    with pytest.raises(RecordError, match=r"`weights` must fit their network, but in .* they do not"):
        Committee.load(tmp_path / "model")
