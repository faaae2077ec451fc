"""Facts about the summary that is assembled from data, scores and what training gave."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import numpy as np
import polars as pl
import pytest
from tests.made_outcomes import (
    RATES,
    SMALL,
    TASKS,
    constant_baseline,
    finalist,
    hunt,
    learned,
    prepared,
    result,
    setting,
    table,
)

from practicum.core.events import Validated
from practicum.core.intervals import Difference
from practicum.core.record import Record
from practicum.core.summary import Summary
from practicum.data.pipeline import load, prepare
from practicum.diagnose.layers import Layer, Layers
from practicum.engine.clock import Clock
from practicum.recipe.space import Choice, Entry, Space
from practicum.report import assemble
from practicum.report.assemble import summarise


def summary_of(found, budget_seconds=60.0):
    """Return the summary of what was learned, made now."""
    clock = Clock(monotonic(), budget_seconds)
    clock.enter("testing")
    clock.leave()
    return summarise(
        found,
        clock,
        created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        run=Path("runs/some"),
        command="practicum fit again",
    )[0]


def searched(data, **best):
    """Return a search over three rates, the fastest of which diverged."""
    nothing = {"valid_error": math.inf, "valid_loss": math.inf, "train_loss": math.inf}
    results = [
        result(data, 0, SMALL.changed(learning_rate=0.01), valid_error=0.3),
        result(data, 1, SMALL.changed(learning_rate=0.1), **{"valid_error": 0.1, **best}),
        result(data, 2, SMALL.changed(learning_rate=1.0), status="diverged", best_step=0, **nothing),
    ]
    return hunt([setting(number, each) for number, each in enumerate(results)])


@pytest.mark.parametrize("task", TASKS)
def test_it_says_what_was_done_with_which_table(task):
    """Task, classes, columns, source, seed and time of the start, as they are."""
    data = prepared(task)
    found = summary_of(learned(data))

    assert (found.task, found.target, found.source) == (task, task, "polars DataFrame")
    assert found.classes == {"binary": ["no", "yes"], "multiclass": ["high", "low", "mid"]}.get(task)
    assert {column.name: column.role for column in found.columns} == {
        "size": "input",
        "width": "input",
        "shop": "input",
        task: "target",
    }
    assert (found.split.method, found.split.seed, found.test_source) == ("stratified", 7, None)
    assert (found.created, found.run, found.command) == (
        "2026-01-02T03:04:05+00:00",
        "runs/some",
        "practicum fit again",
    )


def rows_of(frame, test=None):
    """Return the rows of the summary on tables of the user."""
    data = prepare(load(frame, "binary", test), recipe=SMALL)
    return summary_of(learned(data)).rows


def test_the_rows_add_up():
    """Train, valid, test and those without a target are all there are, in both files."""
    hole = pl.when(pl.int_range(pl.len()) % 10 == 3).then(None).otherwise(pl.col("binary")).alias("binary")
    frame, test = table("binary").with_columns(hole), table("binary", 40, seed=1).with_columns(hole)
    alone = rows_of(frame)
    both = rows_of(frame, test)

    assert (alone.total, alone.without_target) == (150, 15)
    assert (alone.train, alone.valid, alone.test) == (81, 27, 27)
    assert (both.total, both.without_target, both.test) == (190, 19, 36)
    for rows in (alone, both):
        assert rows.used == rows.train + rows.valid + rows.test == rows.total - rows.without_target


def test_a_test_file_is_named():
    """Its source stands beside that of the table, and copies between the two in the split."""
    data = prepared("binary", test=table("binary").head(4))
    found = summary_of(learned(data))

    assert found.test_source == "polars DataFrame"
    assert found.split.duplicates_across == 4


@pytest.mark.parametrize("role", ["group", "time"])
def test_the_column_that_split_the_rows_is_named(role):
    """So that a reader knows what the test error is about."""
    frame = table("binary").with_columns(day=np.repeat(np.arange(30.0), 5))
    data = prepare(load(frame, "binary"), recipe=SMALL, **{role: "day"})
    found = summary_of(learned(data)).split

    assert (found.method, found.column) == (role, "day")


def finals(data, *rates, first=3):
    """Return a finalist of two seeds for each rate; the second's errors are higher."""
    found = []
    for number, rate in enumerate(rates):
        trials = range(first + 2 * number, first + 2 * number + 2)
        recipes = [SMALL.changed(learning_rate=rate, seed=seed) for seed in range(2)]
        error = 0.1 * (number + 1)
        each = [result(data, t, recipe, valid_error=error) for t, recipe in zip(trials, recipes, strict=True)]
        found.append(finalist(*each, number=number, values={"learning_rate": rate}))
    return found


