"""Optuna's samplers, asked for packs."""

import math
import sys

import optuna
import pytest

from practicum.core.errors import ConfigError, MissingExtraError
from practicum.recipe.space import Entry, Linear, Log, LogInteger, Space
from practicum.tuning.samplers.optuna_sampler import OptunaSampler
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-5, 1.0)),
        Entry("momentum", Linear(0.1, 0.99)),
        Entry("width", LogInteger(16, 256, multiple=16)),
    )
)


def error_of(values):
    """Return an error with its best at a rate of 0.01 and a momentum of 0.9."""
    return 0.1 + 0.05 * math.log10(values["learning_rate"] / 0.01) ** 2 + (values["momentum"] - 0.9) ** 2


def best_of(sampler, num_trials, pack):
    """Return the best error of a search in packs."""
    errors = []
    while len(errors) < num_trials:
        values = sampler.ask(pack)
        outcomes = [error_of(v) for v in values]
        sampler.tell([Tried(len(errors) + i, v, error=outcomes[i]) for i, v in enumerate(values)])
        errors += outcomes
    return min(errors)


@pytest.mark.parametrize(("name", "num_trials"), [("tpe", 48), ("gp", 20), ("cmaes", 48)])
def test_it_learns_from_packs(name, num_trials):
    """Told packs, it beats the median of random searches of the same size."""
    random = sorted(best_of(Random(SPACE, seed), num_trials, 4) for seed in range(9))[4]

    assert best_of(OptunaSampler(SPACE, name, 0), num_trials, 4) < random


@pytest.mark.parametrize("name", ["tpe", "gp"])
def test_a_pack_has_different_trials(name):
    """Trials asked for together keep away from each other, once the sampler has begun to model."""
    sampler = OptunaSampler(SPACE, name, seed=0)
    best_of(sampler, 12, 12)

    assert len({tuple(values.values()) for values in sampler.ask(4)}) == 4


def test_a_region_that_diverges_is_left():
    """Told as the worst, not as failed, the rates that blow up, 40 % of the space, are hardly proposed any more."""
    sampler, rates = OptunaSampler(SPACE, "tpe", seed=0), []
    for _ in range(10):
        values = sampler.ask(8)
        diverged = [v["learning_rate"] > 0.01 for v in values]
        sampler.tell(
            [
                Tried(i, v, error=math.inf if d else 0.1 + 0.1 * v["momentum"], diverged=d)
                for i, (v, d) in enumerate(zip(values, diverged, strict=True))
            ]
        )
        rates += [v["learning_rate"] for v in values]

    assert sum(rate > 0.01 for rate in rates[-40:]) <= 4


def test_multiples_are_kept():
    """Widths are multiples of 16, though Optuna knows of none on a log scale."""
    assert all(v["width"] % 16 == 0 and v["width"] >= 16 for v in OptunaSampler(SPACE, "tpe", 0).ask(50))


def test_trials_of_an_earlier_phase_are_learned_from():
    """Told 40 random trials, the first pack lies nearer to their best than random ones."""
    told = [Tried(i, v, error=error_of(v)) for i, v in enumerate(Random(SPACE, 1).ask(40))]
    sampler = OptunaSampler(SPACE, "tpe", seed=0)
    sampler.tell(told)

    assert sum(map(error_of, sampler.ask(8))) / 8 < sum(one.error for one in told) / 40


def test_the_log_and_its_level_stay_as_they_are(capfd):
    """Optuna says nothing during our calls, and as much as before after them."""
    before = optuna.logging.get_verbosity()
    best_of(OptunaSampler(SPACE, "cmaes", seed=0), 16, 8)

    assert optuna.logging.get_verbosity() == before
    assert capfd.readouterr() == ("", "")


def test_an_unknown_name_is_refused_with_the_nearest():
    """A typo in the name is refused with a suggestion."""
    with pytest.raises(ConfigError, match=r'`name` must be one of tpe, .* Did you mean "cmaes"\?'):
        OptunaSampler(SPACE, "cma-es", seed=0)


def test_a_missing_package_is_named_with_its_command(monkeypatch):
    """CMA-ES says how to install what it needs."""
    monkeypatch.setitem(sys.modules, "cmaes", None)

    with pytest.raises(MissingExtraError, match=r'"cmaes" needs the package cmaes.*pip install cmaes'):
        OptunaSampler(SPACE, "cmaes", seed=0)
