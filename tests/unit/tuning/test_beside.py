"""Facts about what is trained beside search and finals; the trainer is a stand-in, time stands where a test puts it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace

import pytest
from tests.oracles.arenas import DOUBT, LENGTHS, NUM_VALID, SPACE, OneTask, result, setting

from practicum.engine.clock import Clock
from practicum.recipe.space import Choice, Entry, Space
from practicum.tuning import beside
from practicum.tuning.aside import Aside
from practicum.tuning.beside import SHARE, aside_for, draw_grid, tune_batch_size
from practicum.tuning.effort import SEARCH_SHARE, Effort
from practicum.tuning.equal_time import Pace
from practicum.tuning.finals import Finalist
from practicum.tuning.procedure import Hunt
from practicum.tuning.search import Found

EFFORT = Effort(SPACE, "zoom", LENGTHS, num_folds=1, num_seeds=2)


@dataclass
class Trainer:
    """Stands in for the work: gives errors by a formula and remembers what it was told."""

    clock: Clock
    error_of: object = lambda recipe: 0.2
    tasks: object = field(default_factory=OneTask)
    num_valid: int = NUM_VALID
    doubt: object = DOUBT
    num_workers: int | None = 2
    seed: int = 0
    interrupted: bool = False
    told: list = field(default_factory=list)
    trained: list = field(default_factory=list)

    def decided(self, effort):
        """Remember."""
        self.told.append(effort)
        return effort

    def train(self, phase, effort, asked, num_seeds, moment):
        """Return results that no training gave."""
        self.trained.append((phase, list(asked), num_seeds, moment))
        return [
            Finalist(
                one.number,
                one.values,
                one.recipes[0],
                (tuple(result(error=self.error_of(recipe), recipe=recipe) for recipe in one.recipes),),
            )
            for one in asked
        ]


def unlimited(**changes):
    """Return a trainer without a clock."""
    return Trainer(Clock(time.monotonic(), math.inf), **changes)


def limited(seconds=100.0, **changes):
    """Return a trainer with so many seconds."""
    return Trainer(Clock(time.monotonic(), seconds), **changes)


def hunted(*errors, space=SPACE):
    """Return a search with these errors."""
    return Hunt(Found([setting(number, error) for number, error in enumerate(errors or (0.2, 0.3))]), space)


@pytest.mark.parametrize(
    ("sizes", "seconds", "own_space", "expected"),
    [
        (None, 200.0, False, SHARE),
        (None, 20.0, False, 0.0),
        (None, 200.0, True, 0.0),
        ("auto", 20.0, True, SHARE),
        ((16, 32), 20.0, False, SHARE),
        ("off", 200.0, False, 0.0),
        ("auto", math.inf, False, 0.0),
    ],
)
def test_time_is_kept_for_batch_sizes_where_there_is_enough_or_a_user_asks(
    sizes, seconds, own_space, expected
):
    """With a space of one's own only if asked; without a clock there is no time to keep."""
    clock = Clock(time.monotonic(), seconds)

    assert aside_for(sizes, clock, grid=False, own_space=own_space) == Aside(expected, 0.0)


def test_time_is_kept_for_the_grid_where_it_is_asked_for():
    """A tenth."""
    kept = aside_for("off", Clock(time.monotonic(), 100.0), grid=True, own_space=False)

    assert kept == Aside(0.0, SHARE)
    assert kept.left == pytest.approx(1 - SHARE)


@pytest.mark.parametrize("sizes", [None, "off"])
def test_without_a_clock_batch_sizes_are_compared_only_if_asked(sizes):
    """The decision is written down."""
    work = unlimited()
    effort = tune_batch_size(work, EFFORT, hunted(), sizes, 1000)

    assert effort.paces == {}
    assert work.told == [effort]
    assert work.trained == []


def test_without_a_clock_costs_are_modelled():
    """The same each time: lengths follow from the search's second rung."""
    work, found = unlimited(error_of=lambda one: 0.1 if one.batch_size == 64 else 0.4), hunted()
    effort = tune_batch_size(work, EFFORT, found, (64,), 1000)

    assert effort.paces == {16: Pace(100, 3.0), 64: Pace(50, 1.5)}
    ((phase, asked, num_seeds, moment),) = work.trained
    assert (phase, len(asked), num_seeds, moment) == ("batch_size", 6, 1, math.inf)
    assert found.batch_sizes.chosen == 64
    assert len(found.beside) == 6


