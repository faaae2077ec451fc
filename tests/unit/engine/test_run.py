"""Facts about a run: results as they come, nothing lost, the same bits however often it was cut off."""

from __future__ import annotations

import math
import os
import signal
import time

import pytest
from tests.oracles.problems import problem, small_recipe
from tests.oracles.stand_ins import die, dying_once, same_results, troubled

from practicum.core.errors import RecordError
from practicum.core.record import Record
from practicum.engine.crew import keeper as keeper_module
from practicum.engine.crew.forks import can_fork
from practicum.engine.plans.plan import Plan
from practicum.engine.run import run

DATA = problem("binary")
STEPS = (100, 300, 110, 160, 60, 400)
RECIPES = [
    small_recipe(seed=k, num_steps=steps, early_stopping=False, momentum=0.5) for k, steps in enumerate(STEPS)
]
RECIPES[1] = RECIPES[1].changed(learning_rate=1e6)
TASK = DATA.laid_out(RECIPES[0])
needs_forks = pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)")
KINDS = ["threads", pytest.param("processes", marks=needs_forks)]


def plans(task=TASK, recipes=RECIPES):
    """Return three packs of three, two and one trials."""
    return [Plan(recipes[a:b], task, range(a, b)) for a, b in ((0, 3), (3, 5), (5, 6))]


@pytest.fixture(scope="module")
def whole():
    """Results and record of an undisturbed run."""
    record = Record()
    results = list(run(plans(), num_workers=1, kind="threads", record=record))
    return results, record.frame()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("num_workers", [1, 2, 5])
def test_kind_and_number_of_workers_change_no_bit(kind, num_workers, whole):
    """Of results and record; every trial is told once."""
    record = Record()
    results = list(run(plans(), num_workers=num_workers, kind=kind, record=record))

    assert same_results(results, whole[0])
    assert record.frame().equals(whole[1])


@pytest.mark.parametrize("kind", KINDS)
def test_results_come_as_they_are_known(kind):
    """The short trial is told while the long one trains; a consumer may stop listening, and nothing is left."""
    recipes = [small_recipe(num_steps=25), small_recipe(early_stopping=False)]
    found = run([Plan([r], TASK, [k]) for k, r in enumerate(recipes)], num_workers=2, kind=kind)
    first = next(found)
    found.close()

    assert (first.trial, first.status) == (0, "num_steps")


@pytest.mark.parametrize("kind", KINDS)
def test_progress_only_goes_on(kind):
    """From nothing to all, by updates where they are bounded."""
    told = []
    list(run(plans(), kind=kind, report=told.append))

    assert told == sorted(told)
    assert told[0] == 0.0
    assert told[-1] == 1.0


