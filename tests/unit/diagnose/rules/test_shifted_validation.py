"""Facts about the rule of validation inputs that lie elsewhere."""

import torch
from tests.made_rows import facts_of, normal

from practicum.diagnose.rules.shifted_validation import check

X, V = normal(400, 6), normal(200, 6, seed=1)


def _check(v, x=X):
    y = normal(len(x), 1, seed=8)
    return check(facts_of((x, y), (v, torch.zeros(len(v), 1))))


def test_validation_in_other_units_is_critical():
    """All columns are moved and stretched."""
    assert _check(2 * V + 1).severity == "critical"


def test_one_column_that_moved_is_a_warning():
    """Of six."""
    v = V.clone()
    v[:, 0] += 1.5

    assert _check(v).severity == "warning"


def test_one_column_of_many_is_worth_knowing():
    """Of eleven."""
    x, v = normal(400, 11), normal(200, 11, seed=1)
    v[:, 0] += 1.5

    assert _check(v, x).severity == "info"


def test_rows_of_one_kind_are_silent():
    """They differ by chance alone."""
    assert _check(V) is None


def test_a_shift_just_below_half_a_deviation_is_silent():
    """The limit is of the middle."""
    assert _check(V + 0.35) is None


def test_of_few_rows_a_shift_is_not_sure():
    """Ten say little of the middle."""
    assert _check(V[:10] + 1) is None


def test_sparse_inputs_are_compared_as_a_whole():
    """Their quartiles are all zero."""
    x, v = (torch.relu(one - 1) for one in (X, V))

    assert _check(v, x) is None
    assert _check(3 * v + 1, x).severity == "critical"


def test_noise_in_training_alone_is_worth_knowing():
    """It is a way to have more rows."""
    assert _check(V / 3).severity == "info"
