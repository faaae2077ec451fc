"""Facts about a phase: recipes trained side by side until they end or the time is up."""

from __future__ import annotations

import math
import os
import signal
import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tests.oracles.problems import advance, problem, same_bits, small_recipe
from tests.oracles.stand_ins import TimedWorkers, interrupt_after

from practicum.core.record import Record
from practicum.engine import pace as pace_module
from practicum.engine.crew import keeper as keeper_module
from practicum.engine.pace import RUNG_SECONDS
from practicum.engine.phase import train
from practicum.engine.workers import Workers
from practicum.models.mlp import MLP
from practicum.training.loop import run

DATA = problem("binary")
LONG = {"early_stopping": False, "hidden_sizes": (4,)}


@pytest.fixture
def workers(monkeypatch):
    """Entered workers on a clock of their own, which starts at zero."""
    with TimedWorkers(num_workers=2) as workers:
        monkeypatch.setattr(pace_module, "time", SimpleNamespace(monotonic=lambda: workers.now))
        yield workers


def trained(workers, recipes, deadline=math.inf, first_trial=0, record=None, **options):
    """Train ``recipes`` and return the phase."""
    return train(
        workers,
        recipes,
        DATA.laid_out(recipes[0]),
        first_trial=first_trial,
        record=Record() if record is None else record,
        deadline=deadline,
        **options,
    )


@pytest.mark.parametrize("deadline", [0.1, 0.5, 2.0])
def test_the_deadline_is_kept_and_used(workers, deadline):
    """Training ends before it, by less than two validation intervals of 25 ms."""
    result = trained(workers, [small_recipe(**LONG)], deadline).results[0]

    assert result.status == "budget"
    assert deadline - 0.05 < workers.now <= deadline + 1e-9
    assert result.num_steps == round(workers.now * 1000)


def test_a_deadline_that_has_passed_still_gives_one_validation(workers):
    """A result is better than none."""
    results = trained(workers, [small_recipe(seed=seed) for seed in (0, 1)], deadline=-1.0).results

    assert [result.num_steps for result in results] == [25, 25]
    assert all(math.isfinite(result.valid_error) for result in results)


def test_the_real_clock_is_kept_too():
    """Tenths of a second of training end about there, on a machine that is not too busy."""
    with Workers(num_workers=1) as workers:
        started = time.monotonic()
        result = trained(workers, [small_recipe(**LONG)], deadline=started + 0.3).results[0]
        spent = time.monotonic() - started

    assert result.status == "budget"
    assert result.num_steps % 25 == 0
    assert spent < 0.3 + 2 * RUNG_SECONDS


def test_rungs_are_short_and_end_at_validations(workers):
    """So Ctrl-C is heard within half a second; all packs stand at the same update."""
    rungs = []
    advance_ = workers.advance

    def watched(packs, until):
        told = advance_(packs, until)
        rungs.append((until, {pack.step for pack in packs}))
        return told

    workers.advance = watched
    trained(workers, [small_recipe(seed=seed, **LONG) for seed in (0, 1)], deadline=3.0)
    untils = [until for until, _ in rungs]

    assert untils[0] == 25
    assert all(until % 25 == 0 and steps == {until} for until, steps in rungs)
    assert max(np.diff(untils)) <= RUNG_SECONDS * 1000


def test_every_end_has_its_status(workers):
    """Divergence, patience, the last update, the time."""
    recipes = [
        small_recipe(**LONG),
        small_recipe(**LONG, learning_rate=1e6),
        small_recipe(**LONG, num_steps=100),
        small_recipe(hidden_sizes=(4,), patience_steps=30, improvement_threshold=0.99),
    ]
    record = Record()
    results = trained(workers, recipes, deadline=0.4, record=record).results

    assert [result.status for result in results] == ["budget", "diverged", "num_steps", "patience"]
    assert [result.num_steps for result in results] == [results[0].num_steps, 25, 100, 49]
    assert record.ends == {1: (25, "diverged"), 2: (100, "num_steps"), 3: (49, "patience")}
    last = record.frame().group_by("trial", maintain_order=True).last()["train_loss"].to_list()
    assert [result.train_loss for result in results] == last


def test_a_phase_ends_when_all_trials_have(workers):
    """Without a deadline, and before one."""
    recipes = [small_recipe(seed=seed, num_steps=50) for seed in range(3)]

    assert {result.status for result in trained(workers, recipes).results} == {"num_steps"}
    assert workers.now == pytest.approx(0.05)


def test_results_come_by_trial_number(workers):
    """Whoever ended first and wherever it ran; each with its own recipe."""
    recipes = [small_recipe(seed=seed, num_steps=steps) for seed, steps in enumerate((100, 25, 75, 50, 25))]
    results = trained(workers, recipes, first_trial=7).results

    assert [result.trial for result in results] == [7, 8, 9, 10, 11]
    assert [result.recipe for result in results] == recipes
    assert [result.num_steps for result in results] == [100, 25, 75, 50, 25]