def test_no_plans_are_no_results():
    """Nothing starts."""
    assert list(run([])) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_finished_run_is_read_from_its_folder(kind, tmp_path, whole, monkeypatch):
    """With its record; nothing is trained again."""
    first = list(run(plans(), kind=kind, folder=tmp_path))
    monkeypatch.setattr(keeper_module, "run", None)
    record = Record()
    second = list(run(plans(), kind=kind, folder=tmp_path, record=record))

    assert same_results(first, whole[0])
    assert same_results(second, whole[0])
    assert record.frame().equals(whole[1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("every_seconds", [0.0, 1e9])
def test_a_stopped_run_goes_on(kind, every_seconds, tmp_path, whole):
    """At any rung, again and again; the bits are those of the undisturbed run."""
    calls, lives = [], 0
    results = [None]
    while any(result is None or result.status == "stopped" for result in results):
        calls.clear()
        record = Record()
        results = list(
            run(
                plans(),
                num_workers=2,
                kind=kind,
                folder=tmp_path,
                every_seconds=every_seconds,
                record=record,
                stop=lambda: calls.append(1) or len(calls) > 2,
            )
        )
        lives += 1
        assert sorted(result.trial for result in results) == list(range(6))

    assert lives > 1
    assert same_results(results, whole[0])
    assert record.frame().equals(whole[1])


@pytest.mark.parametrize("kind", KINDS)
def test_ctrl_c_gives_the_best_so_far(kind, tmp_path, monkeypatch):
    """Every trial has a result; those that nobody had time for have no weights, and say so."""
    caller, real = os.getpid(), keeper_module.run

    def pressing(pack, until):
        if 0 in pack.trials and 25 <= pack.step < 50:
            os.kill(caller, signal.SIGINT)
        yield from real(pack, until)

    monkeypatch.setattr(keeper_module, "run", pressing)
    endless = [recipe.changed(num_steps=20_000) for recipe in RECIPES]
    results = {r.trial: r for r in run(plans(recipes=endless), num_workers=1, kind=kind, folder=tmp_path)}

    assert [results[k].status for k in range(6)] == ["stopped", "diverged", *["stopped"] * 4]
    assert results[0].weights.keys() == results[2].weights.keys() != set()
    assert math.isfinite(results[0].valid_error)
    assert (results[5].weights, results[5].reason) == ({}, "It was never begun.")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("kind", KINDS)
def test_a_deadline_ends_all(kind):
    """With status "budget", about then."""
    endless = [small_recipe(early_stopping=False, seed=seed) for seed in range(2)]
    started = time.monotonic()
    results = list(
        run(
            [Plan([r], TASK, [k]) for k, r in enumerate(endless)],
            num_workers=2,
            kind=kind,
            deadline=started + 0.3,
        )
    )

    assert [r.status for r in results] == ["budget", "budget"]
    assert time.monotonic() - started < 5


@needs_forks
@pytest.mark.parametrize("lasting", [True, False])
@pytest.mark.parametrize(("trial", "step"), [(0, 0), (2, 30), (5, 200)])
def test_a_worker_that_is_killed_is_replaced(lasting, trial, step, tmp_path, monkeypatch, whole):
    """With or without checkpoints; no bit is lost, nothing is told twice."""
    monkeypatch.setattr(keeper_module, "run", dying_once(tmp_path / "flag", trial, step))
    folder = {"folder": tmp_path / "run", "every_seconds": 0.0} if lasting else {}
    record = Record()
    results = list(run(plans(), num_workers=2, kind="processes", record=record, **folder))

    assert (tmp_path / "flag").exists()
    assert same_results(results, whole[0])
    assert record.frame().equals(whole[1])


@needs_forks
def test_packs_that_are_too_large_to_live_are_halved(tmp_path, whole):
    """Nothing is lost, also when the run is cut off afterwards and goes on."""
    caller = os.getpid()
    task = troubled(TASK, lambda recipes: die(caller) if len(recipes) > 1 else None)
    calls, results = [], [None]
    while any(result is None or result.status == "stopped" for result in results):
        calls.clear()
        record = Record()
        results = list(
            run(
                plans(task),
                num_workers=2,
                kind="processes",
                folder=tmp_path,
                record=record,
                stop=lambda: calls.append(1) or len(calls) > 6,
            )
        )

    assert sorted(path.stem for path in tmp_path.glob("*.safetensors")) == [
        "pack-000a",
        "pack-000ba",
        "pack-000bb",
        "pack-001a",
        "pack-001b",
        "pack-002",
    ]
    assert same_results(results, whole[0])
    assert record.frame().equals(whole[1])


def growing(error, caller):
    """Return a training loop that has no memory for three trials after 50 updates."""
    real = keeper_module.run

    def full(pack, until):
        if len(pack) > 1 and pack.step >= 50:
            if error is None:
                die(caller)
            raise error
        yield from real(pack, until)

    return full


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("threads", MemoryError()),
        *(pytest.param("processes", e, marks=needs_forks) for e in (MemoryError(), None)),
    ],
)
@pytest.mark.parametrize("every_seconds", [0.0, 1e9])
def test_memory_may_become_full_on_the_way(kind, error, every_seconds, tmp_path, monkeypatch, whole):
    """Each half goes on from the last checkpoint of the whole, or from the start."""
    monkeypatch.setattr(keeper_module, "run", growing(error, os.getpid()))
    record = Record()
    results = list(run(plans(), kind=kind, folder=tmp_path, every_seconds=every_seconds, record=record))

    assert same_results(results, whole[0])
    assert record.frame().equals(whole[1])


@needs_forks
def test_a_trial_that_kills_every_worker_fails_alone(whole):
    """With the reason; the others are as without it."""
    caller = os.getpid()
    task = troubled(TASK, lambda recipes: die(caller) if RECIPES[2] in recipes else None)
    results = list(run(plans(task), num_workers=2, kind="processes"))
    failed = [result for result in results if result.status == "failed"]

    assert [(result.trial, result.weights) for result in failed] == [(2, {})]
    assert "SIGKILL" in failed[0].reason
    assert same_results([r for r in results if r.trial != 2], [r for r in whole[0] if r.trial != 2])


@pytest.mark.parametrize("kind", KINDS)
def test_an_exception_of_the_users_code_arrives(kind):
    """It does not hang and is not taken for a death."""

    def fail(recipes):
        raise KeyError("channels")

    with pytest.raises(KeyError, match="channels"):
        list(run(plans(troubled(TASK, fail)), num_workers=2, kind=kind))


def test_another_run_in_the_folder_is_refused(tmp_path):
    """Other recipes, or other data by the caller's word."""
    list(run(plans()[:1], folder=tmp_path, data="digits"))

    with pytest.raises(RecordError, match="must belong to these recipes and data"):
        list(run(plans()[1:], folder=tmp_path, data="digits"))
    with pytest.raises(RecordError, match="must belong to these recipes and data"):
        list(run(plans()[:1], folder=tmp_path, data="letters"))
