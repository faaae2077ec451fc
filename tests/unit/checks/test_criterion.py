"""The criterion of a copy on given rows."""

import pytest
import torch
from torch import nn

from practicum.checks.criterion import Criterion, taken
from practicum.core.errors import ConfigError

X, Y = torch.linspace(-1, 1, 12).reshape(4, 3), torch.linspace(0, 1, 4)[:, None]
mean_square = nn.functional.mse_loss


def test_it_works_on_a_copy_of_the_given_precision():
    """Training the copy leaves the model as it was; the copy keeps its mode."""
    model = nn.Linear(3, 1).eval()
    for double, dtype in ((True, torch.float64), (False, torch.float32)):
        criterion = Criterion(model, mean_square, X, Y, double=double)
        with torch.no_grad():
            criterion.parameters["weight"].zero_()

        assert criterion.value().dtype == dtype
        assert not criterion.model.training
        assert float(model.weight.detach().abs().min()) > 0


def test_the_loss_of_some_rows_is_that_of_those_rows():
    """Inputs and targets are taken together."""
    model = nn.Linear(3, 1)
    criterion = Criterion(model, mean_square, X, Y, double=False)
    rows = torch.tensor([3, 1])

    assert criterion.num_rows == 4
    torch.testing.assert_close(criterion.batch_loss(rows), mean_square(model(X[rows]), Y[rows]))


def test_a_model_may_write_into_its_input():
    """The next call gets what the first one got, and so does the user."""

    class Writing(nn.Linear):
        def forward(self, x):
            return super().forward(x.mul_(2))

    x = X.double()
    for double in (True, False):
        criterion = Criterion(Writing(3, 1).double(), mean_square, x, Y.double(), double=double)

        assert criterion.number() == criterion.number()
        assert torch.equal(x, X.double())


def test_draws_are_the_same_each_time_and_nobody_notices():
    """As dropout makes them; another seed, other draws."""
    model = nn.Sequential(nn.Linear(3, 50), nn.Dropout(0.5), nn.Linear(50, 1))
    state = torch.get_rng_state()
    criteria = [Criterion(model, mean_square, X, Y, seed=seed) for seed in (0, 0, 1)]
    losses = [criterion.number() for criterion in (*criteria, criteria[0])]

    assert losses[0] == losses[1] == losses[3] != losses[2]
    assert torch.equal(state, torch.get_rng_state())


def test_rows_are_taken_of_what_has_them():
    """Wherever it is; what has another length, or none, is common to all rows."""
    value = {"a": [X, torch.ones(2)], "b": (torch.tensor(1.0), "word")}
    found = taken(value, torch.tensor([2]), 4)

    assert torch.equal(found["a"][0], X[2:3])
    assert found["a"][1] is value["a"][1]
    assert found["b"] == value["b"]
    assert taken(value, None, 4) is value


def test_without_a_tensor_there_is_one_row():
    """A model may take no input at all."""

    class Alone(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.ones(2))

        def forward(self):
            return self.w.square().sum()

    criterion = Criterion(Alone(), lambda out, _: out, (), None)

    assert (criterion.num_rows, criterion.number()) == (1, 2.0)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (lambda out, target: out, r"`loss` must return one finite number, but got shape \(4, 1\)"),
        (lambda out, target: (out * float("nan")).sum(), "`loss` must return one finite number, but got nan"),
        (
            lambda out, target: out.detach().sum(),
            "`model` must have parameters that the loss depends on, but 2",
        ),
    ],
)
def test_what_has_no_derivative_is_refused(loss, words):
    """With the condition and what was got."""
    with pytest.raises(ConfigError, match=words):
        Criterion(nn.Linear(3, 1), loss, X, Y)
