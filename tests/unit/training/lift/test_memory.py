"""Facts about the estimate of a trial's memory."""

from tests.oracles.modules import ZOO, zoo_recipes

from practicum.training.lift.memory import COPIES, bytes_a_trial
from practicum.training.lift.program import LiftedProgram


def test_an_estimate_covers_parameters_and_grows_with_the_batch():
    """At least the kept copies; more rows, more activations."""
    task, (recipe,) = ZOO["mlp"].task(), zoo_recipes(1)
    parameters = LiftedProgram(task, [recipe]).parameters.flat
    small, large = (bytes_a_trial(task, recipe.changed(batch_size=size)) for size in (64, 640))

    assert parameters.numel() * 4 * COPIES < small < large
