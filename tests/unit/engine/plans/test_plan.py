"""Facts about a plan."""

from __future__ import annotations

import pytest
from tests.oracles.problems import problem, small_recipe

from practicum.engine.plans.plan import Plan

RECIPES = [small_recipe(seed=seed) for seed in range(3)]
TASK = problem("binary").laid_out(RECIPES[0])


def test_a_part_can_be_built():
    """With its own recipes, under the trials' numbers; validated as the whole is."""
    plan = Plan(RECIPES, TASK, (5, 6, 7))
    pack = plan.build((5, 7))

    assert pack.trials == (5, 7)
    assert pack.recipes == (RECIPES[0], RECIPES[2])
    assert pack.validate_every == plan.validate_every


@pytest.mark.parametrize(("given", "interval"), [(None, 25), (40, 40)])
def test_validations_are_where_the_pack_has_them(given, interval):
    """Said by the recipe or by the data."""
    plan = Plan([small_recipe(validate_every_steps=given)], TASK, (0,))

    assert plan.validate_every == plan.build((0,)).validate_every == interval


def test_the_fingerprint_tells_plans_apart():
    """Another recipe, another number, another order, other data."""
    plans = [
        Plan(RECIPES, TASK, (0, 1, 2)),
        Plan([RECIPES[0], RECIPES[1], RECIPES[2].changed(learning_rate=0.3)], TASK, (0, 1, 2)),
        Plan(RECIPES, TASK, (0, 1, 3)),
        Plan(RECIPES[::-1], TASK, (0, 1, 2)),
    ]
    prints = {plan.fingerprint("digits") for plan in plans} | {plans[0].fingerprint("letters")}

    assert len(prints) == 5
    assert Plan(list(RECIPES), TASK, [0, 1, 2]).fingerprint("digits") == plans[0].fingerprint("digits")
