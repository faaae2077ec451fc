"""The border rule over noisy searches of 32 trials; its rates are measured in benchmarks/border.py."""

from dataclasses import replace

import pytest

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, LogInteger, SometimesOff, Space
from practicum.tuning.analysis.border import Border, _agreed, borders, extension
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-6, 1.0)),
        Entry("momentum", Linear(0.1, 0.9)),
        Entry("init_scale", Linear(0.2, 2.0)),
        Entry("l2_penalty", SometimesOff(Log(1e-3, 100.0))),
        Entry("activation", Choice(("tanh", "relu"))),
    )
)


def searched(number, optimum, name="learning_rate", space=SPACE, noise=0.02, num=32):
    """Return a noisy search whose errors are a U around ``optimum`` (as a unit) and a weaker one in momentum."""
    generator = stream(number, "test/border")
    tried = []
    for i, row in enumerate(generator.random((num, len(space)))):
        units = dict(zip(space.names, map(float, row), strict=True))
        error = 0.1 + (units[name] - optimum) ** 2 + noise * generator.standard_normal()
        if "momentum" in units and name != "momentum":
            error += 0.3 * (units["momentum"] - 0.5) ** 2
        tried.append(Tried(i, space.values(units), float(error)))
    return tried


@pytest.mark.parametrize(("optimum", "side"), [(1.25, "high"), (-0.25, "low")])
def test_an_optimum_outside_is_warned_of(optimum, side):
    """In at least 19 of 20 searches, on the right side."""
    found = [{one.name: one.side for one in borders(searched(i, optimum), SPACE)} for i in range(20)]

    assert sum(one["learning_rate"] == side for one in found) >= 19


def test_an_optimum_inside_is_not_warned_of():
    """In at most 1 of 20 searches, any entry and end counted."""
    found = [any(one.side for one in borders(searched(i, 0.5), SPACE)) for i in range(20)]

    assert sum(found) <= 1


def test_pure_noise_is_not_warned_of():
    """In at most 1 of 20 searches, although the best trial nearly always lies near some end."""
    found = []
    for i in range(20):
        errors = stream(i, "test/border/noise").random(32)
        tried = [
            Tried(one.number, one.values, float(e)) for one, e in zip(searched(i, 0.5), errors, strict=True)
        ]
        found.append(any(one.side for one in borders(tried, SPACE)))

    assert sum(found) <= 1


def test_trials_that_diverge_beyond_the_optimum_are_no_border():
    """The upper tenth of rates diverges: the optimum below it is not warned of."""
    tried = []
    for one in searched(0, 0.7):
        diverged = one.values["learning_rate"] > 10**-0.6
        tried.append(Tried(one.number, one.values, one.error, diverged=diverged))

    assert not any(one.side == "high" for one in borders(tried, SPACE))


def test_choices_have_no_border():
    """Only numbers do."""
    assert {one.name for one in borders(searched(0, 1.25), SPACE)} == {
        "learning_rate",
        "momentum",
        "init_scale",
        "l2_penalty",
    }


def test_what_is_impossible_beyond_a_border_is_not_asked_for():
    """Momentum cannot sink below 0, whatever the errors say."""
    space = SPACE.replaced("momentum", Linear(0.0, 0.9))
    found = {one.name: one for one in borders(searched(0, -0.3, "momentum", space), space)}

    assert found["momentum"].low_probability > 0.97
    assert found["momentum"].side is None


def test_where_off_is_a_value_the_low_end_is_no_border():
    """Smaller and smaller penalties end in none, which is in the space."""
    space = Space(
        (Entry("l2_penalty", SometimesOff(Log(1e-3, 100.0))), Entry("learning_rate", Log(1e-4, 1.0)))
    )

    found = {one.name: one.side for one in borders(searched(0, 0.3, "l2_penalty", space), space)}

    assert found["l2_penalty"] != "low"


def test_of_two_values_neither_is_a_border():
    """One of them always is at each end."""
    space = Space((Entry("num_layers", Integer(1, 2)), Entry("momentum", Linear(0.1, 0.9))))

    found = {one.name: one.side for one in borders(searched(0, 1.25, "num_layers", space), space)}

    assert found["num_layers"] is None


@pytest.mark.parametrize("num", [0, 1, 2, 9])
def test_few_trials_say_nothing(num):
    """Fewer than ten errors are not asked."""
    assert borders(searched(0, 1.25, num=num), SPACE) == ()


@pytest.mark.parametrize(
    ("alike", "lossless", "side"), [(True, False, "high"), (False, False, None), (True, True, None)]
)
def test_the_loss_is_asked_where_errors_are_alike(alike, lossless, side):
    """Not where errors know better, and not where a loss is unknown."""
    errors = [0.25 if alike else one.error for one in searched(1, 0.5)]
    tried = [
        replace(one, error=error, loss=slope.error)
        for one, slope, error in zip(searched(1, 0.5), searched(1, 1.25), errors, strict=True)
    ]
    if lossless:
        tried[3] = replace(tried[3], loss=float("nan"))
    found = {one.name: one.side for one in borders(tried, SPACE)}

    assert found.get("learning_rate") == side