def test_every_trial_is_told_once():
    """Trials of the search and of the finals, by number; also where the search's best is the committee."""
    data = prepared("binary")
    search = searched(data)
    best = search.found.settings[1].results[0]
    interrupted = learned(data, [best], search, interrupted=True)
    each = finals(data, 0.1, 0.01)
    found = summary_of(learned(data, each[0].results[0], search, each))
    cut = summary_of(interrupted)

    assert [(trial.number, trial.phase) for trial in found.trials] == [
        *((number, "wide") for number in range(3)),
        *((number, "seeds") for number in range(3, 7)),
    ]
    assert [trial.number for trial in cut.trials] == [0, 1, 2]
    assert (found.interrupted, cut.interrupted) == (False, True)
    assert [trial.seed for trial in found.members] == [0, 1, 0, 1]


def test_a_trial_says_what_it_reached():
    """Rate, steps, status, cost and the values at its best; what is not finite is null."""
    data = prepared("binary")
    hunted = searched(data, seconds=1.5)
    trials = summary_of(learned(data, hunted=hunted)).trials
    slow, best, diverged = trials[:3]

    assert (slow.learning_rate, slow.num_steps, slow.best_step, slow.status) == (0.01, 100, 75, "budget")
    assert (slow.train_loss, slow.valid_loss, slow.batch_size) == (0.4, 0.5, 32)
    assert (best.seconds, best.fold) == (1.5, None)
    assert (diverged.status, diverged.best_step) == ("diverged", 0)
    assert (diverged.train_loss, diverged.valid_loss, diverged.valid_error) == (None, None, None)


def test_a_trial_says_its_values_and_its_fold():
    """Those of the setting that it tried or of the finalist; a given recipe has none."""
    data = prepared("binary")
    each = finals(data, 0.1)
    folds = [result(data, n, SMALL.changed(num_folds=3, fold=n)) for n in range(3)]
    found = summary_of(learned(data, each[0].results[0], hunt([setting(0, *folds)]), each)).trials
    given = summary_of(learned(data)).trials

    assert [trial.values for trial in found] == [{"learning_rate": 0.1}] * 5
    assert [trial.fold for trial in found] == [0, 1, 2, None, None]
    assert [trial.values for trial in given] == [{}, {}]


def test_values_that_are_no_numbers_are_told_as_json_has_them(tmp_path):
    """Sizes become a list, so that what is returned is what is on disk."""
    data = prepared("binary")
    shapes = Space((Entry("hidden_sizes", Choice(((6,), (6, 6)))),), SMALL)
    hunted = hunt([setting(0, result(data, 0), hidden_sizes=(6,))], shapes)
    found = summary_of(learned(data, hunted=hunted))
    found.save(tmp_path)

    assert found.trials[0].values["hidden_sizes"] == [6]
    assert Summary.load(tmp_path).trials == found.trials


def test_the_search_is_summed_up():
    """What was tried, the best rate, who was chosen, what time decided."""
    data = prepared("binary")
    each = finals(data, 0.1, 0.01)
    found = summary_of(learned(data, each[0].results[0], searched(data), each))
    rate, search = found.learning_rate, found.search

    assert (rate.best, rate.largest_stable, rate.smallest_diverged) == (0.1, 0.1, 1.0)
    assert (search.num_settings, search.num_diverged, search.best_error) == (3, 1, 0.1)
    assert [(one.chosen, one.mean) for one in search.finalists] == [(True, 0.1), (False, 0.2)]
    assert found.decisions["phases"]["search"] == [0, 1, 2]
    assert search.space == RATES.as_mapping()


def test_without_a_search_there_is_nothing_to_say_of_it():
    """A given recipe has no such parts, and its trials are members."""
    data = prepared("binary")
    found = summary_of(learned(data))

    assert (found.learning_rate, found.search) == (None, None)
    assert {trial.phase for trial in found.trials} == {"recipe"}


@pytest.mark.parametrize(("budget", "expected"), [(60.0, 60.0), (math.inf, None)])
def test_no_budget_is_null(budget, expected):
    """Infinity is not JSON."""
    data = prepared("binary")

    assert summary_of(learned(data), budget).budget_seconds == expected


def test_a_narrow_first_layer_is_noted():
    """The chapter's word on a first layer below the number of inputs [3.2-03]; not of one that is as wide, or none."""
    data = prepared("binary")
    num_inputs = data.train.x.shape[1]
    notes = {
        sizes: [
            note
            for note in summary_of(learned(data, [one_of_shape(data, sizes)])).notes
            if "narrower" in note
        ]
        for sizes in [(num_inputs - 1, 50), (num_inputs,), ()]
    }

    assert notes[(num_inputs,)] == notes[()] == []
    assert len(notes[(num_inputs - 1, 50)]) == 1
    assert f"({num_inputs - 1} units)" in notes[(num_inputs - 1, 50)][0]
    assert "[3.2-03]" in notes[(num_inputs - 1, 50)][0]


def one_of_shape(data, hidden_sizes):
    """Return one member with these hidden layers."""
    return result(data, 0, SMALL.changed(hidden_sizes=hidden_sizes))


