"""Early stopping follows the measure that selects."""

import pytest

from practicum.recipe import Recipe
from practicum.recipe.following import following, space_following
from practicum.recipe.space import Space


@pytest.mark.parametrize("metric", ["balanced_error", "auc", "f1", "mae"])
def test_a_measure_of_its_own_is_stopped_on(metric):
    """All else stays."""
    assert following(Recipe(learning_rate=0.5), metric) == Recipe(learning_rate=0.5, stop_on="error")


@pytest.mark.parametrize("metric", ["error", "log_loss", "rmse"])
def test_what_the_loss_stands_for_is_stopped_by_the_loss(metric):
    """The recipe is the same object."""
    recipe = Recipe()

    assert following(recipe, metric) is recipe


def test_a_recipe_that_says_it_itself_is_left_alone():
    """Also where it says what the default says; a recipe from a file says everything."""
    recipe = Recipe(stop_on="loss")

    assert following(recipe, "auc") is recipe


def test_a_recipe_read_from_a_file_is_left_alone(tmp_path):
    """A saved recipe holds every setting, so it is repeated to the letter."""
    Recipe(learning_rate=0.5).save(tmp_path / "r.yaml")

    assert following(Recipe.load(tmp_path / "r.yaml"), "auc").stop_on == "loss"


def test_what_a_search_tries_stops_on_the_measure_too():
    """The space's recipes, not only a recipe that was given; one that says what it stops on is left alone."""
    space = Space.preset("small")

    assert space_following(space, "auc").recipe({"learning_rate": 0.1}).stop_on == "error"
    assert space_following(space, "error") == space
    assert (
        space_following(space.with_base(space.base.changed(stop_on="error")), "log_loss").base.stop_on
        == "error"
    )
