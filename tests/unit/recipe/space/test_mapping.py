"""Facts about spaces as plain data."""

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.recipe.space import (
    Choice,
    Entry,
    Integer,
    Linear,
    Log,
    LogInteger,
    LogNormal,
    SometimesOff,
    Space,
)
from practicum.recipe.space.mapping import entry_as_plain, read_value

FORMS = {
    "learning_rate": ({"log": ["1e-6", 1]}, Log(1e-6, 1)),
    "width": ({"log_integer": [32, "5e2"], "multiple": 4}, LogInteger(32, 500, 4)),
    "num_layers": ({"choice": [1, "2", 3], "weights": [1, 2, "1"]}, Choice((1, 2, 3), (1, 2, 1))),
    "l2_penalty": ({"log": ["1e-3", 10], "off": "0.5"}, SometimesOff(Log(1e-3, 10))),
    "clip_norm": ({"log": [0.1, 10], "off": 0.3}, SometimesOff(Log(0.1, 10), None, 0.3)),
    "max_norm": ({"linear": [1, 3], False: 0.5}, SometimesOff(Linear(1, 3), None)),
    "dropout": ({"off": 0.25}, SometimesOff(Linear(0.0, 0.7), 0.0, 0.25)),
    "decay_start_step": ({"log_integer": [300, 30000]}, LogInteger(300, 30000)),
    "warm_up_steps": ({"integer": [0, "10"]}, Integer(0, 10)),
    "init_scale": ({"log_normal": [1, 0.3], "between": [0.1, "0.9"]}, LogNormal(1, 0.3, (0.1, 0.9))),
    "hidden_sizes": ({"choice": [[64], [64, 64]]}, Choice(((64,), (64, 64)))),
    "model.channels": ({"choice": [8, "16"]}, Choice((8, "16"))),
    "batch_size": ("searched", LogInteger(1, 512)),
}


@pytest.mark.parametrize(("name", "plain", "distribution"), [(name, *form) for name, form in FORMS.items()])
def test_every_form_is_read(name, plain, distribution):
    """Numbers may be text, as YAML reads 1e-6; a bare `off` may have become false."""
    assert Space.from_mapping({name: plain})[name].distribution == distribution


def test_a_plain_value_is_fixed():
    """Also a list, null, and a user's own."""
    space = Space.from_mapping(
        {"dropout": "1e-1", "hidden_sizes": [32], "clip_norm": None, "model.channels": 8}
    )

    assert space == Space((), Recipe(dropout=0.1, hidden_sizes=(32,), model={"channels": 8}))


def test_names_alone_take_the_guides_ranges():
    """A list of names is the shortest space."""
    assert Space.from_mapping(["learning_rate", "dropout"]) == Space.from_mapping(
        {"learning_rate": "searched", "dropout": "searched"}
    )


def test_role_and_condition_are_read():
    """Alone they leave the range as it is."""
    space = Space.from_mapping(
        {
            "activation": {"choice": ["tanh", "relu"], "role": "scientific"},
            "dropout": {"when": {"activation": "relu"}},
        }
    )

    assert space["activation"].role == "scientific"
    assert space["dropout"] == Entry("dropout", Linear(0.0, 0.7), when={"activation": ("relu",)})


def test_a_preset_is_a_start():
    """What is said replaces its entry; a fixed value takes out what then does nothing; sizes replace the layers."""
    space = Space.from_mapping(
        {
            "preset": "chapter",
            "update_rule": "adam",
            "hidden_sizes": [32],
            "learning_rate": {"role": "scientific"},
            "dropout": {"linear": [0, 0.2]},
        }
    )

    assert not {"momentum", "width", "num_layers"} & set(space.names)
    assert space["learning_rate"] == Entry("learning_rate", Log(1e-6, 1.0), role="scientific")
    assert space["dropout"].distribution == Linear(0, 0.2)
    assert (space.base.hidden_sizes, space.base.update_rule) == ((32,), "adam")


def test_layers_of_equal_width_replace_sizes_that_were_varied():
    """The last word counts."""
    start = {"hidden_sizes": {"choice": [[64], [32, 32]]}}
    entries = Space.from_mapping(start).entries

    assert Space(entries).fixed(hidden_sizes=(8,)) == Space((), Recipe(hidden_sizes=(8,)))


