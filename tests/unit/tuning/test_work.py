"""Facts about the training of one search: numbers through all phases, what a Ctrl-C keeps, what is kept on disk."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.oracles.arenas import BASE, DOUBT, LENGTHS, NUM_VALID, SPACE, OneTask, told

from practicum.core.errors import DivergedError
from practicum.core.events import Validated
from practicum.engine.clock import Clock
from practicum.engine.interrupt import Interrupts
from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.aside import Aside
from practicum.tuning.batch_size import BatchSizes, Sized
from practicum.tuning.effort import Effort
from practicum.tuning.equal_time import Pace
from practicum.tuning.finals import Asked
from practicum.tuning.kept import Kept
from practicum.tuning.shortlist import entering
from practicum.tuning.study import Store
from practicum.tuning.work import Work

EFFORT = Effort(SPACE, "quasi-random", replace(LENGTHS, num_trials=8), 1, 2, 4, 4)


def work(says=None, **changes):
    """Return the work on the binary problem; ``says`` takes in word of progress."""
    clock = Clock(0.0, math.inf, [].append if says is None else says.append)
    full = {
        "tasks": OneTask(),
        "num_valid": NUM_VALID,
        "doubt": DOUBT,
        "clock": clock,
        "interrupts": Interrupts(),
        "num_workers": 1,
    }
    return Work(**{**full, **changes})


def whole(**changes):
    """Return the work, the search and the finalists of a whole search."""
    made = work(**changes)
    effort = made.decide(lambda: EFFORT)
    hunted = made.search(effort)
    return made, hunted, made.finals_of(effort, hunted)


def test_trainings_are_numbered_through_all_phases():
    """Each has its phase, and all are in one record."""
    made, hunted, finals = whole()
    searched = [result.trial for one in hunted.found.settings for result in one.results]
    last = [folds[0].trial for one in finals for folds in one.results]

    assert sorted(searched) == list(range(len(searched)))
    assert sorted(last) == list(range(len(searched), len(searched) + 6))
    assert {made.phases[trial] for trial in last} == {"seeds"}
    assert {made.phases[trial] for trial in searched} <= {"wide", "extended"}
    assert set(made.record.frame()["trial"].to_list()) == {*searched, *last}


def test_finalists_are_the_best_few_on_common_seeds_the_best_mean_first():
    """The search's best is among them whatever its rank, and each trains to the final length."""
    _, hunted, finals = whole(seed=3)

    assert len(finals) == 3
    assert [one.rank for one in finals] == sorted(one.rank for one in finals)
    assert {tuple(folds[0].recipe.seed for folds in one.results) for one in finals} == {(3, 4)}
    assert hunted.found.best.tried.number in {one.number for one in finals}


def test_who_enters_the_finals_is_written_down_when_the_search_is_over(tmp_path):
    """Once; after a kill the search has no more time, and the same enter."""
    made = work(keeper=Kept.open(tmp_path, {}), clock=Clock(time.monotonic(), 1000.0))
    effort = made.decide(lambda: EFFORT)
    hunted = made.search(effort)
    after = made.searched(effort, hunted)

    assert after.entering == tuple(one.tried.number for one in entering(effort, hunted))
    assert made.searched(after, hunted) is after
    again = work(keeper=Kept.open(tmp_path, {}), clock=Clock(time.monotonic(), 1000.0))
    later = again.decide(lambda: EFFORT)
    assert later.entering == after.entering
    assert later.search_ends <= time.monotonic()
    assert told(again.search(later).found.settings) == told(hunted.found.settings)


def test_what_the_search_left_out_is_no_part_of_the_finals_curves():
    """A search that was flat had begun more than it told; its numbers are given again."""
    made = work()
    effort = made.decide(lambda: EFFORT)
    hunted = made.search(effort)
    first = 1 + max(result.trial for result in made.results)
    one = np.ones(1)
    made.record.fold(
        [
            Validated(
                step=7,
                trials=(first,),
                age=112,
                learning_rate=one,
                train_loss=one,
                valid_loss=one,
                valid_error=one,
                improved=one > 0,
                alive=one > 0,
            )
        ]
    )
    finals = made.finals_of(effort, hunted)
    steps = made.record.frame().filter(pl.col("trial") == first)["step"].to_list()

    assert first in {folds[0].trial for final in finals for folds in final.results}
    assert steps
    assert 7 not in steps


