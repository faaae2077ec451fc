"""Facts about where settings are trained: packs, folds, numbers, and what the strategy is told and when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.made_outcomes import prepared
from tests.oracles.arenas import LENGTHS, SPACE, Listed, OneTask, arena, everyone, rates, told
from tests.oracles.stand_ins import same_results

from practicum.engine.tasks import Tasks
from practicum.recipe.space import Choice, Entry, Log, Space
from practicum.tuning.arena import LAG, Limits, in_folds, packable
from practicum.tuning.halving import Halving

MANY = np.geomspace(0.01, 0.8, 24).tolist()


def run(where, sampler, judge=everyone, count=100, first=0, **limits):
    """Return all settings, pack by pack."""
    return list(where.run(sampler, judge, count, Limits(**{"num_workers": 1, **limits}), first))


def test_settings_are_numbered_as_they_were_proposed():
    """From the first number on; trainings from the first trial on."""
    where = arena(first_trial=10)
    packs = run(where, Listed(rates(0.1, 0.2, 0.3, 0.4, 0.5)), first=2)

    assert [[one.tried.number for one in pack] for pack in packs] == [[2, 3, 4, 5], [6]]
    assert [one.results[0].trial for pack in packs for one in pack] == [12, 13, 14, 15, 16]
    assert [one.recipe.learning_rate for pack in packs for one in pack] == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_no_more_is_tried_than_asked_for():
    """The last batch is cut; so is a strategy that has nothing left."""
    assert [len(pack) for pack in run(arena(), Listed(rates(*MANY)), count=6)] == [4, 2]
    assert [len(pack) for pack in run(arena(), Listed(rates(0.1)))] == [1]


def test_the_strategy_is_told_packs_in_their_order_with_a_lag():
    """Before pack j is asked for it knows exactly the packs up to j − LAG, however quick the workers were."""
    sampler = Listed(rates(*MANY))
    run(arena(), sampler, Halving(3))

    expected = [("ask", 4)] * LAG
    for pack in range(6 - LAG):
        expected += [("tell", list(range(4 * pack, 4 * pack + 4))), ("ask", 4)]
    assert sampler.log[: len(expected)] == expected


@pytest.mark.parametrize("num_workers", [1, 2])
def test_workers_change_no_number(num_workers):
    """Neither errors nor who was halted where."""
    alone = run(arena(), Listed(rates(*MANY)), Halving(3))
    found = run(arena(), Listed(rates(*MANY)), Halving(3), num_workers=num_workers)

    assert [told(pack) for pack in found] == [told(pack) for pack in alone]
    assert any(one.tried.halted for pack in found for one in pack)


def test_a_setting_is_the_mean_of_its_folds():
    """Five trainings on parts of one table, told to strategy and judge as one."""
    asked = []

    def judge(rung, errors):
        asked.append(dict(errors))
        return set(errors)

    space = Space((Entry("learning_rate", Log(1e-3, 1.0)),), SPACE.base)
    where = arena(tasks=Tasks(prepared("regression")), recipe_of=space.recipe, num_folds=5, num_valid=24)
    (pack,) = run(where, Listed([{"learning_rate": 0.1}, {"learning_rate": 0.3}]), judge)
    first, second = pack

    assert (
        [r.recipe.fold for r in first.results] == [r.recipe.fold for r in second.results] == [0, 1, 2, 3, 4]
    )
    assert [r.trial for r in second.results] == [5, 6, 7, 8, 9]
    assert first.tried.error == pytest.approx(np.mean([r.valid_error for r in first.results]))
    assert len({r.valid_error for r in first.results}) > 1
    assert [list(errors) for errors in asked] == [[0, 1], [0, 1]]


def test_whoever_is_judged_out_leaves_with_all_folds():
    """A setting goes on whole or not at all."""
    space = Space((Entry("learning_rate", Log(1e-3, 1.0)),), SPACE.base)
    where = arena(tasks=Tasks(prepared("regression")), recipe_of=space.recipe, num_folds=5, num_valid=24)
    (pack,) = run(where, Listed([{"learning_rate": 0.1}, {"learning_rate": 0.3}]), lambda *_: {1})

    assert [{r.status for r in one.results} for one in pack] == [{"halted"}, {"num_steps"}]
    assert [one.tried.halted for one in pack] == [True, False]


def test_shapes_make_packs_of_their_own():
    """In the order in which they first appear; what differs in numbers only shares one."""
    space = Space((Entry("learning_rate", Log(1e-3, 1.0)), Entry("width", Choice((4, 8)))), SPACE.base)
    values = [{"learning_rate": 0.1, "width": width} for width in (8, 4, 8, 4)]
    recipes = [space.recipe(one) for one in values]
    packs = run(arena(recipe_of=space.recipe), Listed(values))

    assert packable(recipes, OneTask()) == [[0, 2], [1, 3]]
    assert [[one.tried.number for one in pack] for pack in packs] == [[0, 2], [1, 3]]


def test_all_trainings_share_a_seed():
    """It is not searched over [3.2-35]."""
    packs = run(arena(seed=7), Listed(rates(0.1, 0.2)))

    assert {one.results[0].recipe.seed for pack in packs for one in pack} == {7}


def test_cut_trainings_repeat_those_that_the_clock_ended():
    """The numbers of a run with a deadline come again without one, to the bit."""
    ends = {0: (80, 75), 1: (150, 150)}
    whole = run(arena(), Listed(rates(0.1, 0.2, 0.3)))[0]
    again = run(arena(cut=ends), Listed(rates(0.1, 0.2, 0.3)))[0]
    twice = run(arena(cut=ends), Listed(rates(0.1, 0.2, 0.3)))[0]

    assert [one.results[0].num_steps for one in again] == [80, 150, 200]
    assert [one.results[0].status for one in again] == ["budget", "budget", "num_steps"]
    assert same_results([one.results[0] for one in again], [one.results[0] for one in twice])
    assert same_results([again[2].results[0]], [whole[2].results[0]])
    assert again[0].tried.curve == whole[0].tried.curve[: len(again[0].tried.curve)]


def test_a_search_goes_on_in_its_folder(tmp_path):
    """What was tried is yielded again without training."""
    where, folder = arena(), tmp_path / "search"
    first = [told(pack) for pack in run(where, Listed(rates(*MANY[:8])), Halving(3), folder=folder)]
    again = [told(pack) for pack in run(arena(), Listed(rates(*MANY[:8])), Halving(3), folder=folder)]

    assert first == again


def test_what_was_never_begun_has_no_age():
    """The time was over: all but the first pack are told with no training behind them."""
    packs = run(arena(), Listed(rates(*MANY[:8])), starts_until=-math.inf, deadline=-math.inf)
    ages = [one.tried.age for pack in packs for one in pack]

    assert all(age == 0 for age in ages[4:])


def test_the_phase_is_the_strategys_own_unless_the_arena_names_it():
    """A zoom says "zoom 1"; one without phases is wide."""

    class Phased(Listed):
        def phase(self, number):
            return f"round {number // 2}"

    plain = run(arena(), Listed(rates(0.1)))[0]
    phased = run(arena(), Phased(rates(0.1, 0.2, 0.3)), first=5)[0]
    named = run(arena(phase="extended"), Phased(rates(0.1)))[0]

    assert [one.tried.phase for one in plain] == ["wide"]
    assert [one.tried.phase for one in phased] == ["round 0", "round 0", "round 1"]
    assert [one.tried.phase for one in named] == ["extended"]


def test_one_part_is_no_fold():
    """A hold-out set leaves the recipe as it is; folds are numbered."""
    recipe = LENGTHS.trained(SPACE.base, 50)

    assert in_folds(recipe, 1) == [recipe]
    assert [(one.num_folds, one.fold) for one in in_folds(recipe, 3)] == [(3, 0), (3, 1), (3, 2)]


def test_folds_of_other_shapes_are_trained_apart_and_told_together():
    """The first pack's folds decide who goes on; a setting is whole when its last fold is known."""
    asked = []

    def judge(rung, errors):
        asked.append((rung, sorted(errors)))
        return {1}

    # A task of one source takes no two folds into one pack.
    where = arena(num_folds=3)
    packs = run(where, Listed(rates(0.1, 0.3)), judge)

    assert [[one.tried.number for one in pack] for pack in packs] == [[], [], [0, 1]]
    assert [plan.trials for plan in where.tasks.plans] == [[0, 3], [1, 4], [2, 5]]
    assert [[r.recipe.fold for r in one.results] for one in packs[2]] == [[0, 1, 2]] * 2
    assert [{r.status for r in one.results} for one in packs[2]] == [{"halted"}, {"num_steps"}]
    assert asked == [(0, [0, 1]), (1, [1])]


def test_a_repeated_search_ends_behind_what_was_tried_then():
    """The batch is asked for whole, so that its values are the same; packs that were not begun are not trained."""
    space = Space((Entry("learning_rate", Log(1e-3, 1.0)), Entry("width", Choice((4, 8)))), SPACE.base)
    sampler = Listed([{"learning_rate": 0.1, "width": width} for width in (8, 4, 8, 4)])
    packs = run(arena(recipe_of=space.recipe, only={0, 2}), sampler)

    assert [[one.tried.number for one in pack] for pack in packs] == [[0, 2]]
    assert sampler.log == [("ask", 4)]
