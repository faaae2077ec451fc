"""Facts about entries and about the guide's own ranges."""

import pytest

from practicum.core.errors import ConfigError
from practicum.core.guide.settings import SEARCHED, SETTINGS
from practicum.recipe.space import (
    Choice,
    Entry,
    Integer,
    Linear,
    Log,
    LogInteger,
    SometimesOff,
    Space,
    distribution_of,
)
from practicum.recipe.space.entry import checked_entry


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("learning_rate", Log(1e-6, 1.0)),
        ("momentum", Linear(0.0, 0.99)),
        ("batch_size", LogInteger(1, 512)),
        ("warm_up_steps", Integer(0, 1000)),
        ("l2_penalty", SometimesOff(Log(1e-3, 100.0), 0.0)),
        ("pca_variance", SometimesOff(Linear(0.5, 1.0), None)),
        ("decay_start_step", SometimesOff(LogInteger(300, 30000), None)),
        ("nesterov", Choice((False, True))),
        ("preprocess", Choice(("standardise", "uniformise", "unit", "none"))),
        ("width", LogInteger(16, 1024)),
    ],
)
def test_the_guides_row_becomes_a_distribution(name, expected):
    """Scale, ends, and off where the default means none and lies outside."""
    assert distribution_of(SEARCHED[name]) == expected


def test_every_setting_can_be_searched_over_its_own_range():
    """All but lists and a user's own; where it does nothing beside the defaults, the space says so."""
    for name, setting in SEARCHED.items():
        if name in ("hidden_sizes", "layer_rate_multipliers", "model"):
            with pytest.raises(ConfigError, match=f"`{name}` must have a distribution of its own"):
                distribution_of(setting)
            continue
        entry = checked_entry(Entry(name, distribution_of(setting)))
        assert all(entry.distribution.takes(one) for one in entry.distribution.ends)


def test_the_values_are_as_a_recipe_keeps_them():
    """Text that spells a number is one; a list of sizes is a tuple."""
    assert checked_entry(Entry("batch_size", Choice(("32", 64)))).distribution == Choice((32, 64))
    assert checked_entry(Entry("hidden_sizes", Choice(([64], [64, 64])))).distribution == Choice(
        ((64,), (64, 64))
    )
    assert checked_entry(Entry("dropout", Linear(0, 0.5), when={"activation": "relu"})).when == {
        "activation": ("relu",)
    }


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            Entry("learnin_rate", Log(1e-6, 1)),
            r"known names only, but got 'learnin_rate'\. Did you mean \"learning_rate\"",
        ),
        (
            Entry("channels", Choice((8, 16))),
            r"known names only, .* A setting of your own is written model\.channels",
        ),
        (Entry("model", Choice((8, 16))), r"`model` must be varied one setting at a time"),
        (Entry("dropout", Linear(0, 1)), r"`dropout` must lie in \[0, 1\), but got dropout=1"),
        (Entry("learning_rate", Linear(0, 1)), r"`learning_rate` must be > 0, but got learning_rate=0"),
        (Entry("width", LogInteger(1, 10**6)), r"`width` must lie in \[1, 65536\], but got width=1000000"),
        (
            Entry("width", Log(32, 512)),
            r"`width` must have a distribution of whole numbers, .*Write log_integer",
        ),
        (
            Entry("num_layers", Linear(1, 3)),
            r"`num_layers` must have a distribution of whole numbers, .*Write integer",
        ),
        (
            Entry("activation", Log(1, 2)),
            r"`activation` must have a choice, but got \{'log': \[1, 2\]\}\. Write \{choice",
        ),
        (
            Entry("activation", Choice(("tanh", "rellu"))),
            r"`activation` must be one of .*Did you mean \"relu\"",
        ),
        (Entry("nesterov", Integer(0, 1)), r"`nesterov` must have a choice, .*\{choice: \[true, false\]\}"),
        (Entry("batch_size", Choice((32, 0))), r"`batch_size` must lie in \[1, .*but got batch_size=0"),
        (
            Entry("clip_norm", SometimesOff(Log(0.1, 1), off=0)),
            r"`clip_norm` must be > 0 or null, but got clip_norm=0",
        ),
        (
            Entry("dropout", SometimesOff(Linear(0, 0.5), off=0.2)),
            r"`off_value` must mean none, but got off_value=0\.2",
        ),
        (
            Entry("dropout", Linear(0, 0.5), role="nuisence"),
            r"`role` must be one of scientific, nuisance, .*Did you mean",
        ),
        (Entry("dropout", 0.1), r"`distribution` must be one such as Log\(1e-6, 1\)"),
    ],
)
def test_what_a_recipe_would_refuse_is_refused(entry, message):
    """Names, roles, kinds of distribution, and values at both ends of a range."""
    with pytest.raises(ConfigError, match=message):
        Space((entry,))


def test_a_condition_of_the_guide_names_settings_and_their_possible_values():
    """The table cannot contradict itself."""
    for row in SEARCHED.values():
        for parent, options in row.when.items():
            assert parent in SEARCHED
            words = {*SEARCHED[parent].choices, "used", True}
            assert set(options) <= words, row.name
    assert SETTINGS["momentum"].when == {"update_rule": ("sgd",)}