def test_another_batch_size_is_tried_in_the_finals_beside_the_searchs():
    """It takes the last finalist's place, and sees as many examples as it can in the same time."""
    made = work()
    hunted = made.search(made.decide(lambda: EFFORT))
    rows = (
        Sized(16, Pace(100, 2e-5), 0.1, 0.3, 0.01),
        Sized(32, Pace(100, 1e-5), 0.2, 0.1, 0.01),
    )
    hunted.batch_sizes = BatchSizes(rows, 16, 32)
    finals = made.finals_of(EFFORT, hunted)
    best = hunted.found.best.tried
    (resized,) = [one for one in finals if one.recipe.batch_size == 32]

    assert len(finals) == 3
    assert sorted(one.number for one in finals).count(best.number) == 2
    assert resized.values == {**best.values, "learning_rate": 0.2, "batch_size": 32}
    assert resized.recipe.num_steps == 2 * LENGTHS.final // 32
    assert {one.recipe.num_steps for one in finals if one is not resized} == {LENGTHS.final // 16}


def test_the_grid_has_its_part_of_the_time_after_the_finals(monkeypatch):
    """The finals end before it."""
    made = work(clock=Clock(time.monotonic(), 100.0))
    moments = []
    monkeypatch.setattr(
        Work, "train", lambda self, phase, effort, asked, seeds, moment: moments.append(moment) or []
    )
    made._trained(replace(EFFORT, aside=Aside(0.0, 0.1)), [Asked(0, {}, [BASE])])
    made._trained(EFFORT, [Asked(0, {}, [BASE])])

    assert made.clock.training_ends - moments[0] == pytest.approx(96 * 0.1 / (0.45 * 0.9 + 0.1), rel=0.02)
    assert moments[1] == made.clock.training_ends


def test_after_ctrl_c_the_best_so_far_is_the_finalist():
    """As the search trained it; nothing more is begun."""
    made = work()
    hunted = made.search(made.decide(lambda: EFFORT))
    count = len(made.results)
    made.interrupts.asked = True
    (only,) = made.finals_of(EFFORT, hunted)

    assert only.number == hunted.found.best.tried.number
    assert only.results == (hunted.found.best.results,)
    assert len(made.results) == count


def test_where_all_finalists_fail_the_search_still_has_a_best(monkeypatch):
    """Other seeds may blow up where the search's did not."""
    made = work()
    hunted = made.search(made.decide(lambda: EFFORT))
    monkeypatch.setattr(Work, "_trained", lambda self, effort, asked: [])
    (only,) = made.finals_of(EFFORT, hunted)

    assert only.number == hunted.found.best.tried.number


def test_a_recipe_is_trained_on_all_seeds():
    """Nothing is searched; it has no values."""
    made = work()
    (one,) = made.finals_of_recipe(made.decide(lambda: EFFORT), BASE)

    assert (one.number, one.values, len(one.results)) == (-1, {}, 2)
    assert set(made.phases.values()) == {"recipe"}


def test_a_recipe_that_diverges_is_an_error_or_a_ctrl_c():
    """Whichever was first."""
    made = work()
    effort = made.decide(lambda: EFFORT)
    with pytest.raises(DivergedError, match=r"all diverged \(learning rates 1e\+09\)"):
        made.finals_of_recipe(effort, BASE.changed(learning_rate=1e9))
    made.interrupts.asked = True
    with pytest.raises(KeyboardInterrupt):
        made.finals_of_recipe(effort, BASE)


def test_what_was_decided_is_kept_before_it_counts(tmp_path):
    """Nothing is decided anew when the work goes on."""
    first, _, finals = whole(keeper=Kept.open(tmp_path, {}))

    def anew():
        raise AssertionError

    again = work(keeper=Kept.open(tmp_path, {}))
    effort = again.decide(anew)
    hunted = again.search(effort)

    assert replace(effort, search_ends=0.0) == replace(EFFORT, search_ends=0.0)
    assert told(hunted.found.settings)
    assert [one.rank for one in again.finals_of(effort, hunted)] == [one.rank for one in finals]
    assert first.effort == EFFORT


def test_every_finished_setting_is_told_to_the_store():
    """By its number, with the space that it was taken from."""
    with Store.open(None, "work") as store:
        _, hunted, _ = whole(store=store)

        assert [one.number for one in store.tried()] == [one.number for one in hunted.found.tried]


def test_progress_goes_from_nothing_to_all():
    """Over both phases, in trials; it never goes back."""
    says = []
    whole(says=says)
    fractions = [one.fraction for one in says if "of" in one.message]

    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] <= 1
    assert says[-1].message.endswith("of 6 trials")


def test_weights_can_be_kept_of_the_best_only():
    """Of a large module many would fill the memory; the finalists have theirs."""
    made, hunted, finals = whole(most_kept=1)
    heavy = [one.tried.number for one in hunted.found.settings if one.results[0].weights]

    assert len(heavy) <= 2
    assert hunted.found.best.tried.number in heavy
    assert all(folds[0].weights for one in finals for folds in one.results)
    assert not any(result.weights for result in made.results)


def test_a_limited_search_leaves_time_for_the_finals():
    """The search ends at its moment, the finals at the end of training."""
    clock = Clock(time.monotonic(), 1000.0)
    made = work(clock=clock)
    made.effort = replace(EFFORT, search_ends=5.0)

    assert made._limits("search").deadline == 5.0
    assert made._limits("extended").deadline == 5.0
    assert made._limits("seeds", clock.training_ends).deadline == clock.training_ends


def test_rates_that_all_diverge_end_the_search():
    """As an error, once lower ones were tried."""
    effort = replace(EFFORT, space=Space((Entry("learning_rate", Log(1e9, 1e10)),), BASE))
    with pytest.raises(DivergedError, match="diverged"):
        work().search(effort)
