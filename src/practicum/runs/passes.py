"""One more pass over some rows: each member of a committee goes on from where it is, by its own recipe.

Nothing is searched and nothing is chosen: no validation, no patience. The learning rate goes on by its schedule; what
an update rule remembers of earlier steps (momentum, second moments) begins anew with each pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from practicum.core.errors import DivergedError
from practicum.data.dataset import Dataset
from practicum.engine.crew.cores import threads
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.loop import run
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask
from practicum.training.pack import Pack

NEVER = 2**31 - 1
"""Updates between two validations that are never made."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far a member's training has come.

    Attributes:
        recipe: that trains it.
        step: updates done.
    """

    recipe: Recipe
    step: int


def one_more_pass(
    member: MLP | None, course: Course, network: Network, rows: Dataset, device: torch.device
) -> tuple[MLP, Course]:
    """Return the member after every row was seen once more, or a little more often to fill the last minibatch.

    Args:
        member: as it is; None for one that was never trained.
        course: how far it has come.
        network: its shape.
        rows: prepared as its inputs are, with a target.
        device: where it is trained.

    Raises:
        DivergedError: if its weights blow up; the member that was given is as it was.

    Source:
        Bengio 2012, 2.1-05 (each example changes the parameters as it comes).
    """
    recipe = passing(course.recipe)
    data = Rows.of(rows, network, device=device)
    pack = Pack([recipe], MLPTask(network, data, data))
    if member is not None:
        pack.parameters.put(0, dict(member.state_dict()))
    pack.step, until = course.step, course.step + -(-len(rows) // recipe.batch_size)
    with threads(1):
        for _ in run(pack, until):
            pass
    weights = {name: value.cpu() for name, value in pack.update.predicting().get(0).items()}
    if not all(bool(value.isfinite().all()) for value in weights.values()):
        raise DivergedError(
            f"The weights must stay finite, but those of a member blew up at update {until} (learning rate "
            f"{recipe.learning_rate:g}). Give rows scaled like those it began with, or a smaller learning rate.",
            step=until,
        )
    return MLP(network, weights).eval(), Course(course.recipe, until)


def passing(recipe: Recipe) -> Recipe:
    """Return ``recipe`` without an end of its own, without validations, on all rows it is given.

    Example:
        >>> passing(Recipe(num_steps=10, bagging=True, num_folds=5)).bagging
        False
    """
    ends = recipe.schedule_steps or recipe.num_steps
    return recipe.changed(
        num_steps=None,
        schedule_steps=ends,
        early_stopping=False,
        significant_only=False,
        validate_every_steps=NEVER,
        num_folds=None,
        fold=0,
        bagging=False,
    )
