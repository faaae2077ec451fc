"""What every sampler promises, one row a sampler; and what Optuna asks of those of its kind."""

import math

import optuna
import pytest
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase,
    MultiObjectiveSamplerTestCase,
    RelativeSamplerTestCase,
)

from practicum.core.errors import ConfigError
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
from practicum.tuning.samplers.for_optuna import ForOptuna
from practicum.tuning.samplers.table import SAMPLERS, make_sampler
from practicum.tuning.trial import Tried

NAMES = sorted(SAMPLERS)
DIVISION_FREE = ("random", "quasi-random", "grid")
ENDLESS = ("random", "quasi-random", "zoom", "tpe", "gp", "cmaes")


def mixed_space():
    """Return a space with every kind of distribution, conditions and structure."""
    return Space(
        (
            Entry("learning_rate", Log(1e-4, 1.0)),
            Entry("update_rule", Choice(("sgd", "adam"))),
            Entry("momentum", Linear(0.1, 0.99), when={"update_rule": ("sgd",)}),
            Entry("l2_penalty", SometimesOff(Log(1e-6, 1.0))),
            Entry("num_layers", Integer(1, 3)),
            Entry("width", LogInteger(16, 128, multiple=16)),
            Entry("init_scale", LogNormal(1.0, 0.5)),
        )
    )


def few_values():
    """Return a space of six combinations."""
    return Space((Entry("activation", Choice(("tanh", "relu"))), Entry("num_layers", Integer(1, 3))))


def error_of(values):
    """Return a made-up error with its best near a rate of 0.01."""
    return 0.1 + 0.1 * abs(math.log10(values["learning_rate"] / 0.01)) + 0.01 * values["num_layers"]


def run(sampler, num_rounds=2, count=6, outcome=lambda number, values: {"error": error_of(values)}):
    """Ask and tell in turn; return all values proposed."""
    proposed = []
    for _ in range(num_rounds):
        values = sampler.ask(count)
        numbers = range(len(proposed), len(proposed) + len(values))
        sampler.tell([Tried(i, v, **outcome(i, v)) for i, v in zip(numbers, values, strict=True)])
        proposed += values
    return proposed


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_proposes_the_same(name):
    """Two searches of equal seed, asked and told the same, propose the same."""
    proposed = []
    for _ in range(2):
        sampler = make_sampler(name, mixed_space(), seed=3, pack_size=4)
        first = run(sampler)
        # With these, Optuna's samplers have the ten trials from which on they model.
        others = make_sampler("random", mixed_space(), seed=9).ask(5)
        sampler.tell([Tried(100 + i, values, error=error_of(values)) for i, values in enumerate(others)])
        proposed.append(first + sampler.ask(3))

    assert proposed[0] == proposed[1]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "grid"])
def test_another_seed_proposes_something_else(name):
    """The seed matters, except to a grid."""
    first = run(make_sampler(name, mixed_space(), seed=3))
    second = run(make_sampler(name, mixed_space(), seed=4))

    assert first != second


@pytest.mark.parametrize("name", NAMES)
def test_what_is_proposed_is_a_recipe(name):
    """Every value lies in its distribution, and the values make a recipe of the space."""
    space = mixed_space()
    proposed = run(make_sampler(name, space, seed=0, pack_size=4))

    assert len(proposed) == 12
    for values in proposed:
        assert all(space[entry].distribution.takes(value) for entry, value in values.items())
        space.recipe(values)


@pytest.mark.parametrize("name", NAMES)
def test_conditions_are_respected(name):
    """Momentum has a value where the rule uses it, and nowhere else; all others always have one."""
    proposed = run(make_sampler(name, mixed_space(), seed=0, pack_size=1))

    assert all(("momentum" in values) == (values["update_rule"] == "sgd") for values in proposed)
    assert all(len(values) == 6 + ("momentum" in values) for values in proposed)


@pytest.mark.parametrize("name", DIVISION_FREE)
def test_how_asks_are_divided_changes_nothing(name):
    """Trial i is the same asked one by one, at once, or among more."""
    one_by_one = make_sampler(name, mixed_space(), seed=0, pack_size=4)
    at_once = make_sampler(name, mixed_space(), seed=0, pack_size=4)

    assert [one_by_one.ask(1)[0] for _ in range(20)] == at_once.ask(50)[:20]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("error", [math.inf, math.nan])
