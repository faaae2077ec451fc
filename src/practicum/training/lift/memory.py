"""How much memory one trial of a module takes while it trains in a pack: estimated before anything is packed."""

from __future__ import annotations

from practicum.recipe import Recipe
from practicum.training.lift.program import CHUNK, LiftedProgram
from practicum.training.lift.task import ModelTask

COPIES = 8
"""Of each parameter: value, gradient, best so far, two states of a rule, an average, and a snapshot's two."""

PASSES = 3
"""Numbers of a forward pass are kept for the backward pass, which makes as many again, and scratch beside them."""


def bytes_a_trial(task: ModelTask, recipe: Recipe) -> int:
    """Return the bytes that one trial of ``recipe`` takes beside the data.

    Args:
        task: of the module, which can be lifted.
        recipe: of any of the trials that would share a pack.
    """
    program = LiftedProgram(task, [recipe])
    size = program.parameters.flat.element_size()
    kept = program.parameters.flat.numel() * COPIES * size
    kept += sum(3 * value.numel() * value.element_size() for value in program.buffers.values())
    rows = max(recipe.batch_size * PASSES, min(CHUNK, task.num_valid))
    return kept + program.num_values * rows * size