@pytest.mark.parametrize("task", TASKS)
def test_it_is_plain_json_that_reads_back(task, tmp_path):
    """The recipe too; no number in the text is nan or infinite."""
    data = prepared(task)
    each = finals(data, 0.1, 0.01)
    members, baselines = each[0].results[0], [constant_baseline(data)]
    found = summary_of(learned(data, members, searched(data), each, baselines=baselines))
    found.save(tmp_path)

    assert json.loads(found.to_json(), parse_constant=pytest.fail)["recipe"]["hidden_sizes"] == [6]
    assert Summary.load(tmp_path).to_json() == found.to_json()


@pytest.mark.parametrize(
    ("first", "cut_short"),
    [("budget", True), ("num_steps", True), ("stopped", True), ("patience", False), ("halted", False)],
)
def test_the_verdict_reads_the_curve_of_the_first_member(first, cut_short, monkeypatch):
    """And knows whether it ended by itself; the baselines are those of the summary."""
    data = prepared("binary")
    record, told = Record(), {}
    yes, nothing = np.ones(2, dtype=bool), np.full(2, np.nan)
    for step in range(20):
        loss = np.array([1.0, 1.0 - step / 25])
        record.fold([Validated(step, step, (0, 1), yes, yes * 0.1, nothing, loss, loss, yes)])
    real = assemble.fitting_verdict
    monkeypatch.setattr(
        assemble, "fitting_verdict", lambda task, **given: told.update(given) or real(task, **given)
    )
    members = [result(data, 1, status=first), result(data, 0)]
    found = summary_of(learned(data, members, record=record, baselines=[constant_baseline(data)]))

    assert told["curve"].cut_short is cut_short
    assert told["curve"].late_fall > 0.1
    assert (told["train"], told["valid"], told["test"]) == (found.train, found.valid, found.test)
    assert (told["constant_error"], told["linear_error"]) == (found.baselines[0].test.error, None)


def test_the_test_set_is_scored_once(monkeypatch):
    """One call gives all scores."""
    data = prepared("binary")
    calls, real = [], assemble.score_all
    monkeypatch.setattr(assemble, "score_all", lambda *given: calls.append(1) or real(*given))
    summary_of(learned(data))

    assert len(calls) == 1


@pytest.mark.parametrize(
    ("statuses", "num_steps", "expected"),
    [
        pytest.param(("num_steps", "num_steps"), (200, 200), 200, id="all updates done"),
        pytest.param(("patience", "num_steps"), (150, 200), 200, id="patience ended one"),
        pytest.param(("patience", "patience"), (150, 180), 181, id="patience ended all"),
        pytest.param(("budget", "patience"), (130, 180), 125, id="the clock ended one"),
        pytest.param(("stopped", "budget"), (120, 160), 150, id="the clock or Ctrl-C ended all"),
        pytest.param(("budget", "budget"), (20, 20), 1, id="before a validation"),
    ],
)
def test_the_recipe_ends_where_the_winners_trainings_ended(statuses, num_steps, expected):
    """The clock's decision is a number in it, the last validation; one update more than patience needed.

    For the last of a given number of updates is validated.
    """
    data, record, trials = prepared("binary"), Record(), (0, 1)
    yes, some = np.ones(2, dtype=bool), np.zeros(2)
    each = [
        result(data, n, SMALL.changed(seed=n + 3), status=status, num_steps=count)
        for n, (status, count) in enumerate(zip(statuses, num_steps, strict=True))
    ]
    for step in range(25, 201, 25):
        kept = np.array([step <= count for count in num_steps])
        if kept.any():
            record.fold([Validated(step, step, trials, kept, some, some, some, some, yes)])
    found = learned(data, each, record=record)

    assert found.recipe == SMALL.changed(seed=found.request.seed, num_steps=expected)
    assert summary_of(found).recipe["num_steps"] == expected


def test_the_recipe_is_that_of_the_first_finalist():
    """Others may have members in the committee, but one setting is called the chosen one."""
    data = prepared("binary")
    each = finals(data, 0.01, 0.1)
    found = learned(data, each[1].results[0], searched(data), each)

    assert found.winner is each[0]
    assert found.recipe.learning_rate == summary_of(found).learning_rate.best == 0.01


def test_intervals_over_dependent_rows_are_said_to_be_too_narrow():
    """Wilson and the jackknife take rows for independent; groups and times are not."""
    data = prepared("binary")
    grouped = replace(data, split=replace(data.split, method="group"))

    assert assemble._dependent(data) == []
    assert "too narrow" in assemble._dependent(grouped)[0]


def test_idle_lower_layers_stand_first_among_the_advice(monkeypatch):
    """Above the chapter's list, whatever the verdict [4.1-09]; without them the list is alone."""
    data = prepared("binary")
    found = learned(data)
    plain = summary_of(found).fitting
    same = Layer(1, 6, 0.3, 0.3, Difference(0.0, -0.01, 0.01), 1.0, 0.0)
    monkeypatch.setattr(assemble, "look_at_layers", lambda *_, **__: Layers((same,), 0.0, 0.2, 0.5))
    idle = summary_of(found).fitting

    assert idle.advice[1:] == plain.advice
    assert idle.advice[0].endswith("[A16, 4.1-09, 4.2-12]")
