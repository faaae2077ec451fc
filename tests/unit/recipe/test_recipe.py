"""The recipe as a whole: defaults, files, copies, and every mistake in one message."""

import json
from types import MappingProxyType
from typing import get_args

import pytest
from pydantic import ValidationError

from practicum.core.errors import ConfigError
from practicum.core.guide.settings import SETTINGS
from practicum.recipe import FORMAT, Recipe


def test_every_field_has_its_default_from_the_guide():
    """Nothing is restated in the class; the order of the fields is the table's."""
    assert Recipe().model_dump() == {name: setting.default for name, setting in SETTINGS.items()}


def test_every_choice_of_the_guide_is_a_choice_of_the_type():
    """The Literal types and the table name the same words."""
    for name, setting in SETTINGS.items():
        if setting.scale == "choice":
            assert get_args(Recipe.model_fields[name].annotation) == setting.choices


def test_the_chapters_defaults():
    """Rate 0.01, batch 32, constant rate, no momentum, no penalties [3.1-02/05/07, 3.2-10]."""
    recipe = Recipe()

    assert (recipe.learning_rate, recipe.batch_size, recipe.decay_start_step) == (0.01, 32, None)
    assert (recipe.momentum, recipe.l1_penalty, recipe.l2_penalty) == (0, 0, 0)
    assert (recipe.patience_steps, recipe.patience_increase, recipe.improvement_threshold) == (
        10000,
        2,
        0.005,
    )


def test_hidden_layers_are_wide_and_early_stopping_is_on_by_default():
    """Rather too many units than too few: not below the middle of the range that a search walks [3.2-01]."""
    row = SETTINGS["hidden_sizes"]

    assert Recipe().early_stopping
    assert min(Recipe().hidden_sizes) >= (row.low * row.high) ** 0.5


def test_hidden_layers_are_equally_wide_by_default():
    """Neither a pyramid nor its reverse [3.2-02]."""
    assert len(set(Recipe().hidden_sizes)) == 1


def test_a_recipe_cannot_be_assigned_to():
    """Frozen, and therefore usable as a key."""
    recipe = Recipe()

    with pytest.raises(ValidationError, match="frozen"):
        recipe.seed = 1
    assert {recipe: 1}[Recipe()] == 1


def test_a_changed_copy_is_validated_and_leaves_the_original():
    """`changed` is the one way to vary a recipe."""
    recipe = Recipe(momentum=0.5)

    assert recipe.changed(batch_size=1) == Recipe(momentum=0.5, batch_size=1)
    assert recipe.batch_size == 32
    with pytest.raises(ConfigError, match="`batch_size` must"):
        recipe.changed(batch_size=0)
    with pytest.raises(ConfigError, match='Did you mean "batch_size"'):
        recipe.changed(batchsize=1)


def test_an_unknown_key_gets_the_nearest_one():
    """A typo never passes silently."""
    with pytest.raises(
        ConfigError, match=r"known keys only, but got 'lerning_rate'\. Did you mean \"learning_rate\""
    ):
        Recipe(lerning_rate=0.1)
    with pytest.raises(ConfigError, match=r"known keys only, but got 7 \(in r\.yaml\)\.$"):
        Recipe.from_mapping({7: 1}, source="r.yaml")
    with pytest.raises(ConfigError, match="known keys only, but got 'self'"):
        Recipe(**{"self": 1})


def test_pydantics_own_entrance_checks_too():
    """`model_validate` refuses what the class refuses."""
    with pytest.raises(ValueError, match="`learning_rate` must be > 0"):
        Recipe.model_validate({"learning_rate": -1})


@pytest.mark.parametrize("name", ["l1_penalty", "l2_penalty"])
def test_a_penalty_may_be_a_list_by_layer(name):
    """How many layers there are is known when the network is: `check_perceptron` counts them."""
    assert getattr(Recipe(**{name: (0, 0, 1), "hidden_sizes": (8, 8)}), name) == (0.0, 0.0, 1.0)
    assert getattr(Recipe(**{name: [1], "hidden_sizes": []}), name) == (1.0,)


@pytest.mark.parametrize("mapping", [None, 3, "learning_rate: 1", [("seed", 1)]])
def test_what_is_no_mapping_is_refused(mapping):
    """A list or a bare text is not a recipe."""
    with pytest.raises(ConfigError, match="`recipe` must be a mapping of names to values"):
        Recipe.from_mapping(mapping)


@pytest.mark.parametrize("version", [2, 0, "1", None, True, [1]])
def test_another_format_is_refused(version):
    """Only the number 1 is this format."""
    with pytest.raises(ConfigError, match=r"`format` must be 1, but got .*\(in r\.yaml\)\. Another version"):
        Recipe.from_mapping({"format": version}, source="r.yaml")


def test_any_mapping_with_or_without_format_is_taken():
    """Hand-written recipes may leave the format out."""
    assert Recipe.from_mapping(MappingProxyType({"format": FORMAT, "seed": 3})) == Recipe(seed=3)
    assert Recipe.from_mapping({}) == Recipe()


def test_a_recipe_survives_json():
    """The dump of a run's summary gives the recipe back."""
    recipe = Recipe(hidden_sizes=(8,), l2_penalty=(0.1, 0.2), decay_start_step="auto")

    assert Recipe.from_mapping(json.loads(recipe.model_dump_json())) == recipe


def test_a_saved_file_names_the_key_beside_each_value(tmp_path):
    """Each line says which recommendation stands behind it."""
    Recipe(learning_rate=1e-5).save(tmp_path / "r.yaml")

    lines = (tmp_path / "r.yaml").read_text().splitlines()
    assert "format: 1" in lines
    assert "learning_rate: 1.0e-05  # 3.1-02" in lines
    assert "hidden_sizes: [128, 128, 128]  # 3.2-01" in lines
    for name, setting in SETTINGS.items():
        assert any(line.startswith(f"{name}: ") and line.endswith(f"# {setting.guide}") for line in lines)


def test_numbers_written_without_a_dot_are_numbers(tmp_path):
    """YAML 1.1 reads 1e-3 as text; a person means a number."""
    (tmp_path / "r.yaml").write_text(
        "learning_rate: 1e-3\npatience_steps: 1e4\nhidden_sizes: [8, 8]\nl2_penalty: [1e-2, 0, 0]\n"
    )

    recipe = Recipe.load(tmp_path / "r.yaml")
    assert (recipe.learning_rate, recipe.patience_steps, recipe.l2_penalty) == (1e-3, 10000, (1e-2, 0, 0))


def test_a_mistake_in_a_file_names_the_file(tmp_path):
    """The user's context is added once, at the edge."""
    (tmp_path / "r.yaml").write_text("momentum: 1.0\n")

    with pytest.raises(ConfigError, match=r"but got momentum=1\.0 \(in .*r\.yaml\)"):
        Recipe.load(str(tmp_path / "r.yaml"))
