"""Facts about a bench: orders that may be given again, and what is written down when."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from tests.oracles.problems import problem, small_recipe
from tests.oracles.stand_ins import same_results

from practicum.core.events import Measured
from practicum.engine.crew.bench import Bench, Order
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import checkpoint
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.journal import messages
from practicum.engine.saved.told import from_wire
from practicum.engine.saved.wire import decode, encode

RECIPES = [small_recipe(seed=0, num_steps=40), small_recipe(seed=1), small_recipe(seed=2)]
PLAN = Plan(RECIPES, problem("binary").laid_out(RECIPES[0]), (0, 1, 2))


@pytest.fixture
def bench():
    """Return a function that makes a bench; it writes checkpoints into a folder, by default at every chance."""
    made = []

    def make(folder, every_seconds=0.0, lasting=True):
        made.append(Bench([PLAN], ["mine"], Checkpoints(folder, every_seconds, lasting)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def other(tmp_path):
    """Return another folder."""
    (tmp_path / "other").mkdir()
    return tmp_path / "other"


def order(until, end=None, **values):
    """Return an order for the whole plan."""
    values = {"piece": "pack-000", "members": (0, 1, 2), "sources": ("pack-000",), **values}
    return Order(plan=0, until=until, end=end, **values)


def done(mine, *orders):
    """Do orders and return what was told."""
    told = []
    for one in orders:
        told.append(mine.do(one))
        mine.settle(one, told[-1])
    return told


def steps(told):
    """Return the steps of validations and ends."""
    return [event.step for event in told.events if not isinstance(event, Measured)]


def journal(folder, piece="pack-000"):
    """Return what the journal holds up to the checkpoint."""
    path = Checkpoints(folder)
    length = checkpoint.read_meta(path.file(piece), "mine")["journal"]
    return [from_wire(*decode(m), PLAN.by_trial) for m in messages(path.journal(piece), length)]


def test_an_order_survives_the_wire():
    """Tuples stay tuples."""
    one = order(25, "stopped", park=True, leave=((1, 25), (2, 50)))

    assert Order.from_plain(decode(encode(asdict(one), {}))[0]) == one


def test_a_piece_stays_on_the_bench(bench, tmp_path, other):
    """Rung after rung, then its end; the same as in one go."""
    told = done(bench(other), order(30), order(60), order(60, "budget"))
    at_once = done(bench(tmp_path, lasting=False), order(60), order(60, "budget"))

    assert [one.training for one in told] == [(0, 1, 2), (1, 2), ()]
    assert same_results([r for one in told for r in one.results], [r for one in at_once for r in one.results])


def test_another_bench_goes_on_from_the_checkpoint(bench, tmp_path, other):
    """With the same order, given again."""
    whole = done(bench(other, 1e9), order(100), order(100, "budget"))
    first = done(bench(tmp_path), order(30), order(60))
    again = done(bench(tmp_path), order(100), order(100, "budget"))

    assert same_results(
        [r for one in (*first, *again) for r in one.results], [r for w in whole for r in w.results]
    )
    assert min(event.step for event in again[0].events) > 60


def test_without_a_checkpoint_another_bench_begins_anew(bench, tmp_path):
    """None was due."""
    done(bench(tmp_path, every_seconds=1e9), order(60))
    again = done(bench(tmp_path), order(60))

    assert again[0].events[0].step == 0


def test_a_part_begins_from_the_checkpoint_of_the_whole(bench, tmp_path):
    """Its own comes first as soon as there is one."""
    done(bench(tmp_path), order(50))
    half = {"piece": "pack-000a", "members": (1,), "sources": ("pack-000a", "pack-000")}
    first = done(bench(tmp_path), order(75, **half))
    second = done(bench(tmp_path), order(100, **half))

    assert steps(first[0]) == [75]
    assert steps(second[0]) == [100]
    assert second[0].training == (1,)
    assert [one.step for one in journal(tmp_path, "pack-000a")] == [75, 100]


def test_a_parked_piece_leaves_the_memory(bench, tmp_path):
    """It is in its checkpoint, even if none is due."""
    mine = bench(tmp_path, every_seconds=1e9, lasting=False)
    done(mine, order(30, park=True))

    assert mine._works == {}
    assert done(mine, order(60, park=True))[0].events[0].step == 40


def test_the_journal_has_what_was_told_up_to_the_checkpoint(bench, tmp_path):
    """Nothing of a life after it."""
    told = done(bench(tmp_path), order(30), order(60))
    done(bench(tmp_path, every_seconds=1e9), order(100))
    found = journal(tmp_path)

    assert repr([one.events for one in found]) == repr([one.events for one in told])
    assert same_results([r for one in found for r in one.results], told[1].results)


def test_a_piece_that_is_over_says_so(bench, tmp_path):
    """Its last checkpoint has no tensors; its results are in the journal."""
    short = order(40, members=(0,))
    told = done(bench(tmp_path, every_seconds=1e9), short)
    saved = checkpoint.read(Checkpoints(tmp_path).file("pack-000"), "mine")

    assert saved.meta["over"]
    assert saved.tensors == {}
    assert same_results(journal(tmp_path)[0].results, told[0].results)


def test_an_early_end_is_not_written_down(bench, tmp_path, other):
    """The state before it is, so that the run can go on as if it had not been."""
    whole = done(bench(other, 1e9, lasting=False), order(100), order(100, "budget"))
    stopped = done(bench(tmp_path, 1e9), order(60), order(60, "stopped"))
    on = done(bench(tmp_path), order(100), order(100, "budget"))
    ended = stopped[0].results

    assert [r.status for r in stopped[1].results] == ["stopped", "stopped"]
    assert same_results(
        [*ended, *(r for one in on for r in one.results)], [r for w in whole for r in w.results]
    )


def test_an_early_end_after_a_death_keeps_the_journal_whole(bench, tmp_path):
    """A bench that must first train again what was told writes that down, too."""
    done(bench(tmp_path), order(30))
    done(bench(tmp_path, 1e9), order(60, "stopped"))

    assert [step for one in journal(tmp_path) for step in steps(one)] == [0, 25, 40, 40, 50]


@pytest.mark.parametrize("lasting", [True, False])
def test_a_dropped_piece_begins_again(bench, lasting, tmp_path):
    """After an exception it is half-way through an update and must not go on."""
    mine = bench(tmp_path, every_seconds=1e9, lasting=lasting)
    done(mine, order(30))
    mine.drop("pack-000")
    mine.drop("unknown")

    assert done(mine, order(30))[0].events[0].step == 0
    mine.close()
    assert mine._works == {}


def test_who_left_has_left_wherever_a_bench_begins(bench, tmp_path, other):
    """It is said again with every order, since a checkpoint may be from before."""
    leaving = {"leave": ((1, 50), (2, 100))}
    whole = done(bench(other, 1e9), order(50), order(75, **leaving), order(100, **leaving))
    done(bench(tmp_path), order(50))
    done(bench(tmp_path, 1e9), order(75, **leaving))
    again = done(bench(tmp_path, 1e9), order(100, **leaving))
    left = [(r.trial, r.status, r.num_steps) for one in whole for r in one.results]

    assert left == [(0, "num_steps", 40), (1, "halted", 50), (2, "halted", 100)]
    assert same_results(again[0].results, [r for one in whole[1:] for r in one.results])
    assert again[0].training == ()


def test_a_bench_may_leave_weights_out(tmp_path):
    """Of results in memory and in the journal."""
    mine = Bench([PLAN], ["mine"], Checkpoints(tmp_path, 0.0), keep_weights=False)
    told = done(mine, order(50))
    mine.close()

    assert [r.weights for r in (*told[0].results, *journal(tmp_path)[0].results)] == [{}, {}]
