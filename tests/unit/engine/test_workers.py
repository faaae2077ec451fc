"""Facts about workers whose packs go from rung to rung together, as threads and as processes."""

from __future__ import annotations

import os
import signal
import time

import pytest
import torch
from tests.oracles.problems import advance, problem, small_recipe
from tests.oracles.stand_ins import die, dying_once, same_results, troubled

from practicum.core.events import Validated
from practicum.engine import workers as workers_module
from practicum.engine.crew import keeper as keeper_module
from practicum.engine.crew.cores import num_cores
from practicum.engine.crew.forks import can_fork
from practicum.engine.workers import Interrupted, Workers

DATA = problem("binary")
RECIPES = [small_recipe(seed=seed, num_steps=100 + 30 * seed) for seed in range(5)]
needs_forks = pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)")
KINDS = ["threads", pytest.param("processes", marks=needs_forks)]


def trained(workers, task=None, rungs=(25, 60, 120, 300)):
    """Train all recipes in rungs and return what was told, and the results."""
    seats = workers.split(RECIPES, task or DATA.laid_out(RECIPES[0]))
    told = [workers.advance([seat for seat in seats if seat.trials], until) for until in rungs]
    told.append(workers.finish([seat for seat in seats if seat.trials], "budget"))
    return told, [result for rung in told for one in rung for result in one.results]


def undisturbed():
    """Return the results of an ordinary run."""
    with Workers(1, "threads") as workers:
        return trained(workers)[1]


def test_there_is_a_worker_for_every_core_unless_told():
    """The cores this process may use, not those the machine has."""
    assert Workers().num_workers == num_cores() >= 1
    assert Workers(num_workers=3).num_workers == 3


