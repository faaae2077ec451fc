"""Facts about spaces."""

import pytest

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_perceptron
from practicum.recipe.space import Choice, Entry, Linear, Log, LogInteger, Space

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-6, 1), source="3.1-02"),
        Entry("width", Choice((64, 256))),
        Entry("model.channels", Choice((8, 16))),
        Entry("init_scale", Linear(0.5, 2), role="scientific"),
    ),
    Recipe(dropout=0.1, hidden_sizes=(32, 32), model={"kernel": 3}),
)


def test_values_become_a_recipe():
    """Equal layers, as many as the base has; own settings beside the fixed ones."""
    recipe = SPACE.recipe({"learning_rate": 0.1, "width": 64, "model.channels": 8, "init_scale": 1.5})

    assert recipe == Recipe(
        learning_rate=0.1,
        hidden_sizes=(64, 64),
        init_scale=1.5,
        dropout=0.1,
        model={"kernel": 3, "channels": 8},
    )


def test_values_and_units_are_inverse():
    """Whatever the kind of distribution."""
    values = SPACE.values(dict.fromkeys(SPACE.names, 0.3))

    assert SPACE.values(SPACE.units(values)) == pytest.approx(values)


def test_structure_and_the_rest_are_told_apart():
    """What decides shapes makes packs of its own."""
    assert SPACE.structural == ("width", "model.channels")
    assert SPACE.free == ("learning_rate", "init_scale")


def test_entries_are_found_by_name():
    """The nearest is offered for one that is not there."""
    assert SPACE["init_scale"].role == "scientific"
    assert ("width" in SPACE, "dropout" in SPACE, len(SPACE), [entry.name for entry in SPACE]) == (
        True,
        False,
        4,
        list(SPACE.names),
    )
    with pytest.raises(
        ConfigError,
        match=r'must be one of the space\'s entries \(.*\), but got name="widht"\. Did you mean "width"',
    ):
        SPACE["widht"]
    with pytest.raises(
        ConfigError, match=r'must be one of the space\'s entries \(.*\), but got name="dropout"'
    ):
        SPACE.recipe({"dropout": 0.1})


def test_an_entry_may_get_another_distribution():
    """As a zoom or an extension does; the rest stays."""
    wider = SPACE.replaced("learning_rate", Log(1e-8, 1))

    assert wider["learning_rate"] == Entry("learning_rate", Log(1e-8, 1))
    assert wider["learning_rate"].source == "3.1-02"
    assert wider.names == SPACE.names
    with pytest.raises(ConfigError, match=r"`learning_rate` must be > 0"):
        SPACE.replaced("learning_rate", Linear(-1, 1))


def test_entries_that_are_asked_about_are_scientific():
    """The others stay what they were; nothing asked leaves the space as it is."""
    asking = SPACE.asking("width", "learning_rate")

    assert {one.name for one, old in zip(asking, SPACE, strict=True) if one != old} == {
        "width",
        "learning_rate",
    }
    assert {asking[name].role for name in ("width", "learning_rate")} == {"scientific"}
    assert [entry.distribution for entry in asking] == [entry.distribution for entry in SPACE]
    assert SPACE.asking() is SPACE
    with pytest.raises(ConfigError, match="Did you mean"):
        SPACE.asking("widht")


def test_entries_left_out_stand_at_the_base():
    """With number and width gone, the sizes are the base's."""
    assert SPACE.without("width", "model.channels").names == ("learning_rate", "init_scale")
    assert SPACE.without("learning_rate").base == SPACE.base
    with pytest.raises(ConfigError, match="Did you mean"):
        SPACE.without("widht")


def test_another_base_may_leave_entries_without_effect():
    """They go."""
    space = Space.from_mapping(["learning_rate", "momentum"])

    assert space.with_base(Recipe(update_rule="adam", dropout=0.2)).names == ("learning_rate",)
    assert space.with_base(Recipe(dropout=0.2)).base.dropout == 0.2


