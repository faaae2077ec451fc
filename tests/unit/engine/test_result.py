"""Facts about the result of a trial."""

from __future__ import annotations

import json
import math

import pytest
from tests.oracles.problems import small_recipe

from practicum.engine.result import RISEN_RATIO, Result, without_weights


def result(**values):
    """Return a result; what is not given is ordinary."""
    ordinary = {
        "trial": 0,
        "recipe": small_recipe(),
        "status": "budget",
        "num_steps": 100,
        "best_step": 75,
        "train_loss": 0.5,
        "start_loss": 0.7,
        "valid_loss": 0.6,
        "valid_error": 0.2,
        "weights": {},
    }
    return Result(**ordinary | values)


@pytest.mark.parametrize(
    ("values", "stable"),
    [
        ({}, True),
        ({"status": "diverged"}, False),
        ({"train_loss": 0.7 * RISEN_RATIO * 0.999}, True),
        ({"train_loss": 0.7 * RISEN_RATIO * 1.001}, False),
        ({"train_loss": math.nan}, False),
        ({"train_loss": math.inf}, False),
    ],
)
def test_a_trial_is_stable_unless_its_training_loss_rose(values, stable):
    """Diverged outright, or ended clearly above where it began [2.1-02]."""
    assert result(**values).stable is stable


def test_the_best_result_has_the_lowest_error_and_then_loss():
    """A trial without a best ranks last."""
    results = [
        result(trial=0, valid_error=0.2, valid_loss=0.6),
        result(trial=1, valid_error=0.1, valid_loss=0.9),
        result(trial=2, valid_error=0.1, valid_loss=0.8),
        result(trial=3, valid_error=math.inf, valid_loss=math.inf),
    ]

    assert [r.trial for r in sorted(results, key=lambda r: r.rank)] == [2, 1, 0, 3]


def test_the_plain_part_is_json_and_makes_the_result_again():
    """With recipe and weights put back."""
    one = result(train_loss=math.inf, reason="why")
    again = Result(recipe=one.recipe, weights=one.weights, **json.loads(json.dumps(one.plain())))

    assert again == one


def test_a_trial_with_nothing_to_show_is_the_worst():
    """It has no weights, is not stable, and says why."""
    found = without_weights(3, small_recipe(), "failed", "Too large.")

    assert (found.trial, found.status, found.reason, found.weights) == (3, "failed", "Too large.", {})
    assert found.rank == (math.inf, math.inf)
    assert not found.stable
