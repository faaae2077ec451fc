"""What training costs, measured on the first few updates."""

from __future__ import annotations

import time
from collections.abc import Sequence

from practicum.engine.crew.cores import threads
from practicum.recipe import Recipe
from practicum.training.loop import run
from practicum.training.pack import Pack
from practicum.training.program import Task

WARM_STEPS, STEPS = 2, 6
LONGEST_SECONDS = 0.25


def seconds_an_example(task: Task, recipes: Sequence[Recipe]) -> float:
    """Return how long one core takes for one example of one trial, its share of the validations included.

    Args:
        task: network and data.
        recipes: of a pack as large as packs will be.
    """
    with threads():
        pack = Pack(recipes, task)
        done = WARM_STEPS
        for _ in run(pack, done):  # the untrained pack is validated, and first calls are slow
            pass
        begun = time.perf_counter()
        while True:
            done += STEPS
            for _ in run(pack, done):
                pass
            spent = time.perf_counter() - begun
            if spent > LONGEST_SECONDS or done > pack.validate_every or not pack.alive.any():
                break
        a_step = spent / max(1, pack.step - WARM_STEPS)
        begun = time.perf_counter()
        pack.evaluate()
        validating = time.perf_counter() - begun
    per_pack = a_step + validating / pack.validate_every
    return per_pack / (pack.batch_size * len(recipes))
