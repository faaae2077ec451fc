"""Errors against one entry at a time."""

from math import inf, isnan

import numpy as np
import pytest

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, SometimesOff, Space
from practicum.tuning.analysis.marginals import Marginal, marginals
from practicum.tuning.trial import Tried


def tried_with(name, values, errors):
    """Return trials with these values of one entry."""
    pairs = enumerate(zip(values, errors, strict=True))
    return [Tried(i, {name: value}, error, diverged=error == inf) for i, (value, error) in pairs]


def test_bins_equal_a_slow_loop():
    """Mean, standard error and minimum of eight bins of equal width, one trial at a time."""
    generator = stream(0, "test/marginals")
    values, errors = generator.random(200), generator.random(200)
    found = marginals(
        tried_with("momentum", map(float, values * 0.8), map(float, errors)),
        Space((Entry("momentum", Linear(0.0, 0.8)),)),
    )[0]

    for place, one in enumerate(found.bins):
        mine = np.array([e for v, e in zip(values, errors, strict=True) if int(8 * v) == place])
        assert one.count == len(mine)
        assert one.mean == pytest.approx(mine.mean())
        assert one.standard_error == pytest.approx(mine.std(ddof=1) / len(mine) ** 0.5)
        assert one.best == mine.min()


def test_neighbouring_bins_meet_on_the_entrys_scale():
    """Four bins of [1e-4, 1] are four decades."""
    values = [3e-4, 3e-3, 3e-2, 3e-1]
    space = Space((Entry("learning_rate", Log(1e-4, 1.0)),))

    found = marginals(tried_with("learning_rate", values, [1.0] * 4), space, num_bins=4)[0]

    assert found.log
    assert [one.low for one in found.bins] == pytest.approx([1e-4, 1e-3, 1e-2, 1e-1])
    assert [one.high for one in found.bins] == pytest.approx([1e-3, 1e-2, 1e-1, 1.0])


def test_few_whole_numbers_and_options_are_bins_of_their_own():
    """Off is one, too, and comes last."""
    layers = tried_with("num_layers", [1, 2, 3, 2], [0.1, 0.2, 0.3, 0.4])
    penalty = tried_with("l2_penalty", [0.0, 0.1, 0.1, 0.0], [0.1, 0.2, 0.3, 0.4])

    found = marginals(layers, Space((Entry("num_layers", Integer(1, 3)),)))[0]
    off = marginals(penalty, Space((Entry("l2_penalty", SometimesOff(Log(1e-3, 1.0))),)))[0]

    assert [(one.label, one.count) for one in found.bins] == [("1", 1), ("2", 2), ("3", 1)]
    assert off.bins[-1].label == "0"
    assert isnan(off.bins[-1].low)


def test_diverged_trials_are_counted_and_not_averaged():
    """A bin of diverged trials only has no mean."""
    space = Space((Entry("activation", Choice(("tanh", "relu"))),))
    found = marginals(tried_with("activation", ["tanh", "relu", "tanh"], [inf, 0.2, inf]), space)[0]

    assert [(one.label, one.count, one.num_diverged) for one in found.bins] == [
        ("tanh", 2, 2),
        ("relu", 1, 0),
    ]
    assert isnan(found.bins[0].mean)
    assert found.text == "On average, errors are lowest with `activation` relu: 0.2."


def test_without_an_error_there_is_nothing_to_say():
    """No bin, no finite mean."""
    assert Marginal("momentum", False, ()).text == "No trial says what `momentum` does."
    assert marginals([], Space((Entry("momentum", Linear(0.0, 0.8)),))) == ()