def test_a_search_in_which_all_diverged_goes_on(name, error):
    """Without one finite error there are still new trials."""
    sampler = make_sampler(name, mixed_space(), seed=0, pack_size=4)
    proposed = run(sampler, outcome=lambda number, values: {"error": error, "diverged": True})

    assert len(proposed) == 12


@pytest.mark.parametrize("name", NAMES)
def test_diverged_and_halted_trials_are_taken(name):
    """A search told finite, infinite and halted outcomes in turn goes on."""

    def outcome(number, values):
        if number % 3 == 0:
            return {"error": math.inf, "diverged": True}
        return {"error": error_of(values), "halted": number % 3 == 1}

    assert len(run(make_sampler(name, mixed_space(), seed=0, pack_size=4), outcome=outcome)) == 12


@pytest.mark.parametrize("name", NAMES)
def test_trials_of_others_are_taken(name):
    """Told trials that it never proposed, in a range that is partly another, a sampler goes on."""
    sampler = make_sampler(name, mixed_space(), seed=0)
    others = [
        Tried(i, values, error=error_of(values))
        for i, values in enumerate(make_sampler("random", mixed_space(), seed=9).ask(6))
    ]
    outside = Tried(6, {**others[0].values, "learning_rate": 10.0}, error=0.9)
    sampler.tell([*others, outside])

    assert len(sampler.ask(4)) == 4


@pytest.mark.parametrize("name", NAMES)
def test_asked_for_nothing_there_is_nothing(name):
    """An ask for no trial returns none."""
    assert make_sampler(name, mixed_space(), seed=0).ask(0) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_small_space_is_exhausted_or_repeated(name):
    """Where six combinations are all there is, the endless samplers repeat and the others stop at six."""
    sampler = make_sampler(name, few_values(), seed=0)
    proposed = [values for _ in range(5) for values in sampler.ask(4)]

    assert len(proposed) == 20 if name in ENDLESS else len(proposed) <= 6
    assert name in ENDLESS or sampler.ask(3) == []


@pytest.mark.parametrize("name", ["random", "quasi-random"])
def test_32_trials_try_32_values_of_every_number(name):
    """Where only one of five matters, 32 trials have tried it 32 times; a grid of 2^5 only twice [3.4-02]."""
    names = ("learning_rate", "l2_penalty", "l1_penalty", "init_scale", "decoupled_decay")
    space = Space((*(Entry(name, Log(1e-4, 1.0)) for name in names[:4]), Entry("momentum", Linear(0.1, 0.9))))
    trials = make_sampler(name, space, seed=0, pack_size=8).ask(32)

    assert all(len({trial[entry] for trial in trials}) == 32 for entry in space.names)


def test_an_unknown_sampler_is_named_with_the_nearest():
    """A typo in the name is refused with a suggestion."""
    with pytest.raises(ConfigError, match=r'`sampler` must be one of .* Did you mean "quasi-random"\?'):
        make_sampler("quasirandom", few_values(), seed=0)


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
class TestQuasiRandomForOptuna(BasicSamplerTestCase, RelativeSamplerTestCase, MultiObjectiveSamplerTestCase):
    """Optuna's own contract, for our quasi-random points."""

    @pytest.fixture
    def sampler(self):
        """Return what makes the sampler."""
        return lambda: ForOptuna("quasi-random", seed=0)


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
class TestRandomForOptuna(BasicSamplerTestCase, MultiObjectiveSamplerTestCase):
    """Optuna's own contract, for our random points, which are all drawn alone."""

    @pytest.fixture
    def sampler(self):
        """Return what makes the sampler."""
        return lambda: ForOptuna("random", seed=0)


@pytest.mark.parametrize("kind", ["random", "quasi-random"])
def test_optuna_gets_the_same_points_again(kind):
    """Two of Optuna's studies with our sampler and one seed try the same."""
    tried = []
    for _ in range(2):
        study = optuna.create_study(sampler=ForOptuna(kind, seed=5))
        study.optimize(
            lambda trial: trial.suggest_float("x", 0, 1) + trial.suggest_int("n", 1, 9), n_trials=8
        )
        tried.append([trial.params for trial in study.trials])

    assert tried[0] == tried[1]
    assert len({params["x"] for params in tried[0]}) == 8
