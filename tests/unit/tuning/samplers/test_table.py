"""The table of samplers; what each row promises is in tests/contracts/test_samplers.py."""

import pytest

from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.samplers.coordinate import CoordinateDescent
from practicum.tuning.samplers.grid import Grid
from practicum.tuning.samplers.optuna_sampler import OptunaSampler
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.samplers.random_search import Random
from practicum.tuning.samplers.table import make_sampler
from practicum.tuning.samplers.widening import Widening
from practicum.tuning.samplers.zoom import NUM_WIDE

SPACE = Space((Entry("learning_rate", Log(0.001, 1.0)),))


def test_each_name_makes_its_sampler():
    """The names of the command line lead to the classes."""
    kinds = {
        "zoom": Widening,
        "random": Random,
        "quasi-random": QuasiRandom,
        "grid": Grid,
        "coordinate": CoordinateDescent,
        "tpe": OptunaSampler,
    }

    assert all(type(make_sampler(name, SPACE, seed=0)) is kind for name, kind in kinds.items())


def test_the_size_of_a_pack_is_passed_on():
    """Quasi-random search arranges its trials by it."""
    assert make_sampler("quasi-random", SPACE, 0, pack_size=8).ask(8) == QuasiRandom(SPACE, 0, 8).ask(8)


@pytest.mark.parametrize(("num_trials", "num_wide"), [(None, NUM_WIDE), (8, 4), (2, 1), (1000, NUM_WIDE)])
def test_a_zoom_begins_after_half_of_few_trials(num_trials, num_wide):
    """One pack at least is wide."""
    zoom = make_sampler("zoom", SPACE, 0, num_trials=num_trials)

    assert (zoom.phase(num_wide - 1), zoom.phase(num_wide)) == ("wide", "zoom 1")
