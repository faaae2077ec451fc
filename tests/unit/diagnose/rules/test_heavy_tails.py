"""Facts about the rule of heavy tails."""

import torch
from tests.made_rows import facts_of, normal

from practicum.checks.columns import FAR_TAIL, tail_length
from practicum.diagnose.rules.heavy_tails import check


def _check(x):
    return check(facts_of((x, normal(len(x), 1, seed=9))))


def _with_tail(far):
    x = normal(400, 4)
    x[:8, 1] = far
    return x


def test_values_a_thousand_deviations_out_are_named():
    """In one of four columns."""
    assert "In 1 of 4" in _check(_with_tail(1000.0))


def test_normal_columns_are_silent():
    """Their tails are light."""
    assert _check(normal(400, 4)) is None


def test_values_just_within_the_limit_are_silent():
    """A hundred quartile distances are 135 deviations."""
    assert _check(_with_tail(100.0)) is None


def test_of_few_rows_nothing_is_said():
    """A thousandth of them is nothing."""
    assert _check(_with_tail(1000.0)[:60]) is None


def test_inputs_that_are_mostly_zero_have_no_heavy_tail():
    """Pixels at the rim of pictures: their quartiles are close together, and nothing is far out in deviations."""
    x = torch.zeros(400, 1)
    x[:108, 0] = torch.linspace(0.0, 1.0, 108) ** 3 + 1e-9

    assert tail_length(x[:, 0].double().numpy()) > FAR_TAIL
    assert _check(x) is None
