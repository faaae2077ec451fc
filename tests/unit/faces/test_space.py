"""Facts about spaces as people give them."""

from __future__ import annotations

import pytest

from practicum.core.errors import ConfigError
from practicum.faces.space import is_preset, space_of
from practicum.recipe import Recipe
from practicum.recipe.space import Entry, Log, Space

SPACE = Space((Entry("learning_rate", Log(0.01, 1.0)),))


def test_a_space_a_mapping_and_a_file_are_the_same(tmp_path):
    """However it is written."""
    SPACE.save(tmp_path / "space.yaml")

    assert space_of(SPACE) is SPACE
    assert space_of({"learning_rate": {"log": [0.01, 1.0]}}) == SPACE
    assert space_of(tmp_path / "space.yaml") == space_of(str(tmp_path / "space.yaml")) == SPACE


def test_a_preset_is_called_by_its_name():
    """A path is none."""
    assert is_preset("small")
    assert not is_preset("smal")
    assert space_of("small").names == Space.preset("small").names


@pytest.mark.parametrize("given", [SPACE, {"learning_rate": {"log": [0.01, 1.0]}}, "small"])
def test_what_is_not_varied_is_the_bases(given):
    """Whatever form the space has."""
    assert space_of(given, Recipe(num_steps=77)).base.num_steps == 77


def test_a_typo_is_told_the_nearest_preset():
    """Unless it looks like a file."""
    with pytest.raises(ConfigError, match=r'must be a preset .* but got space=smal\. Did you mean "small"'):
        space_of("smal")
    with pytest.raises(ConfigError, match=r"absent\.yaml"):
        space_of("absent.yaml")


@pytest.mark.parametrize("given", [3, None])
def test_what_is_no_space_is_told(given):
    """A number is none."""
    with pytest.raises(
        ConfigError, match=f"`space` must be a preset .* or a YAML file, but got space={given}"
    ):
        space_of(given)
