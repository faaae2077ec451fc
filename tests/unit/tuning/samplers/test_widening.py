"""Facts about the border rule at work: a search whose best lies at an end goes on in a wider range [3.3-03]."""

from __future__ import annotations

import pytest

from practicum.recipe.space import Entry, Integer, Linear, Log, SometimesOff, Space
from practicum.tuning.samplers.levels import key
from practicum.tuning.samplers.widening import MOST_TIMES, NUM_BEYOND, Widening
from practicum.tuning.samplers.zoom import Zoom
from practicum.tuning.trial import Tried

SPACE = Space((Entry("learning_rate", Log(1e-6, 1e-3)), Entry("momentum", Linear(0.0, 0.9))))


def hunted(best, num_trials=96, low=1e-6, high=1e-3):
    """Return a sampler after ``num_trials`` whose error is a U over the rate with its bottom at ``best``."""
    from math import log10

    space = SPACE.replaced("learning_rate", Log(low, high))
    sampler = Widening(Zoom(space, seed=0, pack_size=4, num_wide=16), space, seed=0)
    tried = []
    for start in range(0, num_trials, 8):
        values = sampler.ask(8)
        pack = [
            Tried(
                start + k,
                one,
                0.1 + 0.05 * abs(log10(one["learning_rate"] / best)),
                phase=sampler.phase(start + k),
            )
            for k, one in enumerate(values)
        ]
        sampler.tell(pack)
        tried += pack
    return sampler, tried


def test_a_best_beyond_the_border_is_reached():
    """The range is moved, and settings beyond it are tried and are better."""
    sampler, tried = hunted(0.01)

    assert sampler.extended == ("learning_rate",)
    assert sampler.space["learning_rate"].distribution.high > 1e-3
    assert max(one.values["learning_rate"] for one in tried) > 2e-3
    assert min(tried, key=lambda one: one.error).values["learning_rate"] > 1e-3


def test_a_best_inside_moves_nothing():
    """Nor do the zooms push it out later."""
    sampler, tried = hunted(3e-5)

    assert (sampler.extended, sampler.space.names) == ((), SPACE.names)
    assert sampler.space["learning_rate"].distribution == SPACE["learning_rate"].distribution
    assert max(one.values["learning_rate"] for one in tried) <= 1e-3


def test_it_moves_a_few_times_at_most():
    """What lies further out is said, not searched."""
    sampler, _ = hunted(1e12, num_trials=160, low=1e-6, high=1e-5)
    high = sampler.space["learning_rate"].distribution.high
    again, _ = hunted(1e12, num_trials=240, low=1e-6, high=1e-5)

    assert MOST_TIMES == 4
    assert high == again.space["learning_rate"].distribution.high < 1e12


def test_nothing_is_looked_at_before_the_wide_trials_are_known():
    """Fifteen trials say nothing of a border."""
    sampler, _ = hunted(0.01, num_trials=8)

    assert sampler.extended == ()


def test_a_range_that_moved_before_moves_by_all_of_its_width():
    """Half of a decade, then one and a half, then two twice, which is the most."""
    sampler, _ = hunted(1e12, num_trials=160, low=1e-6, high=1e-5)

    assert sampler.space["learning_rate"].distribution.high == pytest.approx(10.0, rel=1e-4)


def test_where_errors_are_alike_the_loss_moves_the_border():
    """Far too small rates all make the same mistakes, the larger with a lower loss."""
    sampler = Widening(Zoom(SPACE, seed=0, num_wide=16), SPACE, seed=0)
    values = sampler.ask(16)
    told = [Tried(k, one, 0.5, loss=0.7 - one["learning_rate"]) for k, one in enumerate(values)]
    sampler.tell(told)

    assert sampler.extended == ("learning_rate",)
    assert sampler.space["learning_rate"].distribution.high == pytest.approx(0.0316228)


