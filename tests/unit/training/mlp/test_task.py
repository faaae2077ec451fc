"""Facts about what a perceptron is trained on."""

import pytest
from tests.oracles.problems import problem, small_recipe
from tests.oracles.sources import laid_out, mixed, sources

from practicum.core.errors import ConfigError
from practicum.training.pack import Pack


def test_a_task_counts_its_rows():
    """Training and validation."""
    task = problem("binary", num_train=70, num_valid=30).laid_out(small_recipe())

    assert (task.num_train, task.num_valid) == (70, 30)


def test_a_recipe_that_does_not_go_with_a_perceptron_is_refused():
    """Before anything is trained."""
    task = problem("binary").laid_out(small_recipe())

    with pytest.raises(ConfigError, match="`l2_penalty` must be one number, or 3 numbers"):
        task.program([small_recipe(l2_penalty=(1.0, 2.0))])


def test_one_task_serves_networks_of_any_hidden_sizes():
    """Sizes and activation are the recipe's; inputs and outputs the data's."""
    task = problem("multiclass").laid_out(small_recipe())
    network = task.network_of(small_recipe(hidden_sizes=(7,), activation="relu"))
    program = task.program([small_recipe(hidden_sizes=(7,), activation="relu")])

    assert (network.hidden_sizes, network.activation) == ((7,), "relu")
    assert network.layer_sizes == ((5, 7), (7, 3))
    assert program.parameters.get(0)["layers.0.weight"].shape == (7, 5)


def test_sources_of_one_layout_share_a_pack():
    """Other folds and preparations, of other widths on one grid; hidden sizes and activation must agree."""
    task, recipes = laid_out(sources("binary")), mixed()

    assert len({task.structure(recipe) for recipe in recipes}) == 1
    assert task.structure(recipes[0]) != task.structure(recipes[0].changed(hidden_sizes=(5,)))
    assert [task.place(recipe) for recipe in recipes] == [0, 1, 2, 3, 0, 0]
    assert [task.network_of(recipe).num_inputs for recipe in recipes] == [5, 7, 5, 6, 5, 5]


def test_corrupted_inputs_need_one_width():
    """Their noise is drawn for all inputs of a trial at once."""
    task, recipes = laid_out(sources("binary")), mixed(corruption_level=0.2)

    assert [task.structure(recipe)[-1] for recipe in recipes] == [5, 7, 5, 6, 5, 5]
    with pytest.raises(ConfigError, match="`recipes` of one pack must have equal shapes"):
        Pack(recipes, task)


def test_data_prepared_in_one_way_do_not_serve_two():
    """Where a task has one source, recipes of two preparations cannot both mean it."""
    task = problem("binary").laid_out(small_recipe())

    with pytest.raises(ConfigError, match="`recipes` of one pack must have equal shapes"):
        Pack([small_recipe(), small_recipe(preprocess="unit")], task)


def test_training_and_validation_rows_are_those_of_one_source():
    """All sources have as many."""
    task = laid_out(sources("binary"))

    assert (task.num_train, task.num_valid) == (90, 50)
    assert len(task.train.values) == 4 * 90
