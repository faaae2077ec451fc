"""Facts about the recipe around a space."""

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.recipe.space import Choice, Entry, Linear, Log, Space
from practicum.recipe.space.base import base_as_plain, base_for

MOMENTUM = (Entry("momentum", Linear(0.2, 0.8)),)


def test_what_is_varied_stands_at_the_default():
    """So that spaces that vary the same are equal, whatever their base had there."""
    entries = (Entry("learning_rate", Log(1e-6, 1)), Entry("width", Choice((64, 128))))
    base = Recipe(learning_rate=0.5, hidden_sizes=(8, 4), dropout=0.1)

    assert Space(entries, base).base == Recipe(hidden_sizes=(128, 128), dropout=0.1)
    assert Space(entries, base) == Space(entries, base.changed(learning_rate=0.7))


def test_a_fixed_value_may_need_a_varied_one():
    """Nesterov refuses momentum 0, which is never tried: the base takes the middle of the range."""
    assert base_for(Recipe(), {"nesterov": True}, MOMENTUM) == Recipe(nesterov=True, momentum=0.5)


def test_a_value_that_nothing_can_help_is_refused():
    """The first message is that of the value."""
    with pytest.raises(ConfigError, match=r"`dropout` must lie in \[0, 1\), but got dropout=2"):
        base_for(Recipe(), {"dropout": 2}, MOMENTUM)


def test_a_value_that_does_not_suit_what_is_varied_is_told_beside_it():
    """Not beside the default, which the space does not have."""
    with pytest.raises(ConfigError, match=r"≤ momentum=0\.5, .* initial_momentum=0\.7\..* narrow a range"):
        base_for(Recipe(), {"initial_momentum": 0.7}, MOMENTUM)


def test_own_settings_that_are_varied_leave_the_base():
    """Those that are fixed stay."""
    base = Recipe(model={"channels": 8, "depth": 2})

    assert Space((Entry("model.depth", Choice((1, 2))),), base).base.model == {"channels": 8}


def test_only_departures_are_plain_data():
    """A default base needs no line."""
    assert base_as_plain(Recipe()) == {}
    assert base_as_plain(Recipe(hidden_sizes=(), model={"a": 1})) == {"hidden_sizes": [], "model": {"a": 1}}


def test_an_entry_stands_once():
    """Also the hidden layers in one way only."""
    with pytest.raises(ConfigError, match=r"A space must have each entry once, but got momentum twice"):
        Space((*MOMENTUM, *MOMENTUM))
    with pytest.raises(ConfigError, match=r"`hidden_sizes` must stand alone, but got width beside it"):
        Space((Entry("width", Choice((1, 2))), Entry("hidden_sizes", Choice(((1,), (2,))))))
