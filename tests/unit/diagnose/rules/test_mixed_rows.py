"""Facts about the rule of rows that see each other."""

import torch
from tests.made_rows import Fixed, facts_of, normal
from torch import nn

from practicum.diagnose.rules.mixed_rows import check

X = normal(32, 3)


def _check(function):
    return check(facts_of((X, X[:, :1]), model=Fixed(function), loss_fn=nn.MSELoss()))


def test_a_view_that_mixes_axes_is_named():
    """Rows get numbers of other rows."""
    assert _check(lambda x: x.reshape(x.shape[1], -1).T[:, :1]).causes[0][0] == "L9"


def test_rows_that_are_kept_apart_are_silent():
    """Each is computed by itself."""
    assert _check(lambda x: x[:, :1]) is None


def test_an_influence_below_rounding_is_silent():
    """A billionth of the others' mean."""
    assert _check(lambda x: x[:, :1] + 1e-10 * x.mean()) is None


def test_batch_normalisation_does_not_mix_in_evaluation():
    """It has its running statistics then."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))

    assert check(facts_of((X, X[:, :1]), model=model, loss_fn=nn.MSELoss())) is None
