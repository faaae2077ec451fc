"""Facts about a pack in a race: where it is judged, and on what."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.oracles.races import pack
from tests.unit.engine.test_result import result

from practicum.core.errors import ConfigError, RecordError
from practicum.core.events import Ended, Validated
from practicum.engine.crew.bench import Order
from practicum.engine.crew.foreman import Halved
from practicum.engine.racer import Racer, rounded
from practicum.engine.saved.store import pieces_of
from practicum.engine.saved.told import Told

PLAN = pack(0)


@pytest.fixture
def racer():
    """A pack of trials 0 to 3 that is judged after 50 and 100 updates."""
    return Racer(0, PLAN, (50, 100), pieces_of(0, PLAN))


def validated(step, errors, better=(True, True, True, True)):
    """Return the event that the trials had these errors."""
    four = np.array(errors, dtype=float)
    return Validated(
        step, step * 16, (0, 1, 2, 3), np.ones(4, bool), four, four, four, four, np.array(better)
    )


def tell(racer, step, *events, training=(0, 1, 2, 3), results=()):
    """Let a worker tell it."""
    racer.hear(racer.pieces[0].accept(Told(step, training, events, results)))


def test_rungs_are_rounded_up_to_validations():
    """Every 25 updates; two may fall on one."""
    assert rounded([10, 25, 26, 110], PLAN) == (25, 25, 50, 125)


def test_it_waits_at_a_rung(racer):
    """Until it was judged there."""
    states = [racer.ready]
    tell(racer, 30)
    states.append(racer.ready)
    tell(racer, 50, validated(50, [1, 2, 3, 4]))
    states += [racer.ready, racer.is_due(), racer.past(0)]
    racer.judge(lambda rung, errors: {0, 1})
    states += [racer.ready, racer.is_due(), racer.past(0), racer.past(1)]

    assert states == [True, True, False, True, False, True, False, True, False]
    assert racer.pieces[0].order(75).leave == ((2, 50), (3, 50))


def test_errors_are_the_best_so_far_at_the_rung(racer):
    """Of those that train there, though it is known how they went on."""
    tell(
        racer,
        75,
        validated(25, [0.5, 0.5, 0.5, 0.5], (True, True, False, False)),
        validated(50, [0.4, 0.6, 0.6, 0.6], (True, False, False, False)),
        Ended(50, 3, "patience"),
        validated(75, [0.3, 0.3, 0.3, 0.3]),
        Ended(75, 1, "diverged"),
        training=(0, 2),
    )

    assert racer.errors() == {0: 0.4, 1: 0.5, 2: math.inf}


def test_those_that_left_or_failed_are_not_judged_again(racer):
    """Nor is a pack that nobody is left of: it is past all rungs."""
    tell(racer, 50, results=[result(trial=1, status="failed")], training=(0, 2, 3))
    racer.judge(lambda rung, errors: {0})
    left = racer.errors()
    tell(racer, 60, Ended(60, 0, "num_steps"), training=())

    assert left == {0: math.inf}
    assert not racer.is_due()
    assert racer.past(1)
    assert (racer.over, racer.step) == (True, math.inf)


def test_it_is_judged_again_as_it_was(racer):
    """When it is read back; another decision is refused."""
    halted = [result(trial=trial, status="halted", num_steps=50) for trial in (2, 3)]
    tell(racer, 75, validated(50, [1, 2, 3, 4]), training=(0, 1), results=halted)
    again = Racer(0, PLAN, (50, 100), racer.pieces)
    again.hear(Told(75, (0, 1), (validated(50, [1, 2, 3, 4]),), tuple(halted)))
    racer.judge(lambda rung, errors: {0, 1})

    assert racer.past(0)
    with pytest.raises(
        RecordError, match=r"as when the race was begun, but trials \[1, 2\] differ \(update 50"
    ):
        again.judge(lambda rung, errors: {0, 2})


def test_a_judge_may_not_name_others(racer):
    """They are listed."""
    tell(racer, 50)

    with pytest.raises(ConfigError, match=r"got trials=\[9\] \(rung 0 of pack 0\)"):
        racer.judge(lambda rung, errors: {0, 9})


def test_halves_are_judged_as_one(racer):
    """When both have come; who leaves is told to the half that has it."""
    whole = racer.pieces[0]
    racer.halve(whole, Halved(whole.halves((0, 1, 2, 3)), Order("pack-000", 0, (0, 1, 2, 3), (), 50)))
    one, other = racer.pieces
    racer.hear(one.accept(Told(50, (0, 1))))
    early = racer.is_due()
    racer.hear(other.accept(Told(50, (2, 3))))
    racer.judge(lambda rung, errors: {1, 2})

    assert not early
    assert [half.lean for half in racer.pieces] == [True, True]
    assert [half.leave for half in racer.pieces] == [{0: 50}, {3: 50}]


def test_a_pack_that_is_given_up_says_so(racer):
    """Nobody is asked about it."""
    racer.give_up("stopped")

    assert {(r.status, r.reason) for r in racer.results.values()} == {("stopped", "It was never begun.")}
    assert (racer.over, racer.is_due(), racer.begun) == (True, False, False)


def test_done_counts_trials(racer):
    """Who ended counts one, who trains the part of the updates that is done."""
    tell(racer, 70, training=(0, 1, 3))

    assert racer.done == pytest.approx(1 + 70 / 140 + 70 / 160 + 70 / 200)
