"""The table of hyper-parameters: the chapter's numbers, and no contradiction."""

import pytest

from practicum.core.guide import GUIDE, SETTINGS
from practicum.core.guide.settings import SEARCHED
from practicum.recipe import Recipe


@pytest.mark.parametrize(
    ("name", "low", "high", "scale", "key"),
    [
        ("learning_rate", 1e-6, 1, "log", "3.1-02"),
        ("batch_size", 1, 512, "log-integer", "3.1-07"),
        ("init_scale", 0.2, 2, "linear", "3.2-31"),
        ("pca_variance", 0.5, 1, "linear", "3.2-39"),
        ("decay_start_step", 300, 30000, "log-integer", "3.1-03"),
    ],
)
def test_the_ranges_that_the_sources_give(name, low, high, scale, key):
    """Numbers are those of the recommendation behind each."""
    row = SETTINGS[name]

    assert (row.low, row.high, row.scale, row.guide) == (low, high, scale, key)


def test_every_field_of_a_recipe_has_one_row_and_every_row_a_field():
    """Recipe and table cannot drift apart."""
    assert list(Recipe.model_fields) == list(SETTINGS)


def test_every_row_follows_a_recommendation_that_names_it():
    """The key exists, and the recommendation lists the setting."""
    for row in SETTINGS.values():
        assert row.name in GUIDE[row.guide].settings


def test_a_search_knows_number_and_width_beside_the_settings():
    """They make `hidden_sizes`, and their defaults the default sizes [3.2-02]."""
    shape = {name: row for name, row in SEARCHED.items() if name not in SETTINGS}

    assert list(shape) == ["num_layers", "width"]
    assert (shape["width"].default,) * shape["num_layers"].default == SETTINGS["hidden_sizes"].default
    assert all(row.guide in GUIDE and row.low < row.high for row in shape.values())


def test_a_condition_is_on_another_setting():
    """None depends on itself or on what does not exist, and no circle is made of them."""
    order = {name: number for number, name in enumerate(SEARCHED)}
    for row in SEARCHED.values():
        assert set(row.when) <= order.keys() - {row.name}
        for parent in row.when:
            assert row.name not in SEARCHED[parent].when


def test_numbers_have_a_range_and_words_have_choices():
    """A log range is positive; a choice has at least two words and its default among them."""
    for row in SETTINGS.values():
        if row.scale == "choice":
            assert len(row.choices) >= 2
            assert row.default in row.choices
        elif row.scale not in ("flag", "mapping"):
            assert row.low < row.high
            assert row.low > 0 or not row.scale.startswith("log")


def test_every_default_that_the_chapter_does_not_give_says_so():
    """These are ours or later authors', all others the chapter's."""
    ours = {row.name for row in SETTINGS.values() if row.status == "after the chapter"}

    assert ours == {
        *("hidden_sizes", "activation", "decay_threshold", "stop_on", "dropout", "model"),
        *("decay_rate", "schedule_steps", "final_rate_ratio", "warm_up_steps"),
        *("nesterov", "initial_momentum", "momentum_ramp_steps", "first_moment_decay", "second_moment_decay"),
        *("stabiliser", "decoupled_decay", "clip_norm", "max_norm", "label_smoothing"),
    }


def test_every_description_is_one_line():
    """A description stands in a table and beside a value."""
    for row in SETTINGS.values():
        assert 10 < len(row.description) <= 100
        assert not row.description.endswith(".")
