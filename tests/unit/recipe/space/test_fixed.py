"""Facts about a recipe as a space sees it."""

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.recipe.space.fixed import fixed_values, is_own, with_values


def test_equal_layers_have_a_number_and_a_width():
    """A linear model has no layer and the guide's width."""
    assert {name: fixed_values(Recipe(hidden_sizes=(64, 64)))[name] for name in ("num_layers", "width")} == {
        "num_layers": 2,
        "width": 64,
    }
    assert fixed_values(Recipe(hidden_sizes=()))["num_layers"] == 0


def test_number_and_width_make_sizes():
    """The one that is not given is the base's [3.2-02]."""
    base = Recipe(hidden_sizes=(32, 32))

    assert with_values(base, {"width": 64}).hidden_sizes == (64, 64)
    assert with_values(base, {"num_layers": 3}).hidden_sizes == (32, 32, 32)
    assert with_values(base, {"num_layers": 0, "width": 64}).hidden_sizes == ()


def test_own_settings_go_into_the_model():
    """Beside those that are there."""
    base = Recipe(model={"channels": 8, "depth": 2})

    assert with_values(base, {"model.channels": 16}).model == {"channels": 16, "depth": 2}
    assert [is_own(name) for name in ("model.x", "model.", "model", "x", 3)] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_sizes_given_twice_are_refused():
    """Either all sizes, or number and width."""
    with pytest.raises(
        ConfigError, match=r"`hidden_sizes` must stand alone, but got num_layers and width beside it"
    ):
        with_values(Recipe(), {"hidden_sizes": (1,), "num_layers": 1, "width": 1})
    with pytest.raises(ConfigError, match=r"`width` must lie in \[1, 65536\], but got width=0"):
        with_values(Recipe(), {"width": 0})
