"""Facts about conditions."""

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, SometimesOff, Space
from practicum.recipe.space.conditions import always, matches, possible

RULES = Entry("update_rule", Choice(("sgd", "adam")))


def test_used_is_every_value_but_none():
    """0, null and false mean none; a word is always used."""
    assert [matches(("used",), one) for one in (0, 0.0, None, False, 1, 0.5, True, "auto")] == [False] * 4 + [
        True
    ] * 4


@pytest.mark.parametrize(
    ("distribution", "options", "surely"),
    [
        (Choice(("sgd",)), ("sgd", "adam"), True),
        (Choice(("sgd", "adam")), ("sgd",), False),
        (Log(1, 2), ("used",), True),
        (Linear(0, 1), ("used",), False),
        (SometimesOff(Log(1, 2)), ("used",), False),
        (SometimesOff(Log(1, 2)), (0, "used"), True),
        (Integer(1, 3), ("used",), True),
    ],
)
def test_what_always_holds_need_not_be_said(distribution, options, surely):
    """Every value fulfils the condition, or not."""
    assert always(distribution, options) is surely


@pytest.mark.parametrize(
    ("distribution", "option", "can"),
    [
        (Choice((0, 1)), "used", True),
        (Choice((0,)), "used", False),
        (Log(1, 4), 2, False),
        (SometimesOff(Log(1, 4)), 0, True),
        (SometimesOff(Log(1, 4)), 2, False),
        (SometimesOff(Log(1, 4)), "used", True),
        (Integer(1, 3), 2, True),
        (Integer(1, 3), 4, False),
    ],
)
def test_a_single_number_of_a_continuum_does_not_happen(distribution, option, can):
    """A condition on it would never hold."""
    assert possible(distribution, option) is can


def test_the_guides_conditions_are_added_where_they_say_something():
    """Momentum belongs to sgd, whoever writes the space; beside sgd alone that goes without saying."""
    both = Space((Entry("momentum", Linear(0, 0.9)), RULES))
    alone = Space((Entry("momentum", Linear(0, 0.9)), Entry("update_rule", Choice(("sgd",)))))

    assert both["momentum"].when == {"update_rule": ("sgd",)}
    assert both.names == ("update_rule", "momentum")
    assert alone["momentum"].when == {}


def test_an_entry_that_does_not_act_is_absent_and_its_setting_at_the_default():
    """Also what depends on an absent one is absent."""
    space = Space(
        (
            RULES,
            Entry("momentum", Linear(0.1, 0.9)),
            Entry("nesterov", Choice((True,)), when={"momentum": "used"}),
        )
    )
    adam = space.values({"update_rule": 0.9, "momentum": 0.5, "nesterov": 0.5})

    assert adam == {"update_rule": "adam"}
    assert space.recipe(adam) == Recipe(update_rule="adam")
    assert list(space.values({"update_rule": 0.1, "momentum": 0.5, "nesterov": 0.5})) == list(space.names)


def test_what_depends_on_a_fixed_value_is_decided_at_once():
    """Fixing adam takes momentum and all that hangs on it out of the space."""
    space = Space(
        (
            RULES,
            Entry("momentum", Linear(0.1, 0.9)),
            Entry("momentum_ramp_steps", Integer(1, 9)),
            Entry("initial_momentum", Choice((0.0, 0.1))),
        )
    )

    assert space.fixed(update_rule="adam").names == ()
    assert space.fixed(update_rule="sgd")["momentum"].when == {}
    assert set(space.fixed(update_rule="sgd").names) == {
        "momentum",
        "momentum_ramp_steps",
        "initial_momentum",
    }


def test_a_condition_on_what_is_fixed_is_decided():
    """It holds, and need not be said; one that fails is refused below."""
    space = Space((Entry("momentum", Linear(0, 0.9), when={"update_rule": "sgd"}),))

    assert space["momentum"].when == {}


def test_a_condition_may_be_fulfilled_by_several_values_of_a_number():
    """Counted numbers can be named one by one."""
    space = Space(
        (Entry("num_layers", Integer(1, 3)), Entry("dropout", Linear(0, 0.5), when={"num_layers": (2, 3)}))
    )

    assert "dropout" not in space.values({"num_layers": 0.1, "dropout": 0.5})
    assert "dropout" in space.values({"num_layers": 0.5, "dropout": 0.5})


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            (
                Entry("dropout", Linear(0, 0.5), when={"activaton": "relu"}),
                Entry("activation", Choice(("tanh", "relu"))),
            ),
            r"`when` must name entries or settings, but got 'activaton' \(entry 'dropout'\)\. Did you mean",
        ),
        (
            (Entry("dropout", Linear(0, 0.5), when={"model.channels": 8}),),
            r"`when` must name entries or settings, but got 'model.channels' .*Add that entry",
        ),
        (
            (Entry("dropout", Linear(0, 0.5), when={"tails": "log"}),),
            r"`dropout` must be able to act, but got tails='none', where it does nothing\. Set tails to log",
        ),
        (
            (
                Entry("dropout", Linear(0, 0.5), when={"activation": ()}),
                Entry("activation", Choice(("tanh", "relu"))),
            ),
            r"`when` must list at least one value of activation",
        ),
        (
            (
                Entry("dropout", Linear(0, 0.5), when={"activation": "rellu"}),
                Entry("activation", Choice(("tanh", "relu"))),
            ),
            r"`when` must hold values that activation can take, but got 'rellu' .*Did you mean \"relu\"",
        ),
        (
            (Entry("dropout", Linear(0, 0.5), when={"init_scale": 1.0}), Entry("init_scale", Linear(0.5, 2))),
            r"`when` must hold values that init_scale can take, but got 1\.0 .*write used",
        ),
        (
            (
                Entry("dropout", Linear(0, 0.5), when={"init_scale": "used"}),
                Entry("init_scale", Linear(0.5, 2), when={"label_smoothing": "used"}),
                Entry("label_smoothing", Linear(0, 0.2), when={"dropout": "used"}),
            ),
            r"`when` must not go in a circle, but got dropout → init_scale → label_smoothing → dropout",
        ),
        (
            (Entry("dropout", Linear(0, 0.5), when={"dropout": "used"}),),
            r"`when` must not go in a circle, but got dropout → dropout",
        ),
        (
            (Entry("decay_exponent", Linear(0.5, 1)),),
            r"`decay_exponent` must be able to act, but got decay_start_step=None, where it does nothing\. "
            r"Set decay_start_step to used",
        ),
        (
            (Entry("momentum", Linear(0, 0.9)), Entry("update_rule", Choice(("adam", "adamw")))),
            r"`when` must hold values that update_rule can take, but got 'sgd'",
        ),
    ],
)
def test_conditions_that_cannot_work_are_refused(entries, message):
    """Names and values that are not there, circles, and what could never act."""
    with pytest.raises(ConfigError, match=message):
        Space(entries)