def test_what_was_not_told_on_the_way_may_move_a_border_at_the_end():
    """Each trial counts once; the search should go on until trials have followed that know what lies beyond."""
    zoom = Zoom(SPACE, seed=0, num_wide=16)
    sampler = Widening(zoom, SPACE, seed=0)
    values = sampler.ask(16)
    tried = [Tried(k, one, 0.5 - 30 * one["learning_rate"]) for k, one in enumerate(values)]
    sampler.tell(tried[:12])

    assert sampler.extended == ()
    assert sampler.tell_rest(tried)
    assert sampler.extended == ("learning_rate",)
    tried += [Tried(16 + k, one, 0.5) for k, one in enumerate(sampler.ask(16))]
    assert sampler.tell_rest(tried)
    tried += [Tried(32 + k, one, 0.5) for k, one in enumerate(sampler.ask(16))]
    assert not sampler.tell_rest(tried)


def test_what_was_asked_for_and_never_tried_changes_nothing():
    """How far ahead a search had asked when it ended, a clock decides."""
    asked = []
    for ahead in (0, 8, 24):
        sampler = Widening(Zoom(SPACE, seed=0, num_wide=16), SPACE, seed=0)
        values = sampler.ask(16)
        tried = [Tried(k, one, 0.5 - 30 * one["learning_rate"]) for k, one in enumerate(values)]
        sampler.tell(tried)
        some = sampler.ask(8)
        sampler.ask(ahead)
        tried += [Tried(16 + k, one, 0.5) for k, one in enumerate(some[:4])]
        assert sampler.tell_rest(tried)
        asked.append([key(one) for one in sampler.ask(8)])
        assert asked[-1][:4] == [key(one) for one in some[4:]]

    assert asked[0] == asked[1] == asked[2]


def test_the_first_after_an_extension_lie_in_the_part_that_is_new():
    """So that what lies there is known; of two ranges each has its turn."""
    sampler = Widening(Zoom(SPACE, seed=0, num_wide=16), SPACE, seed=0)
    values = sampler.ask(16)
    sampler.tell(
        [Tried(k, one, 2 - 500 * one["learning_rate"] - one["momentum"]) for k, one in enumerate(values)]
    )
    assert set(sampler.extended) == {"learning_rate", "momentum"}
    some = sampler.ask(NUM_BEYOND)

    assert all(one["learning_rate"] >= 1e-3 for one in some[:4])
    assert all(one["momentum"] >= 0.9 for one in some[4:])
    assert len({key(one) for one in some}) == NUM_BEYOND


def test_settings_that_depend_on_the_range_go_with_it():
    """What is tried beyond an end has the entries whose conditions hold there, and no others."""
    space = Space(
        (
            Entry("learning_rate", Log(1e-6, 1e-3)),
            Entry("l2_penalty", SometimesOff(Log(1e-3, 1.0))),
            Entry("num_layers", Integer(1, 4)),
            Entry("momentum", Linear(0.0, 0.9), when={"num_layers": (1, 2)}),
            Entry("dropout", Linear(0.0, 0.5), when={"l2_penalty": (0.0,)}),
        )
    )
    sampler = Widening(Zoom(space, seed=0, num_wide=32), space, seed=0)
    values = sampler.ask(32)
    sampler.tell(
        [Tried(k, one, 1 - 0.1 * one["num_layers"] - 0.1 * one["l2_penalty"]) for k, one in enumerate(values)]
    )
    some = sampler.ask(NUM_BEYOND)

    assert "num_layers" in sampler.extended
    assert any(one["num_layers"] > 4 for one in some)
    assert all(("momentum" in one) == (one["num_layers"] <= 2) for one in some)
    assert all(("dropout" in one) == (one["l2_penalty"] == 0.0) for one in some)


@pytest.mark.parametrize("number", [0, 15, 16, 40])
def test_phases_are_the_zooms(number):
    """Wide, then one zoom after the other."""
    zoom = Zoom(SPACE, seed=0, pack_size=4, num_wide=16)

    assert Widening(zoom, SPACE, 0).phase(number) == zoom.phase(number)


def test_the_same_trials_give_the_same_range():
    """Of no clock and no global generator."""
    (one, first), (other, second) = hunted(0.01), hunted(0.01)

    assert one.space == other.space
    assert [a.values for a in first] == [b.values for b in second]
