"""Our points as Optuna's sampler; Optuna's own contract is in tests/contracts/test_samplers.py."""

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from practicum.tuning.samplers.for_optuna import ForOptuna, value_at

LAST = 1 - 1e-12


@pytest.mark.parametrize(
    ("distribution", "lowest", "middle", "highest"),
    [
        (FloatDistribution(-1.0, 1.0), -1.0, 0.0, 1.0),
        (FloatDistribution(1e-4, 1.0, log=True), 1e-4, 1e-2, 1.0),
        (FloatDistribution(0.0, 1.0, step=0.5), 0.0, 0.5, 1.0),
        (IntDistribution(1, 9), 1, 5, 9),
        (IntDistribution(1, 100, log=True), 1, 7, 100),
        (IntDistribution(0, 10, step=5), 0, 5, 10),
        (CategoricalDistribution(("a", "b", "c")), "a", "b", "c"),
    ],
)
def test_units_are_mapped_from_end_to_end(distribution, lowest, middle, highest):
    """The ends of the unit interval are the ends of the distribution."""
    assert value_at(distribution, 0.0) == pytest.approx(lowest)
    assert value_at(distribution, 0.5) == pytest.approx(middle)
    assert value_at(distribution, LAST) == pytest.approx(highest)


def test_points_of_a_fixed_space_are_stratified():
    """Once the space is known, aligned runs of trials cover it evenly."""
    study = optuna.create_study(sampler=ForOptuna("quasi-random", seed=0))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + trial.suggest_float("y", 0, 1), n_trials=32)

    assert sorted(int(16 * trial.params["x"]) for trial in study.trials[16:]) == list(range(16))