@pytest.mark.parametrize(
    ("error", "loss", "agreed"),
    [
        ((0.3, 0.4), (0.0, 0.99), (pytest.approx(0.01), 0.99)),
        ((0.4, 0.3), (0.98, 0.0), (0.98, pytest.approx(0.02))),
        ((0.975, 0.022), (0.0, 0.99), (0.975, 0.022)),
        ((0.3, 0.01), (0.0, 0.99), (0.3, 0.01)),
        ((0.3, 0.4), (0.0, 0.9), (0.3, 0.4)),
        ((0.5, 0.5), (0.0, 1.0), (0.0, 1.0)),
    ],
)
def test_the_loss_never_overrules_the_error(error, loss, agreed):
    """It speaks only where it is sure of an end that the error may be at; nothing is surer than sure."""
    assert _agreed([error, loss]) == agreed


def test_a_border_that_the_loss_told_says_so():
    """The best setting by the error may lie elsewhere."""
    tried = [
        replace(one, error=0.25, loss=slope.error)
        for one, slope in zip(searched(1, 0.5), searched(1, 1.25), strict=True)
    ]
    found = {one.name: one for one in borders(tried, SPACE)}

    assert found["learning_rate"].text.startswith(
        "By the validation loss the best `learning_rate` lies at the upper"
    )
    assert not any(one.by_loss for one in borders(searched(1, 1.25), SPACE))


def test_equal_errors_say_nothing():
    """Nor do errors that are all alike, or all infinite."""
    same = [Tried(one.number, one.values, 0.2) for one in searched(0, 0.5)]
    lost = [Tried(one.number, one.values, float("inf"), diverged=True) for one in same]

    assert borders(same, SPACE) == ()
    assert borders(lost, SPACE) == ()


def test_the_same_trials_give_the_same_numbers():
    """The draws come from a stream of their own."""
    tried = searched(3, 1.1)

    assert borders(tried, SPACE) == borders(tried, SPACE)


def border(name, side):
    """Return a sure border."""
    return Border(name, 0.0, 1.0, None, 0.99 if side == "low" else 0.0, 0.99 if side == "high" else 0.0)


@pytest.mark.parametrize(
    ("entry", "side", "expected"),
    [
        (Entry("learning_rate", Log(1e-6, 1e-2)), "high", Log(1e-6, 1.0)),
        (Entry("learning_rate", Log(1e-6, 1e-2)), "low", Log(1e-8, 1e-2)),
        (Entry("init_scale", Linear(1.0, 2.0)), "high", Linear(1.0, 2.5)),
        (Entry("momentum", Linear(0.2, 0.6)), "low", Linear(0.0, 0.6)),
        (Entry("num_layers", Integer(2, 4)), "high", Integer(2, 5)),
        (Entry("width", LogInteger(64, 256, multiple=16)), "high", LogInteger(64, 512, multiple=16)),
        (Entry("l2_penalty", SometimesOff(Log(1.0, 100.0))), "high", SometimesOff(Log(1.0, 1000.0))),
    ],
)
def test_an_extension_adds_half_of_the_width_on_the_entrys_scale(entry, side, expected):
    """Ratios for log scales, differences for linear ones, whole numbers for counts."""
    assert extension(Space((entry,)), border(entry.name, side))[entry.name].distribution == expected


def test_an_extension_stops_at_what_is_possible():
    """Momentum 0.9 may go half of the way to 1, never to 1 or beyond."""
    space = Space((Entry("momentum", Linear(0.0, 0.9)),))

    assert extension(space, border("momentum", "high"))["momentum"].distribution == Linear(0.0, 0.95)
    assert extension(space, border("momentum", "low")) == space


def test_all_borders_are_extended_at_once_and_none_leaves_the_space_alone():
    """A sequence of borders is taken one after another."""
    both = [border("learning_rate", "high"), border("init_scale", "low"), border("momentum", None)]

    found = extension(SPACE, both)

    assert [name for name in SPACE.names if found[name] != SPACE[name]] == ["learning_rate", "init_scale"]
    assert extension(SPACE, []) == SPACE


def test_the_sentence_names_entry_end_and_doubt():
    """One sentence, empty without a border."""
    found = Border("learning_rate", 1e-6, 1e-3, 9e-4, 0.0, 0.98)

    assert found.text == (
        "The best `learning_rate` lies at the upper end of its range, 0.001 (98 % sure): try larger values."
    )
    assert Border("learning_rate", 1e-6, 1e-3, 9e-4, 0.0, 0.5).text == ""
