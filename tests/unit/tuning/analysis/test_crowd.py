"""How many values were tried near the best."""

import pytest

from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, SometimesOff, Space
from practicum.tuning.analysis.crowd import crowds
from practicum.tuning.trial import Tried


def near(entry, values, best):
    """Return the crowd of one entry whose value ``best`` has the lowest error."""
    tried = [Tried(i, {entry.name: value}, float(value != best)) for i, value in enumerate(values)]
    return crowds(tried, Space((entry,)))


@pytest.mark.parametrize(
    ("values", "enough"),
    [((0.1, 0.05, 0.2, 0.15), True), ((0.1, 0.05, 0.2, 0.2), False), ((0.1, 0.04, 0.21, 0.15), False)],
)
def test_near_is_a_factor_of_two_on_a_log_scale(values, enough):
    """Different values within it count; equal ones count once."""
    assert near(Entry("learning_rate", Log(1e-3, 1.0)), values, 0.1)[0].enough is enough


def test_near_is_a_sixth_of_the_range_on_a_linear_scale():
    """0.3 to 0.5 around 0.4 in [0, 0.6]."""
    assert near(Entry("momentum", Linear(0.0, 0.6)), (0.4, 0.3, 0.5, 0.29, 0.51), 0.4)[0].num_near == 3


def test_no_more_values_are_asked_for_than_there_are():
    """Of one to three layers, one or two values lie within a sixth of the range."""
    found = near(Entry("num_layers", Integer(1, 3)), (1, 2, 3), 2)[0]

    assert (found.num_near, found.num_needed, found.enough) == (1, 1, True)


def test_choices_and_off_are_not_asked():
    """Without an order there is nothing near."""
    assert near(Entry("activation", Choice(("tanh", "relu"))), ("tanh", "relu"), "relu") == ()
    assert near(Entry("l2_penalty", SometimesOff(Log(1e-3, 1.0))), (0.0, 0.1), 0.0) == ()


def test_nothing_is_near_where_nothing_is_best():
    """No error, no best."""
    assert crowds([], Space((Entry("momentum", Linear(0.0, 0.6)),))) == ()


def test_the_sentence_counts():
    """Singular and plural."""
    found = near(Entry("learning_rate", Log(1e-3, 1.0)), (0.1, 0.5), 0.1)[0]

    assert found.text.startswith("Only 1 different value was tried near the best `learning_rate`, 0.1")
