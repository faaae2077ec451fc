"""Facts about pairs of trials: gains are paired and bounded, confirmed ones come first, controls only compare."""

import json
import math

import pytest

from practicum.diagnose.evidence.recipe_comparison import Reached, RecipeComparison, compared
from practicum.diagnose.evidence.recipes import RecipeChange


def change(name, **options):
    return RecipeChange(name, lambda recipe: recipe, **options)


def reached(*losses):
    return [Reached(loss, loss / 2, loss / 3) for loss in losses]


BASE = reached(1.0, 1.1, 0.9, 1.0)
BETTER = reached(0.5, 0.61, 0.4, 0.5)
ALIKE = reached(1.01, 1.09, 0.9, 1.0)


def test_a_change_that_helps_in_each_pair_is_confirmed_and_comes_first():
    """Beside changes at random, which are not told of themselves."""
    others = {change("worse"): ALIKE, change("better"): BETTER, change("random", only_control=True): ALIKE}
    found = compared(BASE, others, 100, 0)

    assert [(one.name, one.confirmed) for one in found] == [("better", True), ("worse", False)]
    assert found[0].gains == pytest.approx((0.5, 0.49, 0.5, 0.5))
    assert found[0].error_gains == pytest.approx((0.25, 0.245, 0.25, 0.25))
    assert len(found[0].controls) == 2


def test_a_change_no_better_than_changes_at_random_is_not_confirmed():
    """If anything helps, it says nothing that this one does."""
    others = {change("better"): BETTER, change("random", only_control=True): BETTER}

    assert not compared(BASE, others, 100, 0)[0].confirmed


def test_a_trial_that_diverged_is_bounded():
    """By a multiple of the usual loss."""
    found = compared(BASE, {change("wild"): reached(math.inf, math.nan, 1e9, 1.0)}, 100, 0)[0]

    assert found.gains == pytest.approx((-2.0, -1.9, -2.1, 0.0))


def test_text_and_json_give_the_numbers():
    """Gain, standard error, steps, controls."""
    told = RecipeComparison("more sun", False, 200, (0.27, 0.35), (0.1, 0.1), (0.2, 0.2), (0.0, 0.04), True)
    anew = RecipeComparison("more sun", True, 200, (-0.2, -0.3), (0.1, 0.1), (0.2, 0.2), (), False)

    assert told.text == (
        "With more sun the validation loss falls by 0.31 ± 0.04 in 200 steps; random changes: 0.02 ± 0.02."
    )
    assert anew.text == "Begun anew with more sun, the validation loss rises by 0.25 ± 0.05: not confirmed."
    assert json.loads(json.dumps(told.as_mapping()))["gain"] == pytest.approx(0.31)