def test_off_is_written_only_where_it_is_not_expected():
    """Null for a setting that may be null, else 0."""
    assert entry_as_plain(Entry("clip_norm", SometimesOff(Log(0.1, 1), None))) == {
        "log": [0.1, 1],
        "off": 0.5,
    }
    assert entry_as_plain(Entry("initial_momentum", SometimesOff(Linear(0.1, 0.2), 0.0))) == {
        "linear": [0.1, 0.2],
        "off": 0.5,
        "off_value": 0.0,
    }
    assert read_value("dropout", 0.1) == 0.1


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            {"dropuot": 0.1},
            r'In entry "dropuot" of s\.yaml: A space must have known names only, .*Did you mean "dropout"',
        ),
        (
            {"dropout": {"linear": [0.5, 0.1]}},
            r'In entry "dropout" of s\.yaml: `low` must be < high, but got low=0\.5',
        ),
        (
            {"learning_rate": {"log": [0, 1]}},
            r'In entry "learning_rate" of s\.yaml: `low` must be > 0 on a log scale',
        ),
        (
            {"dropout": {"linaer": [0, 1]}},
            r"A distribution must have known keys only, but got 'linaer'\. Did you mean \"linear\"",
        ),
        (
            {"dropout": {"linear": [0, 0.1], "zzz": 1}},
            r"known keys only, but got 'zzz'\. Those are log, linear",
        ),
        ({"dropout": {"linear": [0, 0.1], "log": [0.1, 1]}}, r"of one kind, but got linear and log"),
        ({"dropout": {"linear": 0.1}}, r"`linear` must be two numbers, \[low, high\], but got linear=0\.1"),
        ({"dropout": {"linear": [0, "x"]}}, r"`high` must be a number, but got high='x'"),
        ({"width": {"log_integer": [1.5, 3]}}, r"`low` must be a whole number, but got low=1\.5"),
        ({"activation": {"choice": "relu"}}, r"`choice` must be a list, but got choice='relu'"),
        ({"activation": {"choice": []}}, r"`choice` must have at least one option"),
        ({"activation": {"choice": ["tanh", "relu"], "weights": [1]}}, r"`weights` must be 2 numbers"),
        ({"dropout": {"off": "often"}}, r"`off` must be a number, but got off='often'"),
        (
            {"dropout": {"linear": [0, 0.1], "when": "relu"}},
            r"`when` must be a mapping of names to values, but got 'relu'",
        ),
        ({"dropout": {"linear": [0, 2]}}, r"In s\.yaml: `dropout` must lie in \[0, 1\), but got dropout=2"),
        ({"dropout": 2}, r"In s\.yaml: `dropout` must lie in \[0, 1\), but got dropout=2"),
        (
            {"hidden_sizes": [8], "width": {"choice": [8, 16]}},
            r"In s\.yaml: `hidden_sizes` must stand alone, but got width",
        ),
        (
            {"model.channels": "searched"},
            r"`model\.channels` must have a distribution, since the guide knows no range",
        ),
        (
            {"model": "searched"},
            r"`model` must be varied one setting at a time|`model` must have a distribution",
        ),
        ({"hidden_sizes": "searched"}, r"`hidden_sizes` must have a distribution of its own.*Search `width`"),
        (
            {"preset": "chaptr"},
            r'In s\.yaml: `preset` must be one of default, chapter, .*Did you mean "chapter"',
        ),
        (
            {"preset": ["chapter"]},
            r"`preset` must be one of default, chapter, .* but got preset=\['chapter'\]",
        ),
        (
            "chapter",
            r"`space` must be a mapping of names to distributions, or a list of names, but got 'chapter' \(in s",
        ),
        (3, r"`space` must be a mapping"),
        (
            {"momentum": {"linear": [0, 0.5]}, "initial_momentum": {"linear": [0, 0.9]}},
            r"In s\.yaml: A space must reach recipes only that can work, .* cannot: `initial_momentum`",
        ),
    ],
)
def test_mistakes_name_the_file_and_the_entry(mapping, message):
    """One message each."""
    with pytest.raises(ConfigError, match=message):
        Space.from_mapping(mapping, source="s.yaml")
