"""Facts about whose tensors a trial's module holds."""

import pytest
import torch
from tests.oracles.modules import ZOO, zoo_recipes
from torch import nn

from practicum.training.lift.instance import instances, rebuilt
from practicum.training.lift.ownership import with_own_tensors
from practicum.training.lift.program import LiftedProgram
from practicum.training.lift.trust import check_lift
from practicum.training.loop import run
from practicum.training.pack import Pack

TABLE = torch.arange(15.0).view(3, 5) / 10
BACKBONE = nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4)).requires_grad_(False)


class Outside(nn.Module):
    """A head over what lies outside: a frozen backbone with statistics, a pretrained table, a fixed matrix."""

    def __init__(self):
        super().__init__()
        self.backbone, self.table = BACKBONE, nn.Embedding.from_pretrained(TABLE, freeze=False)
        self.register_buffer("fixed", TABLE)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.backbone(x)) + x @ self.table.weight.T + x @ self.fixed.T


TASK = ZOO["mlp"].task(build=lambda recipe: Outside())


def outside():
    """Return copies of everything outside."""
    return [TABLE.clone(), *(value.clone() for value in BACKBONE.state_dict().values())]


@pytest.mark.parametrize("task", [TASK, TASK.alone()], ids=["packed", "alone"])
def test_training_writes_into_nothing_outside(task):
    """The trust check, the initial scale, the updates, and running statistics included."""
    before = outside()
    recipes = zoo_recipes(2 if task.lifted else 1, init_scale=1.5)
    modules = instances(task, recipes)
    if task.lifted:
        assert check_lift(task, recipes, modules) is None
    pack = Pack(recipes, task)
    list(run(pack, 30))
    rebuilt(task.build, recipes[0], pack.best_of(0))

    assert all(torch.equal(one, other) for one, other in zip(before, outside(), strict=True))


def test_a_trial_does_not_start_where_another_has_stopped():
    """Second in line or alone, the numbers are the same."""
    recipe = zoo_recipes(1)[0]
    curves = []
    for _ in range(2):
        pack = Pack([recipe], TASK.alone())
        list(run(pack, 30))
        curves.append(pack.evaluate().loss.tolist())

    assert curves[0] == curves[1]


def test_a_function_that_has_closed_over_weights_keeps_them():
    """A copy would leave it behind."""
    module = nn.Linear(2, 2)
    module.curve = lambda: module.weight

    assert with_own_tensors(module) == (module, False)


def test_a_view_of_a_weight_stays_one():
    """A copy would tear it off."""
    module = nn.Linear(2, 2)
    module.row = module.weight.data[0]

    assert with_own_tensors(module) == (module, False)


def test_what_refuses_to_be_copied_is_taken_as_it_is():
    """Whatever it raises."""

    class Stubborn(nn.Linear):
        def __deepcopy__(self, memo):
            raise OSError("no")

    module = Stubborn(2, 2)

    assert with_own_tensors(module) == (module, False)


def test_a_lifted_program_owns_its_tensors():
    """Stacks are new memory."""
    before = outside()
    program = LiftedProgram(TASK, zoo_recipes(2))
    for value in (*program.parameters.blocks.values(), *program.buffers.values()):
        value.zero_()

    assert all(torch.equal(one, other) for one, other in zip(before, outside(), strict=True))
