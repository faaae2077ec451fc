"""Facts about kept rows as a plain table."""

import numpy as np
import torch
from tests.made_rows import drawn, facts_of, normal

from practicum.diagnose.derived.table import columns, forest_of, line_of, table_of

X = normal(80, 3)


def test_columns_stay_as_they_are():
    """With their targets as numbers."""
    table = table_of(facts_of((X, X[:, :1])))

    assert (table.task, table.is_plain) == ("regression", True)
    np.testing.assert_allclose(table.x, X.double().numpy())


def test_images_become_rows_of_pixels_and_are_no_columns():
    """Other rules are of columns."""
    facts = facts_of((normal(80, 1, 4, 4), torch.arange(80) % 3))

    assert table_of(facts).x.shape == (80, 16)
    assert table_of(facts).task == "multiclass"
    assert columns(facts) is None


def test_tokens_are_counted():
    """A text becomes a bag of words."""
    x = torch.randint(5, (80, 7), generator=drawn(1))
    table = table_of(facts_of((x, torch.arange(80) % 2)))

    assert table.x.sum(1).tolist() == [7] * 80


def test_places_with_a_target_each_become_rows():
    """Padding is left out."""
    x = torch.randint(5, (20, 6), generator=drawn(1))
    y = x % 2
    y[:, 4:] = -100
    facts = facts_of((x, y))

    assert len(table_of(facts).y) == 80
    assert forest_of(facts).skill.value > 0.5


def test_one_hot_targets_are_classes():
    """Their places are the numbers."""
    y = torch.nn.functional.one_hot(torch.arange(80) % 3, 3).float()

    assert table_of(facts_of((X, y))).y.tolist() == [float(k % 3) for k in range(80)]


def test_rows_that_are_not_finite_are_left_out():
    """Models take none."""
    x = X.clone()
    x[3, 1] = torch.nan

    assert len(table_of(facts_of((x, X[:, :1]))).y) == 79


def test_few_rows_or_a_single_target_are_no_table():
    """Nothing can be learned of them."""
    assert table_of(facts_of((X[:20], X[:20, :1]))) is None
    assert table_of(facts_of((X, torch.zeros(80, 1)))) is None


def test_a_line_learns_what_is_linear():
    """From other folds."""
    assert line_of(facts_of((X, X[:, :1]))).skill.value > 0.9