def test_fixed_values_leave_the_search():
    """By the names that a space uses."""
    space = SPACE.fixed(width=16, **{"model.channels": 32}, learning_rate=0.5)

    assert space.names == ("init_scale",)
    assert space.base == SPACE.base.changed(
        hidden_sizes=(16, 16), learning_rate=0.5, model={"kernel": 3, "channels": 32}
    )


def test_a_width_replaces_sizes_that_were_varied():
    """The last word counts; and sizes replace number and width."""
    space = Space((Entry("hidden_sizes", Choice(((64,), (32, 32)))),))

    assert space.fixed(width=8) == Space((), Recipe(hidden_sizes=(8, 8, 8)))
    assert SPACE.fixed(hidden_sizes=(8,)).base.hidden_sizes == (8,)


def test_depth_alone_takes_the_width_of_the_base():
    """And width alone its depth [3.2-02]."""
    deep = Space((Entry("num_layers", Choice((1, 3))),), Recipe(hidden_sizes=(16,)))

    assert [deep.recipe({"num_layers": n}).hidden_sizes for n in (1, 3)] == [(16,), (16, 16, 16)]


def test_every_random_trial_has_a_value_of_its_own():
    """32 random trials try 32 values of each of five settings, where a grid of 32 cells tries two [3.4-02]."""
    names = ("learning_rate", "momentum", "init_scale", "label_smoothing", "decay_rate")
    space = Space.from_mapping({**dict.fromkeys(names, "searched"), "schedule": "inverse"})
    trials = [
        space.values(dict(zip(space.names, stream(0, "test", i).random(5), strict=True))) for i in range(32)
    ]

    assert [len({trial[name] for trial in trials}) for name in names] == [32] * 5


def test_combinations_that_are_refused_show_before_the_search():
    """A sparsity penalty of sigmoids on tanh units is one for a perceptron, not for a module of one's own."""
    space = Space.from_mapping(
        {"sparsity_penalty": "searched", "activation": {"choice": ["sigmoid", "tanh"]}}
    )

    with pytest.raises(
        ConfigError, match=r"one of its recipes cannot: `sparsity_form` must be student_t or target"
    ):
        space.probe(check_perceptron)
    space.fixed(activation="sigmoid").probe(check_perceptron)


def test_a_file_holds_the_space(tmp_path):
    """Saved and loaded it is the same; each line has its source."""
    path = tmp_path / "space.yaml"

    SPACE.save(path)

    assert Space.load(path) == SPACE
    assert "learning_rate: {log: [1.0e-06, 1.0]}  # 3.1-02" not in path.read_text(encoding="utf-8")
    assert "learning_rate: {log: [1.0e-06, 1]}  # 3.1-02" in path.read_text(encoding="utf-8")


def test_a_bare_off_may_be_written_in_a_file(tmp_path):
    """YAML 1.1 reads it as false; 1e-3 it reads as text."""
    path = tmp_path / "space.yaml"
    path.write_text(
        "l2_penalty: {log: [1e-3, 10], off: 0.5}\nwidth: {log_integer: [32, 512], multiple: 16}\n"
    )

    space = Space.load(path)

    assert space["l2_penalty"].distribution.value(0.2) == 0
    assert space["width"].distribution == LogInteger(32, 512, 16)
    space.save(path)
    assert "off: 0.5" in path.read_text(encoding="utf-8")
    assert Space.load(path) == space


def test_a_file_that_is_no_space_is_refused(tmp_path):
    """The messages of recipe files, about a space."""
    path = tmp_path / "space.yaml"
    with pytest.raises(
        ConfigError, match=r"`space` must be an existing file, but .*space\.yaml does not exist"
    ):
        Space.load(path)
    path.write_text("dropout: [1\n")
    with pytest.raises(ConfigError, match=r"`space` must be YAML, but .*space\.yaml:2 is not"):
        Space.load(path)
    path.write_text("dropout: {linear: [0, 2]}\n")
    with pytest.raises(ConfigError, match=r"In .*space\.yaml: `dropout` must lie in \[0, 1\)"):
        Space.load(path)
    with pytest.raises(ConfigError, match=r"`space` must go to a writable place"):
        SPACE.save(tmp_path / "none" / "space.yaml")
