"""Our entries as Optuna's parameters, and back."""

import warnings

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from practicum.recipe.space import (
    Choice,
    Entry,
    Integer,
    Linear,
    Log,
    LogInteger,
    LogNormal,
    SometimesOff,
    Space,
)
from practicum.tuning.study.parameters import decoded, encoded, optuna_distribution, quiet, suggest

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-5, 1.0)),
        Entry("l2_penalty", SometimesOff(Log(1e-6, 1.0))),
        Entry("clip_norm", SometimesOff(Log(0.1, 10.0), None)),
        Entry("hidden_sizes", Choice(((64,), (64, 32)))),
        Entry("activation", Choice(("tanh", "relu"), weights=(3, 1))),
        Entry("batch_size", LogInteger(16, 128, multiple=16)),
        Entry("init_scale", LogNormal(1.0, 0.5)),
        Entry("penalise_biases", Choice((False, True))),
    )
)


@given(units=st.lists(st.floats(0, 1), min_size=len(SPACE.names), max_size=len(SPACE.names)))
def test_values_come_back_as_they_were(units):
    """Encoding and decoding change nothing, and every parameter lies in its distribution."""
    values = SPACE.values(dict(zip(SPACE.names, units, strict=True)))
    parameters, distributions = encoded(SPACE, values)

    assert decoded(parameters) == values
    assert all(d._contains(d.to_internal_repr(parameters[name])) for name, d in distributions.items())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Log(1e-6, 1.0), FloatDistribution(1e-6, 1.0, log=True)),
        (Linear(0.0, 0.9), FloatDistribution(0.0, 0.9)),
        (Integer(1, 3), IntDistribution(1, 3)),
        (LogInteger(20, 64, multiple=16), IntDistribution(32, 64, log=True)),
        (Choice(("a", (1, 2))), CategoricalDistribution(("a", "(1, 2)"))),
    ],
)
def test_each_distribution_has_its_twin(ours, theirs):
    """Scales and ends are the same."""
    assert optuna_distribution(ours) == theirs


def test_a_log_normal_is_log_uniform_between_its_ends():
    """Optuna has no normal priors."""
    assert optuna_distribution(LogNormal(0.01, 3.0)) == FloatDistribution(
        *LogNormal(0.01, 3.0).ends, log=True
    )


def test_suggestions_are_values_of_the_space():
    """Every suggested value can be drawn from the space too, off ones and multiples included."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    for _ in range(40):
        trial = study.ask()
        values = {name: suggest(trial, SPACE, name) for name in SPACE.names}

        assert all(SPACE[name].distribution.takes(value) for name, value in values.items())


def test_quiet_restores_the_log_also_after_an_error():
    """Optuna's verbosity and the warnings are the caller's again, whatever happened within."""
    before = optuna.logging.get_verbosity()

    def fail():
        with quiet():
            warnings.warn("unheard", UserWarning, stacklevel=1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert optuna.logging.get_verbosity() == before
    with pytest.warns(UserWarning, match="heard"):
        warnings.warn("heard", UserWarning, stacklevel=1)
