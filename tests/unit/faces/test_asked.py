"""Facts about two options of the search as users write them."""

from __future__ import annotations

import numpy as np
import pytest

from practicum.core.errors import ConfigError
from practicum.faces.asked import batch_sizes_asked, scientific_asked
from practicum.recipe.space import Space


@pytest.mark.parametrize("given", ["64,16, 256", [64, 16, 256, 16], (np.int64(256), 64, 16)])
def test_batch_sizes_are_numbers(given):
    """Ascending, each once."""
    assert batch_sizes_asked(given) == (16, 64, 256)


@pytest.mark.parametrize("given", [None, "auto", "off"])
def test_words_stay(given):
    """Nothing is asked for, or by a word."""
    assert batch_sizes_asked(given) == given


@pytest.mark.parametrize("given", ["", "16,,32", "16;32", "of", "0,8", [1.5], ["x"], []])
def test_other_batch_sizes_are_refused(given):
    """With an example of how to write them."""
    with pytest.raises(
        ConfigError, match=r"`batch_sizes` must be whole numbers ≥ 1 .* Give e\.g\. 16,64,256\."
    ):
        batch_sizes_asked(given)


def test_a_mistyped_word_gets_the_nearest_offered():
    """As anywhere."""
    with pytest.raises(ConfigError, match=r'Did you mean "auto"\?'):
        batch_sizes_asked("atuo")


@pytest.mark.parametrize("given", ["dropout,activation,dropout", ["dropout", "activation"]])
def test_settings_are_named(given):
    """Each once, in the order given."""
    assert scientific_asked(given, None) == ("dropout", "activation")


def test_nothing_is_asked_about_by_default():
    """No role changes."""
    assert scientific_asked(None, "small") == ()


@pytest.mark.parametrize(
    ("name", "space", "nearest"),
    [
        ("activaton", None, "activation"),
        ("dropout", "small", ""),
        ("momentun", Space.from_mapping({"momentum": {"linear": [0, 0.9]}}), "momentum"),
    ],
)
def test_what_the_search_does_not_vary_is_refused(name, space, nearest):
    """The nearest name is offered."""
    with pytest.raises(
        ConfigError, match=f"`scientific` must name settings that the search varies, but got .*{nearest}"
    ):
        scientific_asked(name, space)
