"""The trainer: shapes from data, validations that fit the time, trials numbered through all phases."""

from __future__ import annotations

import math
import time

import pytest
from tests.made_outcomes import SMALL, prepared

from practicum.engine.clock import Clock
from practicum.engine.interrupt import Interrupts
from practicum.engine.trainer import Trainer, network_of
from practicum.engine.workers import Workers
from practicum.training.mlp.evaluate import Evaluator
from practicum.training.pack import validation_interval


@pytest.mark.parametrize(
    ("task", "categories", "shape", "levels"),
    [
        ("binary", "one_hot", (5, 1), ()),
        ("multiclass", "one_hot", (5, 3), ()),
        ("regression", "embedding", (2, 1), (4,)),
    ],
)
def test_the_network_has_the_shape_of_the_data(task, categories, shape, levels):
    """Inputs and outputs of the prepared rows, hidden layers of the recipe; looked-up columns apart."""
    recipe = SMALL.changed(categories=categories, activation="tanh")
    found = network_of(prepared(task, recipe=recipe), recipe)

    assert (found.num_inputs, found.num_outputs) == shape
    assert (found.hidden_sizes, found.activation, found.task) == ((6,), "tanh", task)
    assert found.num_levels == levels


def trainer(workers: Workers, budget_seconds: float) -> Trainer:
    """A trainer on a small table."""
    return Trainer(workers, prepared("binary"), Clock(time.monotonic(), budget_seconds), Interrupts())


def test_without_a_clock_validations_are_where_the_guide_has_them():
    """No budget, no hurry: the recipe stays as it is."""
    with Workers(1) as workers:
        assert trainer(workers, math.inf).paced(SMALL) == SMALL


def test_a_hopeless_budget_brings_validations_nearer(monkeypatch):
    """With no time at all they are as near as they may be; a recipe that says where they are is obeyed."""
    monkeypatch.setattr("practicum.engine.trainer.validation_interval", lambda *_: 10_000)
    with Workers(1) as workers:
        hurried = trainer(workers, 0.001)

        assert hurried.paced(SMALL).validate_every_steps == 25
        assert hurried.paced(SMALL.changed(validate_every_steps=77)).validate_every_steps == 77
    assert validation_interval(100, 32) == 25


def test_the_pace_is_that_of_updates(monkeypatch):
    """An evaluation that takes long is no reason to evaluate more often."""
    monkeypatch.setattr("practicum.engine.trainer.validation_interval", lambda *_: 200)
    evaluate = Evaluator.run

    def slow(self):
        time.sleep(0.3)
        return evaluate(self)

    monkeypatch.setattr(Evaluator, "run", slow)
    with Workers(1) as workers:
        assert trainer(workers, 10.0).paced(SMALL) == SMALL


@pytest.mark.parametrize(("early_stopping", "interval"), [(True, 100), (False, None)])
def test_the_first_validation_comes_before_the_first_patience(early_stopping, interval, monkeypatch):
    """As in the tutorial: at least two in the patience granted; without early stopping nothing hurries."""
    monkeypatch.setattr("practicum.engine.trainer.validation_interval", lambda *_: 10_000)
    recipe = SMALL.changed(patience_steps=200, early_stopping=early_stopping)
    with Workers(1) as workers:
        assert trainer(workers, math.inf).paced(recipe).validate_every_steps == interval


def test_a_given_number_of_updates_is_not_hurried(monkeypatch):
    """The clock must not change what a recipe that says its updates gives."""
    monkeypatch.setattr("practicum.engine.trainer.validation_interval", lambda *_: 1000)
    recipe = SMALL.changed(num_steps=2000)
    with Workers(1) as workers:
        assert trainer(workers, 0.001).paced(recipe) == recipe


def test_trials_are_numbered_through_all_phases():
    """A record of several phases names each trial once."""
    with Workers(1) as workers:
        mine = trainer(workers, math.inf)
        short = SMALL.changed(num_steps=25)
        mine.search_phase("wide", [short, short.changed(learning_rate=0.1)], 1.0)
        mine.committee([short], "seeds")

    assert mine.phases == {0: "wide", 1: "wide", 2: "seeds"}
    assert [result.trial for result in mine.results] == [0, 1, 2]


def test_ctrl_c_ends_the_phase_after_a_rung():
    """What was reached is there; the trainer says that it was interrupted."""
    with Workers(1) as workers:
        mine = trainer(workers, math.inf)
        mine.interrupts.asked = True
        phase = mine.committee([SMALL.changed(early_stopping=False)], "seeds")

    assert (phase.interrupted, mine.interrupted) == (True, True)
    assert [result.status for result in phase.results] == ["stopped"]
    assert math.isfinite(phase.results[0].valid_error)
