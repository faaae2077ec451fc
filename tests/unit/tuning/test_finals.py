"""Facts about the finals: who gets there, which seeds they share, who wins."""

from __future__ import annotations

import math
import time

import pytest
from tests.oracles.arenas import BASE, SPACE, OneTask, result, setting
from tests.oracles.arenas import rates as by_rate

from practicum.core.record import Record
from practicum.optim.coefficients import Coefficients
from practicum.optim.schedules import rates
from practicum.recipe.space import Choice, Entry, Log, Space
from practicum.tuning.arena import Limits
from practicum.tuning.finals import Asked, Finalist, survivors, train_finalists

ADAM = BASE.changed(update_rule="adam", momentum=0.0)


def rates_of(recipe, count):
    """Return the rate of each update."""
    return rates(0, count, Coefficients.of([recipe], num_layers=2, num_rows=100))[:, 0]


def asked(*learning_rates):
    """Return settings to be trained for 100 updates."""
    return [
        Asked(10 + k, values, [SPACE.recipe(values).changed(num_steps=100)])
        for k, values in enumerate(by_rate(*learning_rates))
    ]


def trained(some, seeds=(3, 4), tasks=None, first=20, cut=None, **limits):
    """Return the finalists."""
    limits = Limits(**{"num_workers": 1, **limits})
    return train_finalists(some, seeds, tasks or OneTask(), limits, Record(), first, cut or {})


def test_every_finalist_is_trained_on_the_same_seeds():
    """One result a seed, in their order; numbered on from the first."""
    found = trained(asked(0.1, 0.3, 0.05))

    assert [one.number for one in found] == [10, 11, 12]
    assert [[folds[0].recipe.seed for folds in one.results] for one in found] == [[3, 4]] * 3
    assert [folds[0].trial for one in found for folds in one.results] == [20, 21, 22, 23, 24, 25]
    assert [one.recipe.learning_rate for one in found] == [0.1, 0.3, 0.05]
    assert all(len(set(one.errors)) > 1 or one.errors[0] >= 0 for one in found)


def test_a_seed_that_two_finalists_share_gives_equal_recipes_equal_bits():
    """So they differ by their settings only."""
    one, other = trained(asked(0.1, 0.1))

    assert one.errors.tolist() == other.errors.tolist()


def test_shapes_are_packs_of_their_own():
    """And each finalist still has its own results."""
    space = Space((Entry("learning_rate", Log(1e-3, 1.0)), Entry("width", Choice((4, 8)))), BASE)
    settings = [{"learning_rate": 0.1, "width": width} for width in (4, 8)]
    tasks = OneTask()
    some = [Asked(k, one, [space.recipe(one).changed(num_steps=50)]) for k, one in enumerate(settings)]
    found = trained(some, tasks=tasks)

    assert [one.recipe.hidden_sizes for one in found] == [(4,), (8,)]
    assert all(len({recipe.hidden_sizes for recipe in plan.recipes}) == 1 for plan in tasks.plans)


def test_the_largest_pack_bounds_every_pack():
    """For modules that would not fit the memory together."""
    tasks = OneTask()
    train_finalists(asked(0.1, 0.3), [0, 1, 2], tasks, Limits(num_workers=1), Record(), 0, {}, 2)

    assert [len(plan.trials) for plan in tasks.plans] == [2, 2, 2] or max(
        len(p.trials) for p in tasks.plans
    ) <= 2


def test_a_training_that_the_clock_had_ended_is_repeated_as_long():
    """By its number; the others train in full."""
    found = trained(asked(0.1, 0.3), cut={21: (60, 50)})

    assert [folds[0].num_steps for one in found for folds in one.results] == [100, 60, 100, 100]


def test_what_there_was_no_time_for_is_there_without_numbers():
    """A finalist may have fewer seeds than asked for; its rank is that of those it has."""
    gone = time.monotonic() - 1
    found = trained(asked(0.1, 0.3), starts_until=gone, deadline=gone)
    statuses = [folds[0].status for one in found for folds in one.results]

    assert len(statuses) == 4
    assert "budget" in statuses


def test_the_rank_is_the_seeds_that_blew_up_then_the_mean_of_the_others():
    """Then the mean loss; nothing finite comes last, and one lucky seed of five is worse than five good ones."""

    def made(*errors, loss=0.5):
        return Finalist(0, {}, BASE, tuple((result(k, error, loss),) for k, error in enumerate(errors)))

    assert made(0.1, 0.3).rank == pytest.approx((0, 0.2, 0.5))
    assert made(0.1, math.inf).rank == pytest.approx((1, 0.1, 0.5))
    assert made(math.inf).rank == (1, math.inf, math.inf)
    assert made(0.11, 0.11).rank < made(0.1, math.inf).rank < made(math.inf, math.inf).rank
    assert made(0.2, loss=0.3).rank < made(0.2, loss=0.4).rank


def test_a_seeds_error_is_the_mean_of_its_folds():
    """(S,)."""
    one = Finalist(0, {}, BASE, ((result(0, 0.1), result(1, 0.3)), (result(2, 0.2), result(3, 0.4))))

    assert one.errors.tolist() == pytest.approx([0.2, 0.3])


def test_what_the_search_trained_to_its_end_survives():
    """The best first; not what was given up, has no weights, or stands in the finals already."""
    ranked = [
        setting(5, 0.1),
        setting(3, 0.2, status="halted"),
        setting(4, 0.3, weights={}),
        setting(7, 0.4),
        setting(1, 0.5),
    ]
    best = Finalist(5, {}, BASE, (ranked[0].results,))

    assert [one.number for one in survivors(ranked, [])] == [5, 7, 1]
    assert [one.number for one in survivors(ranked, [best], count=1)] == [7]
    assert survivors(ranked, [])[0].results == (ranked[0].results,)