def test_the_record_has_every_validation_of_every_trial(workers):
    """From the untrained net to the end, at equal ages."""
    record = Record()
    recipes = [small_recipe(seed=seed, num_steps=75) for seed in range(3)]
    trained(workers, recipes, first_trial=4, record=record)

    assert record.frame().select("trial", "step").rows() == [
        (t, s) for t in (4, 5, 6) for s in (0, 25, 50, 75)
    ]


def test_a_result_tells_what_the_loop_reached(workers):
    """Best values, best step, training loss and weights are those of a plain run; the module reproduces the error."""
    recipe = small_recipe(num_steps=200, learning_rate=0.5)
    result = trained(workers, [recipe]).results[0]
    pack = DATA.pack([recipe])
    last = [event for event in advance(pack, 200) if hasattr(event, "train_loss")][-1]
    wrong = (MLP(DATA.network(recipe), result.weights)(DATA.valid.x) > 0) != (DATA.valid.target > 0.5)

    assert same_bits(result.weights, pack.best.get(0))
    assert result.best_step == pack.stopping.best_index[0] + 1
    assert (result.valid_error, result.valid_loss) == (
        pack.stopping.best_error[0],
        pack.stopping.best_loss[0],
    )
    assert (result.train_loss, result.start_loss) == (last.train_loss[0], pack.start_loss)
    assert float(wrong.double().mean()) == pytest.approx(result.valid_error)


@pytest.mark.parametrize("extra", [{}, {"momentum": 0.9}, {"averaging": 0.9, "decay_start_step": "auto"}])
def test_a_phase_can_be_replayed_without_a_clock(workers, extra):
    """With the number of updates that time decided, the same best weights come out, bit for bit."""
    recipes = [small_recipe(seed=seed, learning_rate=0.3, **extra) for seed in range(3)]
    first = trained(workers, recipes, deadline=0.7).results
    replayed = trained(workers, [r.recipe.changed(num_steps=r.num_steps) for r in first]).results
    one_by_one = [trained(workers, [r.recipe.changed(num_steps=r.num_steps)]).results[0] for r in first]

    for result, again, alone in zip(first, replayed, one_by_one, strict=True):
        assert result.status == "budget"
        assert again.status == alone.status == "num_steps"
        assert same_bits(result.weights, again.weights)
        assert same_bits(result.weights, alone.weights)
        assert (result.best_step, result.valid_error) == (again.best_step, again.valid_error)


def test_progress_never_goes_back(workers):
    """A fraction from 0 to 1, told after every rung."""
    told = []
    trained(workers, [small_recipe(**LONG)], deadline=3.0, report=told.append)

    assert len(told) >= 6
    assert told == sorted(told)
    assert 0 < told[0] < 0.05
    assert 0.95 < told[-1] <= 1


def test_without_a_deadline_progress_is_told_by_updates(workers):
    """Half of the updates is half of the way, where their number is bounded."""
    told = []
    trained(workers, [small_recipe(num_steps=1000, early_stopping=False)], report=told.append)

    assert told[0] == pytest.approx(0.025)
    assert told[-1] == 1.0


def test_ctrl_c_keeps_what_was_reached(workers):
    """The phase says that it was interrupted; the bests of before are handed out."""
    recipes = [small_recipe(seed=seed, **LONG) for seed in range(3)]
    interrupt_after(workers, 1)
    phase = trained(workers, recipes, deadline=10.0)
    expected = DATA.pack(recipes)
    advance(expected, 25)

    assert phase.interrupted
    assert [(r.trial, r.status, r.num_steps) for r in phase.results] == [(k, "stopped", 25) for k in range(3)]
    assert all(same_bits(r.weights, expected.best.get(k)) for k, r in enumerate(phase.results))


def test_ctrl_c_does_not_take_back_what_has_ended(workers):
    """A trial that had diverged before stays diverged."""
    interrupt_after(workers, 1)
    recipes = [small_recipe(**LONG), small_recipe(**LONG, learning_rate=1e6)]

    assert [result.status for result in trained(workers, recipes).results] == ["stopped", "diverged"]


def test_ctrl_c_in_the_first_rung_is_not_taken_for_divergence(workers, monkeypatch):
    """Its updates are done to the end, so its training loss, its ends and its rows in the record are known."""

    caller = os.getpid()

    def interrupting(pack, until):
        time.sleep(0.05)  # until the main thread waits for us
        if 0 in pack.trials:
            os.kill(caller, signal.SIGINT)
        yield from run(pack, until)

    monkeypatch.setattr(keeper_module, "run", interrupting)
    record = Record()
    long = LONG | {"num_steps": 20_000}
    recipes = [small_recipe(**long), small_recipe(**long, learning_rate=1e6)]
    phase = trained(workers, recipes, record=record)

    assert phase.interrupted
    assert [(r.status, r.num_steps, r.stable) for r in phase.results] == [
        ("stopped", 25, True),
        ("diverged", 25, False),
    ]
    assert record.frame().height == 4


def test_trained_weights_are_finite_even_if_a_trial_diverged(workers):
    """Its best is that of before, or the start."""
    results = trained(workers, [small_recipe(learning_rate=1e6, num_steps=100)]).results

    assert results[0].status == "diverged"
    assert results[0].best_step == 0
    assert results[0].valid_error == math.inf
    assert all(torch.isfinite(value).all() for value in results[0].weights.values())
