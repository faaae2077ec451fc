"""Facts about changes of a recipe: each changes what it says, or nothing where there is nothing to change."""

import pytest

from practicum.diagnose.evidence.recipes import CHANGES, FIRST_DROPOUT, FIRST_PENALTY
from practicum.recipe import Recipe

BY_NAME = {one.name: one for one in CHANGES}


def changed(name, **values):
    found = BY_NAME[name].of(Recipe(**values))
    return found if found is None else dict(found)


def test_names_are_distinct():
    """They are what people read."""
    assert len(BY_NAME) == len(CHANGES)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.name)
def test_a_change_gives_another_recipe_or_none(change):
    """Never the same one."""
    recipe = Recipe(num_steps=100)

    assert change.of(recipe) != recipe


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("the learning rate ÷ 10", {"learning_rate": 0.1}, {"learning_rate": 0.01}),
        ("more l2_penalty (× 10)", {"l2_penalty": 2.0}, {"l2_penalty": 20.0}),
        ("more l2_penalty (× 10)", {"l2_penalty": 0.0}, {"l2_penalty": FIRST_PENALTY}),
        ("more dropout", {"dropout": 0.0}, {"dropout": FIRST_DROPOUT}),
        ("more dropout", {"dropout": 0.4}, {"dropout": 0.6}),
        ("half the dropout", {"dropout": 0.4}, {"dropout": 0.2}),
        ("twice the hidden units", {"hidden_sizes": (8, 4)}, {"hidden_sizes": (16, 8)}),
        ("one hidden layer more", {"hidden_sizes": (8, 4)}, {"hidden_sizes": (8, 4, 4)}),
        ("2 times the updates and 3 times the patience", {"num_steps": 50}, {"num_steps": 100}),
        ("half the batch size", {"batch_size": 32, "num_steps": 50}, {"batch_size": 16, "num_steps": 100}),
        ("another momentum", {"momentum": 0.9}, {"momentum": 0.5}),
    ],
)
def test_a_change_is_what_its_name_says(name, before, after):
    """With as many examples seen, where batches change."""
    found = changed(name, **before)

    assert [found[key] for key in after] == [pytest.approx(one) for one in after.values()]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("half the dropout", {}),
        ("less l2_penalty (÷ 10)", {}),
        ("less l2_penalty (÷ 10)", {"hidden_sizes": (4,), "l2_penalty": (0.0, 0.0)}),
        ("one hidden layer more", {"hidden_sizes": ()}),
        ("twice the hidden units", {"hidden_sizes": ()}),
        ("2 times the updates and 3 times the patience", {"num_steps": None}),
        ("another momentum", {"update_rule": "adam"}),
    ],
)
def test_where_there_is_nothing_to_change_there_is_no_recipe(name, values):
    """So it is not tried."""
    assert changed(name, **values) is None


def test_penalties_by_layer_are_all_multiplied():
    """One a layer."""
    found = changed("more l2_penalty (× 10)", hidden_sizes=(4,), l2_penalty=(1.0, 2.0))

    assert found["l2_penalty"] == (10.0, 20.0)