def test_pytorch_has_one_thread_inside():
    """And what it had before, after."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with Workers(num_workers=2):
        inside = torch.get_num_threads()
    after = torch.get_num_threads()
    torch.set_num_threads(before)

    assert (inside, after) == (1, 2)


@pytest.mark.parametrize(("num_workers", "num_recipes"), [(1, 5), (2, 5), (3, 3), (4, 3), (2, 0)])
def test_splitting_deals_out_every_recipe_once(num_workers, num_recipes):
    """Each keeps its number; packs differ by at most one trial and none is empty."""
    recipes = RECIPES[:num_recipes]
    seats = Workers(num_workers).split(recipes, DATA.laid_out(RECIPES[0]), first_trial=10)
    numbered = {trial: recipe for seat in seats for trial, recipe in seat.plan.by_trial.items()}
    sizes = [len(seat.trials) for seat in seats]

    assert numbered == {10 + i: recipe for i, recipe in enumerate(recipes)}
    assert len(seats) == min(num_workers, num_recipes)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_workers_train_what_the_loop_trains(kind):
    """Side by side, in the order of the packs, with the same events as one after the other."""
    recipes = [small_recipe(seed=seed) for seed in range(3)]
    expected = [advance(DATA.pack([recipe], trials=[k]), 60) for k, recipe in enumerate(recipes)]
    with Workers(3, kind) as workers:
        seats = workers.split(recipes, DATA.laid_out(recipes[0]))
        found = workers.advance(seats, until=60)

    assert repr([list(told.events) for told in found]) == repr(expected)
    assert all(
        isinstance(told.events[0], Validated) and told.training == (k,) for k, told in enumerate(found)
    )
    assert [(seat.step, seat.most_steps) for seat in seats] == [(60, float("inf"))] * 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("num_workers", [1, 2, 3])
def test_kind_and_number_of_workers_change_no_bit(kind, num_workers):
    """Of any result."""
    with Workers(num_workers, kind) as workers:
        found = trained(workers)[1]

    assert same_results(found, undisturbed())


@pytest.mark.parametrize("kind", KINDS)
def test_packs_that_fit_the_cache_change_no_bit(kind, monkeypatch):
    """A worker then has several packs, which take turns."""
    task = DATA.laid_out(RECIPES[0])
    monkeypatch.setattr(workers_module, "CACHE_BYTES", 2 * task.touched_bytes(RECIPES[0]))
    with Workers(1, kind) as workers:
        seats = workers.split(RECIPES, task)
        found = trained(workers)[1]

    assert [(seat.worker, len(seat.trials)) for seat in seats] == [(0, 2), (0, 2), (0, 1)]
    assert same_results(found, undisturbed())


@pytest.mark.parametrize("kind", KINDS)
def test_two_sets_of_packs_may_take_turns(kind):
    """And be sent home in any order, twice if need be."""
    with Workers(2, kind) as workers:
        one, other = (workers.split(RECIPES[:2], DATA.laid_out(RECIPES[0])) for _ in range(2))
        for until in (25, 50):
            first, second = workers.advance(one, until), workers.advance(other, until)
            assert repr(first) == repr(second)
        workers.dismiss(one)
        workers.dismiss(one)
        assert [told.step for told in workers.advance(other, 75)] == [75, 75]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_in_a_worker_reaches_the_caller(kind):
    """With its class and text; it does not hang."""

    def fail(recipes):
        raise ZeroDivisionError("in the worker")

    task = troubled(DATA.laid_out(RECIPES[0]), fail)
    with Workers(2, kind) as workers, pytest.raises(ZeroDivisionError, match="in the worker"):
        workers.advance(workers.split(RECIPES, task), until=1)


@needs_forks
@pytest.mark.parametrize("step", [0, 25, 100])
def test_a_worker_that_is_killed_is_replaced(step, tmp_path, monkeypatch):
    """In the middle of a rung; no bit of any result is another, and nothing is told twice."""
    monkeypatch.setattr(keeper_module, "run", dying_once(tmp_path / "flag", 0, step))
    with Workers(2, "processes") as workers:
        told, results = trained(workers)
    validated = [
        (event.step, event.trials)
        for rung in told
        for one in rung
        for event in one.events
        if isinstance(event, Validated)
    ]

    assert (tmp_path / "flag").exists()
    assert same_results(results, undisturbed())
    assert len(validated) == len(set(validated))


@needs_forks
def test_packs_that_are_too_large_to_live_are_halved():
    """The kernel kills whoever trains more than two at once; nothing is lost."""
    caller = os.getpid()
    task = troubled(DATA.laid_out(RECIPES[0]), lambda recipes: die(caller) if len(recipes) > 2 else None)
    with Workers(1, "processes") as workers:
        told, results = trained(workers, task)

    assert same_results(results, undisturbed())
    assert len(told[0][0].training) == 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory"), torch.OutOfMemoryError()],
)
def test_packs_that_do_not_fit_are_halved(kind, error):
    """Where memory that is full is an exception."""

    def full(recipes):
        if len(recipes) > 2:
            raise error

    with Workers(1, kind) as workers:
        results = trained(workers, troubled(DATA.laid_out(RECIPES[0]), full))[1]

    assert same_results(results, undisturbed())


@needs_forks
def test_a_trial_that_kills_every_worker_fails_alone():
    """The others are as without it."""
    caller = os.getpid()
    task = troubled(DATA.laid_out(RECIPES[0]), lambda recipes: die(caller) if RECIPES[3] in recipes else None)
    with Workers(2, "processes") as workers:
        results = trained(workers, task)[1]
    failed = [result for result in results if result.status == "failed"]

    assert [result.trial for result in failed] == [3]
    assert "SIGKILL" in failed[0].reason
    assert same_results([r for r in results if r.trial != 3], [r for r in undisturbed() if r.trial != 3])


@pytest.mark.parametrize("kind", KINDS)
def test_ctrl_c_waits_until_every_pack_is_whole(kind, monkeypatch):
    """What was told is in the exception; afterwards all goes on."""
    caller, real = os.getpid(), keeper_module.run

    def pressing(pack, until):
        if pack.step == 25 and 0 in pack.trials:
            os.kill(caller, signal.SIGINT)
        yield from real(pack, until)

    monkeypatch.setattr(keeper_module, "run", pressing)
    with Workers(2, kind) as workers:
        seats = workers.split(RECIPES, DATA.laid_out(RECIPES[0]))
        workers.advance(seats, 25)
        with pytest.raises(Interrupted) as caught:
            workers.advance(seats, 60)
        results = [r for told in workers.finish(seats, "stopped") for r in told.results]

    assert [told.step for told in caught.value.told] == [60, 60]
    assert all(told.events for told in caught.value.told)
    assert [(r.status, r.num_steps) for r in results] == [("stopped", 60)] * 5


def test_what_was_told_before_an_impatient_ctrl_c_is_kept(monkeypatch):
    """The third press is obeyed at once; the rung is heard when the trials are ended."""
    caller, real = os.getpid(), keeper_module.run

    def pressing(pack, until):
        if pack.step == 0:
            for _ in range(3):
                os.kill(caller, signal.SIGINT)
                time.sleep(0.05)
        yield from real(pack, until)

    monkeypatch.setattr(keeper_module, "run", pressing)
    with Workers(1, "threads") as workers:
        seats = workers.split(RECIPES, DATA.laid_out(RECIPES[0]))
        with pytest.raises(Interrupted) as caught:
            workers.advance(seats, 25)
        told = workers.finish(seats, "stopped")[0]

    assert caught.value.told[0].events == ()
    assert [event.step for event in told.events] == [0, 25]
    assert [r.status for r in told.results] == ["stopped"] * 5
