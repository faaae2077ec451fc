"""Facts about the rule of validation rows among training rows."""

import torch
from tests.made_rows import drawn, facts_of, normal

from practicum.diagnose.rules.copied_validation import check


def _check(x, v):
    return check(facts_of((x, torch.zeros(len(x), 1)), (v, torch.zeros(len(v), 1))))


def test_copies_are_counted():
    """Half of the validation rows."""
    x, v = normal(200, 4), normal(100, 4, seed=1)
    x[:50] = v[:50]

    assert _check(x, v).severity == "critical"
    assert "50 of 100" in _check(x, v).text


def test_few_copies_are_worth_knowing():
    """Up to a tenth of the rows: some tables hold a row twice."""
    x, v = normal(200, 4), normal(100, 4, seed=1)
    x[:11] = v[:11]
    assert _check(x, v).severity == "critical"
    x[0] = 0.0

    assert _check(x, v).severity == "info"


def test_near_copies_are_counted_too():
    """They differ in the third place."""
    x, v = normal(200, 4), normal(100, 4, seed=1)
    x[:50] = v[:50] + 1e-4 * normal(50, 4, seed=2)

    assert "hundredth of the usual distance" in _check(x, v).text


def test_other_rows_are_silent():
    """None is in both."""
    assert _check(normal(200, 4), normal(100, 4, seed=1)) is None


def test_a_single_copy_is_silent():
    """One row may occur twice."""
    x, v = normal(200, 4), normal(100, 4, seed=1)
    x[0] = v[0]

    assert _check(x, v) is None


def test_short_rows_of_tokens_coincide_by_chance():
    """Rows of three tokens of four kinds are often the same, in validation too."""
    x, v = (torch.randint(4, (200, 3), generator=drawn(seed)) for seed in (0, 1))

    assert _check(x, v) is None
