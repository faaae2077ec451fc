"""Facts about the predictor: rows in, answers in the user's terms out."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import polars as pl
import pytest
import torch

from practicum.data.prepare import Preparation
from practicum.data.schema import Column, Schema
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.runs.committee import Committee
from practicum.runs.predictor import Predictor, labels_of, probabilities

FRAME = pl.DataFrame({"x": [1.0, 2.0, 4.0], "y": ["no", "yes", "no"], "z": [10.0, 20.0, 60.0]})
COLUMNS = [Column(name="x", kind="numeric")]


def predictor(task: str, target: str, classes: list[str] | None = None, ways: int = 1) -> Predictor:
    """Return a linear member for each way of preparing x, all weights one half."""
    schema = Schema(task=task, target=target, classes=classes, columns=COLUMNS)
    kinds = ("standardise", "unit")[:ways]
    preparations = [Preparation.fit(FRAME, schema, preprocess=kind) for kind in kinds]
    members = [MLP(Network(1, (), 1, "tanh", task)) for _ in kinds]
    for member in members:
        torch.nn.init.constant_(member.layers[0].weight, 0.5)
    scalings = [(one.target_mean, one.target_scale) for one in preparations]
    committee = Committee(members, preparations=list(range(ways)), scalings=scalings)
    return Predictor(committee, preparations)


def test_each_member_gets_its_inputs():
    """The outputs are the mean over members of different preparations."""
    x = np.array([1.0, 2.0, 4.0])
    inputs = np.stack([(x - x.mean()) / x.std(), (x - 1) / 3])
    expected = (1 / (1 + np.exp(-0.5 * inputs))).mean(0)

    np.testing.assert_allclose(
        predictor("binary", "y", ["no", "yes"], ways=2).outputs(FRAME)[:, 0], expected, atol=1e-6
    )


def test_labels_and_values_come_back_in_their_terms():
    """Classes as labels, of whole numbers as integers; numbers in the target's unit."""
    found = predictor("binary", "y", ["no", "yes"])
    number = predictor("regression", "z")

    assert found.decode(np.array([[0.2], [0.7]])).tolist() == ["no", "yes"]
    assert number.decode(np.zeros((1, 1)))[0] == pytest.approx(30.0)
    assert number.classes is None
    assert labels_of(["7", "11"]).dtype.kind == "i"
    assert labels_of(["07", "11"]).tolist() == ["07", "11"]


def test_notes_are_told_once():
    """Two preparations would say the same of an ignored column."""
    notes: list[str] = []
    predictor("binary", "y", ["no", "yes"], ways=2).outputs(FRAME.with_columns(w=pl.lit(1)), notes)

    assert len(notes) == len(set(notes)) >= 1


def test_probabilities_sum_to_one():
    """One sigmoid is two classes; several outputs are as they are."""
    assert probabilities(np.array([[0.3]])).sum() == 1
    assert probabilities(np.array([[0.2, 0.8]])).tolist() == [[0.2, 0.8]]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_predicts_the_same_bits(copied):
    """Estimators are copied and pickled by those who use them."""
    found = predictor("regression", "z", ways=2)

    np.testing.assert_array_equal(copied(found).outputs(FRAME), found.outputs(FRAME))
