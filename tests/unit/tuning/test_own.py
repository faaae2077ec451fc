"""Facts about the search over a user's own module: what is looked at before it, and how shapes are grouped."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from practicum.core.errors import RecordError
from practicum.core.estimates.rough import SQUARED, doubt_of, unknown
from practicum.engine.clock import Clock
from practicum.recipe import Recipe
from practicum.recipe.space import Choice, Entry, Log, Space
from practicum.training.lift.losses import named_loss
from practicum.training.lift.task import ModelTask
from practicum.tuning.demand import Demand
from practicum.tuning.own import SHAPES_AT_LEAST, doubt_about, idle_entries, probes_of, search_module

X = torch.linspace(-1, 1, 80)[:, None]
ROWS = {"x": X, "y": X**2}
BASE = Recipe(batch_size=8, num_steps=40)
SPACE = Space((Entry("learning_rate", Log(0.01, 0.5)), Entry("model.width", Choice((2, 4, 8)))), BASE)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """Keep measurements out of the user's cache, and short."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("practicum.engine.plans.crossover.SECONDS", 0.02)


class Deciding(nn.Module):
    """Cannot be lifted."""

    def __init__(self, width):
        super().__init__()
        self.one, self.other = nn.Linear(1, width), nn.Linear(width, 1)

    def forward(self, x):
        return self.other(torch.tanh(self.one(x))) if x.sum() > -1e9 else x


def build(recipe):
    """Return a small network."""
    width = recipe.model["width"]
    return nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))


def task(made=build, loss="squared_error", error=None):
    """Return a module's task."""
    return ModelTask(made, named_loss(loss) if isinstance(loss, str) else loss, error, ROWS, ROWS)


def searched(made=build, space=SPACE, num_trials=12, num_workers=1, **options):
    """Return what a search of a few trials gives."""
    demand = Demand(
        num_train=80,
        num_trials=num_trials,
        num_seeds=2,
        num_steps=40,
        batch_size=8,
        num_workers=num_workers,
        sampler="quasi-random",
    )
    return search_module(task(made), space, demand, Clock(0.0, math.inf), **options)


def test_shapes_come_in_groups_and_enough_of_them():
    """So that they share programs, and a few trials still see several shapes."""
    found = searched()
    widths = [one.tried.values["model.width"] for one in found.hunt.found.settings]

    assert found.effort.num_alike == 12 // SHAPES_AT_LEAST
    assert all(one == other for one, other in zip(widths[::2], widths[1::2], strict=False))
    assert set(widths) == {2, 4, 8}
    assert found.notes == ()


def test_where_nothing_can_be_lifted_shapes_need_no_groups():
    """Every trial may have its own; the reason is a note."""
    found = searched(lambda recipe: Deciding(recipe.model["width"]))
    widths = [one.tried.values["model.width"] for one in found.hunt.found.settings]

    assert found.effort.num_alike == 1
    assert any(one != other for one, other in zip(widths[::2], widths[1::2], strict=False))
    assert found.notes[0].startswith("All trials run one by one")


@pytest.mark.parametrize("made", [build, lambda recipe: Deciding(recipe.model["width"])])
def test_workers_choose_the_same(made):
    """Settings, errors, finalists, to the bit."""
    one, two = (searched(made, num_workers=count) for count in (1, 2))

    assert [s.tried.error for s in one.hunt.found.settings] == [
        s.tried.error for s in two.hunt.found.settings
    ]
    assert [f.errors.tolist() for f in one.finalists] == [f.errors.tolist() for f in two.finalists]


def test_a_search_goes_on_in_its_folder(tmp_path):
    """With the same bits; with other data or settings it is refused."""
    first, again = (searched(folder=tmp_path / "a", asked={"seed": 0}) for _ in range(2))

    assert [f.errors.tolist() for f in first.finalists] == [f.errors.tolist() for f in again.finalists]
    with pytest.raises(RecordError, match="holds one whose seed differ"):
        searched(folder=tmp_path / "a", asked={"seed": 1})
    with pytest.raises(RecordError, match="holds one whose data differ"):
        searched(lambda recipe: build(recipe).float(), folder=tmp_path / "a", asked={"seed": 0})


def test_probes_are_spread_over_the_space():
    """So that shapes and pace of the whole are seen before the search."""
    assert len({recipe.model["width"] for recipe in probes_of(SPACE)}) == 3
    assert probes_of(Space((), BASE)) == [BASE]


def test_entries_that_build_does_not_read_are_found():
    """By what it builds, dropout rates included; the numbers of training always act."""
    space = Space.preset("chapter").without("preprocess", "tails")

    def partly(recipe):
        return nn.Sequential(nn.Linear(1, recipe.hidden_sizes[0]), nn.Dropout(recipe.dropout))

    assert set(idle_entries(task(partly), space)) == {"num_layers", "activation"}
    assert set(idle_entries(task(lambda _: nn.Linear(1, 1)), space)) == {
        "num_layers",
        "activation",
        "width",
        "dropout",
    }


@pytest.mark.parametrize(
    ("loss", "error", "expected"),
    [
        ("cross_entropy", None, doubt_of("error", "binary", (6,))),
        ("binary_cross_entropy", None, doubt_of("error", "binary", (6,))),
        ("squared_error", None, doubt_of(SQUARED, "regression", (6,))),
        ("squared_error", lambda model, batch: batch, unknown),
        (lambda model, batch: batch, None, unknown),
    ],
)
def test_the_doubt_is_known_by_the_losss_name(loss, error, expected):
    """Of a function nobody knows what it returns."""
    told = task(loss=loss, error=error)
    told = replace(told, valid={"x": torch.ones(6, 1), "y": torch.ones(6, 1)})

    assert str(doubt_about(told)(0.2, 3)) == str(expected(0.2, 3))


def test_only_the_best_keep_their_weights_where_memory_is_short(monkeypatch):
    """The finalists always do."""
    monkeypatch.setattr("practicum.tuning.own.free_bytes", lambda _: 0)
    found = searched()
    heavy = [one for one in found.hunt.found.settings if one.results[0].weights]

    assert 3 <= len(heavy) <= 4
    assert all(folds[0].weights for one in found.finalists for folds in one.results)
