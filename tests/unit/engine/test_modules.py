"""Facts about how the trials of a search over a module are run: trusted by value, measured once, kept."""

from __future__ import annotations

import json

import pytest
import torch
from torch import nn

from practicum.core.errors import ConfigError, RecordError
from practicum.engine import modules as module_under_test
from practicum.engine.modules import LARGEST, WAYS, Modules, Way
from practicum.engine.plans.crossover import Cache, Crossover
from practicum.recipe import Recipe
from practicum.training.lift.losses import named_loss
from practicum.training.lift.task import ModelTask

X = torch.linspace(-1, 1, 60)[:, None]
ROWS = {"x": X, "y": X**2}
RECIPE = Recipe(batch_size=8, num_steps=20, model={"width": 4})


class Deciding(nn.Module):
    """Cannot be lifted."""

    def __init__(self):
        super().__init__()
        self.one = nn.Linear(1, 1)

    def forward(self, x):
        return self.one(x) if x.sum() > -1e9 else self.one(-x)


def build(recipe):
    """Return a small network, or one that decides."""
    width = recipe.model["width"]
    return nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1)) if width else Deciding()


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Return modules whose packs pay from four trials on, and the measurements that were made."""
    measured = []

    def measure(alone, packed, num_trials):
        measured.append(num_trials)
        return Crossover(1.0, {4: 0.5, 16: 0.9})

    monkeypatch.setattr("practicum.engine.plans.arrange.measure", measure)
    cache = Cache(tmp_path / "cache.json")

    def make(**options):
        task = ModelTask(build, named_loss("squared_error"), None, ROWS, ROWS)
        return Modules(task, cache=cache, **options)

    make.measured = measured
    return make


def test_a_module_that_can_be_lifted_runs_in_programs_of_the_measured_size(made):
    """The pack is whole; what time chose is how it is cut."""
    mine = made()
    recipes = [RECIPE.changed(learning_rate=rate) for rate in (0.01, 0.1)]
    plan = mine.plan(recipes, [5, 6])

    assert mine.way(RECIPE) == Way(4)
    assert (plan.largest, plan.trials, plan.task.lifted) == (4, [5, 6], True)
    assert mine.tasks(recipes) == [mine.task, mine.task]
    assert (mine.any_lifted, mine.notes) == (True, ())


def test_a_module_that_cannot_be_lifted_runs_alone_and_says_why(made):
    """Nothing is measured for it."""
    mine = made()
    plan = mine.plan([RECIPE.changed(model={"width": 0})], [0])

    assert (plan.largest, plan.task.lifted, made.measured) == (1, False, [])
    assert not mine.any_lifted
    (note,) = mine.notes
    assert note.startswith("All trials run one by one: the module")


def test_one_note_tells_of_all_structures(made):
    """Those that can be lifted do not make it worse."""
    mine = made()
    mine.way(RECIPE)
    mine.way(RECIPE.changed(model={"width": 0}))

    assert [note[:27] for note in mine.notes] == ["Some trials run one by one:"]


def test_a_structure_is_looked_at_once(made):
    """Rates and seeds are none of it; widths, batch sizes and rules are."""
    mine = made()
    for recipe in (RECIPE, RECIPE.changed(learning_rate=0.5, seed=3), RECIPE.changed(validate_every_steps=5)):
        mine.way(recipe)
    assert made.measured == [LARGEST]
    for recipe in (RECIPE.changed(model={"width": 5}), RECIPE.changed(batch_size=4)):
        mine.way(recipe)

    assert made.measured == [LARGEST] * 3


def test_without_time_to_measure_a_guess_is_made(made):
    """No measurement is worth a large part of the budget."""
    mine = made(deadline=0.0)

    assert mine.way(RECIPE).size > 1
    assert made.measured == []


def test_ways_are_kept_for_the_next_life(made, tmp_path, monkeypatch):
    """In a folder, by the order in which structures came; another machine would measure another time."""
    first = made(folder=tmp_path)
    ways = [first.way(RECIPE), first.way(RECIPE.changed(model={"width": 0}))]
    monkeypatch.setattr(module_under_test, "best_size", lambda *_, **__: 9)
    again = made(folder=tmp_path)

    assert [again.way(RECIPE), again.way(RECIPE.changed(model={"width": 0}))] == ways
    assert len(json.loads((tmp_path / WAYS).read_text())) == 2


@pytest.mark.parametrize("content", ["", '{"0 a": 3}', "[]"])
def test_damaged_ways_are_refused(made, content, tmp_path):
    """Rather than guessed."""
    (tmp_path / WAYS).write_text(content)

    with pytest.raises(RecordError, match="must hold a search that can be read"):
        made(folder=tmp_path)


def test_what_does_not_fit_the_memory_makes_smaller_packs(made, monkeypatch):
    """Of all that follows, whatever its shape."""
    monkeypatch.setattr(module_under_test, "largest_pack", lambda *_: 2)
    mine = made()

    assert (mine.way(RECIPE).size, mine.largest_pack) == (2, 2)


def test_a_module_that_cannot_be_built_is_told(made):
    """Before anything is trained."""
    with pytest.raises(
        ConfigError, match="`build` must return a module for every recipe, but raised KeyError"
    ):
        made().way(RECIPE.changed(model={}))


def test_the_pace_is_the_mean_over_recipes(made, monkeypatch):
    """Each in a program of its own size."""
    asked = []

    def pace(task, recipes):
        asked.append((task.lifted, len(recipes)))
        return float(len(recipes))

    monkeypatch.setattr(module_under_test, "seconds_an_example", pace)
    mine = made()

    assert mine.seconds_an_example([RECIPE, RECIPE.changed(model={"width": 0})]) == 2.5
    assert asked == [(True, 4), (False, 1)]
