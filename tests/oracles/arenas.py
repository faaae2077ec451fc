"""Small searches: a task for all recipes, a space of two numbers, a strategy that proposes what a test says."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from tests.oracles.problems import problem, small_recipe

from practicum.core.estimates.rough import doubt_of
from practicum.engine.plans.plan import Plan
from practicum.engine.result import Result
from practicum.recipe.space import Entry, Linear, Log, Space
from practicum.tuning.arena import Arena
from practicum.tuning.lengths import Lengths
from practicum.tuning.setting import Setting, tried_of

BASE = small_recipe(hidden_sizes=(6,))
SPACE = Space((Entry("learning_rate", Log(1e-3, 1.0)), Entry("momentum", Linear(0.0, 0.9))), BASE)
LENGTHS = Lengths(rungs=(800, 1600), full=3200, final=3200, num_trials=12)
"""At 16 rows an update: judged after 50 and 100, over after 200; validated every 25."""

NUM_VALID = 50
DOUBT = doubt_of("error", "binary", (NUM_VALID,))


class OneTask:
    """All recipes train on one problem."""

    def __init__(self, name="binary"):
        self.task = problem(name, num_valid=NUM_VALID).laid_out(BASE)
        self.plans = []

    def tasks(self, recipes):
        """Return the task for each."""
        return [self.task for _ in recipes]

    def plan(self, recipes, trials):
        """Return the plan, and remember it."""
        self.plans.append(Plan(recipes, self.task, trials))
        return self.plans[-1]


@dataclass
class Listed:
    """Proposes a list of values; remembers how it was asked and what it was told.

    Attributes:
        left: what it will propose.
        log: ("ask", count) and ("tell", numbers), in order.
    """

    left: list
    log: list = field(default_factory=list)

    def ask(self, count):
        """Return the next ones."""
        self.log.append(("ask", count))
        asked, self.left = self.left[:count], self.left[count:]
        return asked

    def tell(self, tried):
        """Remember."""
        self.log.append(("tell", [one.number for one in tried]))


def rates(*values):
    """Return values of the space, by learning rate."""
    return [{"learning_rate": rate, "momentum": 0.5} for rate in values]


def arena(**changes):
    """Return an arena on the binary problem."""
    full = {
        "tasks": OneTask(),
        "recipe_of": SPACE.recipe,
        "lengths": LENGTHS,
        "num_valid": NUM_VALID,
        "doubt": DOUBT,
        "pack_size": 4,
        "num_alike": 4,
    }
    return Arena(**{**full, **changes})


def everyone(rung, errors):
    """Be a judge who lets all go on."""
    return set(errors)


def result(trial=0, error=0.2, loss=0.5, status="num_steps", num_steps=100, recipe=BASE, **values):
    """Return a result that no training gave."""
    full = {"train_loss": 0.4, "start_loss": 0.7, "best_step": num_steps, "weights": {"w": torch.ones(1)}}
    return Result(
        trial=trial,
        recipe=recipe,
        status=status,
        num_steps=num_steps,
        valid_loss=loss,
        valid_error=error,
        **{**full, **values},
    )


def setting(number=0, error=0.2, values=None, num_valid=NUM_VALID, space=SPACE, **of_result):
    """Return a setting that no training gave."""
    values = {"learning_rate": 0.1, "momentum": 0.5} if values is None else values
    recipe = space.recipe(values)
    results = (result(number, error, recipe=recipe, **of_result),)
    return Setting(
        tried_of(number, values, results, doubt_of("error", "binary", (num_valid,))), recipe, results
    )


def told(settings):
    """Return everything of settings that a second run must give again."""
    return [
        (
            one.tried.number,
            one.tried.values,
            one.tried.error,
            one.tried.age,
            one.tried.halted,
            one.tried.curve,
        )
        for one in settings
    ]
