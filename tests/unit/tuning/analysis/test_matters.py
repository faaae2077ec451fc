"""Does an entry matter, all others optimised?"""

from dataclasses import replace
from math import isnan

import pytest

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, SometimesOff, Space
from practicum.tuning.analysis.matters import matters
from practicum.tuning.analysis.outlook import expected_best
from practicum.tuning.analysis.positions import errors_of
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-4, 1.0)),
        Entry("activation", Choice(("tanh", "relu"))),
        Entry("momentum", Linear(0.0, 0.9)),
        Entry("l2_penalty", SometimesOff(Log(1e-3, 10.0))),
        Entry("num_layers", Integer(1, 3)),
    )
)


def searched(error, num=80, seed=0, standard_error=float("nan")):
    """Return a random search with ``error`` of the units and values."""
    tried = []
    for i, row in enumerate(stream(seed, "test/matters").random((num, len(SPACE)))):
        units = dict(zip(SPACE.names, map(float, row), strict=True))
        values = SPACE.values(units)
        tried.append(Tried(i, values, float(error(units, values)), standard_error=standard_error))
    return tried


def tuned_away(units, values):
    """Return an error in which activations differ on average, but not at each one's best learning rate."""
    best = 0.3 if values["activation"] == "tanh" else 0.5
    return 0.1 + (3 if values["activation"] == "relu" else 1) * (units["learning_rate"] - best) ** 2


def tuned_left(units, values):
    """Return an error in which one activation is worse at its best, too."""
    return tuned_away(units, values) + 0.1 * (values["activation"] == "tanh")


def test_a_difference_that_tuning_removes_is_none():
    """relu is three times worse on average; optimised for each, the activation does not matter [footnote 29]."""
    found = matters(searched(tuned_away, 200, standard_error=0.05), SPACE, "activation")

    assert found.verdict == "no"
    assert found.text.startswith("`activation` hardly matters here")


def test_a_difference_that_tuning_leaves_is_one():
    """One activation is worse at its best, too."""
    found = matters(searched(tuned_left), SPACE, "activation")

    assert found.verdict == "yes"
    assert found.levels[0].label == "relu"


def test_few_trials_cannot_tell():
    """A noisy handful: neither yes nor no."""
    generator = stream(0, "test/matters/noise")
    found = matters(searched(lambda u, v: generator.random(), 12), SPACE, "activation")

    assert found.verdict == "cannot tell"
    assert "cannot be told" in found.text


def test_noise_is_called_an_effect_as_rarely_as_claimed():
    """In at most 5 of 40 searches without any effect (5 % are claimed)."""
    generator = stream(2, "test/matters/noise")
    found = [
        matters(searched(lambda u, v: generator.random(), 40, seed), SPACE, "momentum").verdict
        for seed in range(40)
    ]

    assert found.count("yes") <= 5


def test_levels_are_compared_at_equal_numbers_of_trials():
    """The best of many is not held against the best of few: each is the exact expected best of the rarest's count."""
    tried = searched(tuned_away, 60)
    found = matters(tried, SPACE, "activation")
    mine = [one for one in tried if one.values["activation"] == found.levels[0].label]

    assert found.num_each == min(one.count for one in found.levels)
    assert found.levels[0].best == pytest.approx(expected_best(errors_of(mine), [found.num_each]).mean[0])


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("num_layers", {"1", "2", "3"}),
        ("momentum", {"0 to 0.3", "0.3 to 0.6", "0.6 to 0.9"}),
        ("l2_penalty", {"off", "0.001 to 0.0215", "0.0215 to 0.464", "0.464 to 10"}),
    ],
)
def test_numbers_fall_into_values_or_thirds(name, labels):
    """Few whole numbers are levels of their own, and so is off."""
    assert {one.label for one in matters(searched(tuned_away), SPACE, name).levels} == labels


def test_a_diverged_level_is_the_worst():
    """Where one option always diverges, the entry matters."""
    tried = [
        Tried(one.number, one.values, one.error, diverged=one.values["activation"] == "tanh")
        for one in searched(tuned_away)
    ]

    assert matters(tried, SPACE, "activation").verdict == "yes"


def test_a_level_whose_trials_were_all_ended_early_is_named():
    """Its error is that of shorter trainings, which the sentence says."""
    halted = [replace(one, halted=one.values["activation"] == "tanh") for one in searched(tuned_left)]
    found = matters(halted, SPACE, "activation")

    assert [one.whole for one in found.levels] == [True, False]
    assert "(trials with tanh were all ended early)" in found.text
    assert "ended early" not in matters(searched(tuned_left), SPACE, "activation").text


def test_one_subset_has_no_deviation():
    """The best of all of a level's trials is one number, which says nothing of chance."""
    levels = matters(searched(tuned_away), SPACE, "activation").levels

    assert [isnan(one.deviation) for one in levels] == [
        one.count == min(o.count for o in levels) for one in levels
    ]
    assert any(one.deviation > 0 for one in levels)


def test_equal_errors_mean_no_matter():
    """No difference, no chance of one."""
    assert matters(searched(lambda u, v: 0.2), SPACE, "activation").verdict == "no"


@pytest.mark.parametrize("num", [0, 1, 2])
def test_hardly_any_trials_have_no_levels(num):
    """Nothing to compare."""
    found = matters(searched(tuned_away, num), SPACE, "activation")

    assert (found.levels, found.verdict) == ((), "cannot tell")


def test_an_unknown_entry_is_refused():
    """The nearest name is offered."""
    with pytest.raises(ConfigError, match='Did you mean "momentum"'):
        matters([], SPACE, "momentun")


BEST = {"learning_rate": 0.01, "activation": "relu", "momentum": 0.45, "l2_penalty": 0.0, "num_layers": 2}