def test_within_a_time_costs_are_measured_and_the_part_is_kept():
    """All sizes together take what is left of their part, on two cores."""
    work, found = limited(200.0), hunted()
    effort = replace(EFFORT, aside=Aside(SHARE, 0.0))
    effort = tune_batch_size(work, effort, found, None, 1000)

    planned = sum(3 * pace.num_steps * size * pace.cost for size, pace in effort.paces.items())
    part = SHARE / (1 - SEARCH_SHARE * (1 - SHARE)) * 190
    assert set(effort.paces) == {8, 16, 32, 64}
    assert 0.7 * part < planned / (2 * beside.PACE_KEPT * beside.SURE) < 1.05 * part
    assert work.told == [effort]


def test_what_was_decided_is_done_again_without_measuring(monkeypatch):
    """A run that is repeated, or goes on."""
    monkeypatch.setattr(beside, "seconds_an_example", None)
    work, found = unlimited(), hunted()
    paces = {16: Pace(70, 1e-5), 32: Pace(50, 1e-5)}
    effort = tune_batch_size(work, replace(EFFORT, paces=paces), found, None, 1000)

    assert effort.paces == paces
    assert work.told == []
    assert [one.recipes[0].num_steps for one in work.trained[0][1]] == [70] * 3 + [50] * 3


def test_too_little_time_compares_nothing():
    """Where a size would not be validated once."""
    work = limited(0.65)

    assert tune_batch_size(work, replace(EFFORT, aside=Aside(SHARE)), hunted(), "auto", 1000).paces == {}


def test_where_the_number_of_updates_is_given_time_is_not_what_counts():
    """Batch sizes are not compared then."""
    lengths = replace(LENGTHS, num_steps=200)

    assert tune_batch_size(unlimited(), replace(EFFORT, lengths=lengths), hunted(), "auto", 1000).paces == {}


def test_ctrl_c_skips_both():
    """The best so far is kept."""
    work, found = unlimited(interrupted=True), hunted()
    winner = Finalist(0, {"learning_rate": 0.1, "momentum": 0.5}, found.found.best.recipe, ())

    assert tune_batch_size(work, EFFORT, found, "auto", 1000) == EFFORT
    assert draw_grid(work, EFFORT, found, winner) == EFFORT
    assert work.trained == []


def winner_of(found):
    """Return the best as if it had won the finals: 1000 updates a core second."""
    best = found.found.best
    return Finalist(0, best.tried.values, best.recipe, ((result(num_steps=2000, seconds=2.0),),))


def test_the_grid_is_trained_around_the_winner():
    """One pack in its own phase, as long as a trial of the search; it decides nothing."""
    work, found = unlimited(error_of=lambda one: one.learning_rate), hunted()
    effort = draw_grid(work, EFFORT, found, winner_of(found))

    ((phase, asked, num_seeds, _),) = work.trained
    assert (phase, len(asked), num_seeds) == ("grid", 16, 1)
    assert effort.grid_steps == LENGTHS.steps(LENGTHS.full, winner_of(found).recipe)
    assert work.told == [effort]
    assert found.grid.errors.shape == (4, 4)
    assert len(found.beside) == 16


def test_within_a_time_the_grid_is_as_long_as_there_is_time():
    """By the updates a second that the finals had."""
    work, found = limited(2.0), hunted()
    lengths = replace(LENGTHS, full=10**9)
    effort = draw_grid(work, replace(EFFORT, lengths=lengths), found, winner_of(found))

    assert effort.grid_steps == pytest.approx(beside.SURE * 1.4 * 2 * 0.8 * 1000 / 16, rel=0.1)


def test_without_time_there_is_no_grid():
    """Nothing fails."""
    work, found = limited(0.61), hunted()
    draw_grid(work, EFFORT, found, winner_of(found))

    assert found.grid is None
    assert work.trained == []


def test_one_number_makes_no_grid():
    """Two are needed."""
    space = Space((SPACE["learning_rate"], Entry("width", Choice((8, 16)))), SPACE.base)
    found = Hunt(Found([setting(0, 0.2, {"learning_rate": 0.1, "momentum": 0.5})]), space)

    assert draw_grid(unlimited(), EFFORT, found, winner_of(found)) == EFFORT
    assert found.grid is None
