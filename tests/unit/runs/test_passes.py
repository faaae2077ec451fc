"""Facts about one more pass: it goes on where training was, and takes every row in once."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from practicum.core.errors import DivergedError
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.runs.passes import Course, one_more_pass, passing
from practicum.training.loop import run
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask
from practicum.training.pack import Pack

CPU = torch.device("cpu")
NETWORK = Network(3, (5,), 1, "tanh", "regression")
RECIPE = Recipe(hidden_sizes=(5,), learning_rate=0.05, batch_size=10, decay_start_step=3, seed=2)


def rows(num_rows: int = 40) -> Dataset:
    """Return rows of a linear target."""
    x = stream(0, "tests/passes").normal(size=(num_rows, 3)).astype(np.float32)
    target = torch.from_numpy(x.sum(1, keepdims=True) / 2)
    return Dataset(torch.from_numpy(x), torch.empty(num_rows, 0, dtype=torch.int64), target)


def test_passes_are_what_one_training_does():
    """Three passes give the bits of a training of three epochs: same batches, same rates, same start."""
    data = Rows.of(rows(), NETWORK)
    pack = Pack([passing(RECIPE)], MLPTask(NETWORK, data, data))
    for _ in run(pack, 12):
        pass
    member, course = None, Course(RECIPE, 0)
    for _ in range(3):
        member, course = one_more_pass(member, course, NETWORK, rows(), CPU)

    assert course == Course(RECIPE, 12)
    for name, value in pack.parameters.get(0).items():
        torch.testing.assert_close(member.state_dict()[name], value, rtol=0, atol=0)


def test_a_pass_takes_every_row_in():
    """The last minibatch is filled up, so that 41 rows are five updates of ten."""
    _, course = one_more_pass(None, Course(RECIPE, 0), NETWORK, rows(41), CPU)

    assert course.step == 5


def test_few_rows_are_enough():
    """A single row is a minibatch of its copies."""
    member, course = one_more_pass(None, Course(RECIPE, 0), NETWORK, rows(1), CPU)

    assert course.step == 1
    assert all(value.isfinite().all() for value in member.state_dict().values())


def test_neither_patience_nor_an_end_stops_a_pass():
    """What would have ended training long ago lets the pass go on; the rate follows its schedule to the end."""
    recipe = RECIPE.changed(
        num_steps=5, patience_steps=1, schedule="linear", decay_start_step=None, num_folds=3, bagging=True
    )

    assert passing(recipe).schedule_steps == 5
    assert one_more_pass(None, Course(recipe, 100), NETWORK, rows(), CPU)[1].step == 104


def test_a_pass_that_blows_up_leaves_the_member_as_it_was():
    """The error names the step and the rate."""
    weights = {k: torch.from_numpy(v).float() for k, v in initial_parameters(NETWORK, 0).items()}
    member = MLP(NETWORK, weights)
    recipe = RECIPE.changed(learning_rate=1e30)

    with pytest.raises(DivergedError, match=r"blew up at update 4 \(learning rate 1e\+30\)"):
        one_more_pass(member, Course(recipe, 0), NETWORK, rows(), CPU)
    assert torch.equal(member.state_dict()["layers.0.weight"], weights["layers.0.weight"])
