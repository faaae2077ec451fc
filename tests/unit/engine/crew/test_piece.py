"""Facts about a piece: nothing is taken in twice, and when it is given up."""

from __future__ import annotations

from tests.oracles.problems import small_recipe
from tests.unit.engine.test_result import result

from practicum.core.events import Ended
from practicum.engine.crew.bench import Order
from practicum.engine.crew.piece import DEATHS, DEATHS_AT_A_PLACE, Piece
from practicum.engine.saved.told import Told


def piece(**values):
    """Return a piece of four trials."""
    return Piece("pack-000", 2, (4, 5, 6, 7), **values)


def told(step, training, *steps, results=()):
    """Return what a worker tells of events at ``steps``."""
    events = tuple(Ended(at, 4, "patience") for at in steps)
    return Told(step, training, events, tuple(result(trial=trial) for trial in results))


def test_an_order_says_how_to_begin():
    """From its own checkpoint, else from those of the pieces it comes from; only a lean piece is parked."""
    mine = piece()
    half = piece(sources=("whole",), lean=True)

    assert mine.order(25) == Order("pack-000", 2, (4, 5, 6, 7), ("pack-000",), 25)
    assert half.order(25) == Order("pack-000", 2, (4, 5, 6, 7), ("pack-000", "whole"), 25, None, park=True)
    assert half.order(25, "stopped").park is False


def test_what_is_told_again_is_dropped():
    """Events up to the update of which all is known, results that are known."""
    mine = piece()
    first = mine.accept(told(25, (4, 5, 6), 0, 25, results=[7]))
    again = mine.accept(told(50, (4, 5), 0, 25, 50, results=[7, 6]))

    assert [event.step for event in first.events] == [0, 25]
    assert [event.step for event in again.events] == [50]
    assert [r.trial for r in again.results] == [6]
    assert (mine.step, mine.training, mine.collected) == (50, (4, 5), {6, 7})


def test_a_worker_that_is_behind_changes_nothing():
    """It trains again what has been told; who had left has left."""
    mine = piece()
    mine.accept(told(50, (4, 5), 50, results=[6, 7]))
    again = mine.accept(told(25, (4, 5, 6), 25, results=[7]))

    assert (again.events, again.results, again.training) == ((), (), (4, 5))
    assert mine.step == 50


def test_too_many_deaths_at_a_place():
    """Progress in between excuses, for a while."""
    mine = piece()
    found = [mine.mourn()]
    mine.accept(told(25, (4,)))
    found += [mine.mourn(), mine.mourn()]
    stubborn, deaths = piece(), []
    for step in range(10):
        stubborn.accept(told(step, (4,)))
        deaths.append(stubborn.mourn())

    assert found == [False, False, True]
    assert DEATHS_AT_A_PLACE == 2
    assert deaths.index(True) == DEATHS - 1


def test_halves_share_the_trials_and_what_is_known():
    """Each begins from its own checkpoint, then from that of the whole."""
    mine = piece()
    mine.accept(told(25, (4, 5, 6), 0, 25, results=[7]))
    one, other = mine.halves((5, 6, 7))

    assert [(half.name, half.members, half.training) for half in (one, other)] == [
        ("pack-000a", (5,), (5,)),
        ("pack-000b", (6, 7), (6,)),
    ]
    assert one.sources == ("pack-000a", "pack-000")
    assert other.halves((6, 7))[0].sources == ("pack-000ba", "pack-000b", "pack-000")
    assert one.step == other.step == 25
    assert one.collected is not other.collected


def test_a_piece_that_is_given_up_has_failed_results():
    """One for each trial that still trained, with the reason."""
    mine = piece()
    mine.accept(told(25, (4, 5, 6), 0, 25, results=[7]))
    found = mine.failed(dict.fromkeys(range(4, 8), small_recipe()), "Too large.")

    assert [(r.trial, r.status, r.num_steps, r.reason) for r in found.results] == [
        (trial, "failed", 25, "Too large.") for trial in (4, 5, 6)
    ]
    assert mine.training == ()


def test_who_leaves_is_said_with_every_order():
    """Also to halves."""
    mine = piece()
    mine.leave[5] = 25
    half = mine.halves((4, 5, 6, 7))[0]

    assert mine.order(50).leave == half.order(75).leave == ((5, 25),)
    assert half.leave is not mine.leave
