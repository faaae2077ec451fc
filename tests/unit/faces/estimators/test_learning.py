"""Facts about what ``fit`` makes of an estimator's settings."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from joblib import Parallel, delayed

from practicum.core.errors import ConfigError
from practicum.data.observations import observe
from practicum.faces.estimators.inputs import schema_of
from practicum.faces.estimators.learning import (
    learn,
    request_of,
    seed_of,
    starting_recipe,
    trials_frame,
    workers_of,
)
from practicum.recipe import Recipe
from practicum.recipe.space import Space

RECIPE = Recipe(num_steps=60, hidden_sizes=(8,))
SPACE = Space.from_mapping({"learning_rate": {"log": [0.01, 0.3]}}, base=RECIPE)

SETTINGS = {
    "budget": None,
    "trials": None,
    "space": None,
    "sampler": "zoom",
    "metric": "error",
    "seeds": 1,
    "folds": 1,
    "recipe": None,
    "device": "cpu",
    "random_state": None,
    "n_jobs": None,
}

FRAME = pl.DataFrame({"x": np.linspace(-1, 1, 60), "target": np.linspace(-1, 1, 60) ** 3})
SCHEMA = schema_of(FRAME.select("x"), "regression", "target", None)


def test_time_counts_only_where_nothing_else_ends_the_search():
    """Without a number of trials or of updates there is the usual minute; with one there is no clock."""
    assert request_of(SETTINGS, SCHEMA, 60).budget_seconds == 60
    assert request_of({**SETTINGS, "trials": 3}, SCHEMA, 60).budget_seconds is None
    assert request_of({**SETTINGS, "recipe": RECIPE}, SCHEMA, 60).budget_seconds is None
    assert request_of({**SETTINGS, "budget": "5s", "trials": 3}, SCHEMA, 60).budget_seconds == 5


def test_little_work_is_done_here():
    """A search that no clock ends forks nothing for few rows; with a clock all cores are used."""
    assert request_of({**SETTINGS, "trials": 3}, SCHEMA, 60).num_workers == 1
    assert request_of({**SETTINGS, "trials": 3}, SCHEMA, 60_000).num_workers is None
    assert request_of(SETTINGS, SCHEMA, 60).num_workers is None
    assert request_of({**SETTINGS, "n_jobs": 2}, SCHEMA, 60).num_workers == 2


def test_inside_a_parallel_loop_one_worker_is_enough():
    """Whoever runs several fits side by side has the cores already."""
    inside = Parallel(n_jobs=2, backend="threading")(delayed(workers_of)(None, quick=False) for _ in range(2))

    assert inside == [1, 1]
    assert workers_of(None, quick=False) is None
    assert workers_of(-1, quick=True) >= 1


@pytest.mark.parametrize("wrong", [0, 1.5, True, "all"])
def test_impossible_numbers_of_jobs_are_refused(wrong):
    """Zero, fractions, truth values, words."""
    with pytest.raises(ConfigError, match="`n_jobs` must be a whole number other than 0"):
        workers_of(wrong, quick=False)


def test_random_states_are_seeds():
    """A RandomState gives another seed at each call, the same in the same state; a generator of another kind none."""
    state = np.random.RandomState(3)

    assert seed_of(np.random.RandomState(3)) == seed_of(state) != seed_of(state)
    assert seed_of(5) == 5
    with pytest.raises(ConfigError, match="`random_state` must be None, a whole number or a RandomState"):
        seed_of("five")


def test_pictures_start_from_the_recipe_of_pictures():
    """Bytes of many columns share one scale; a recipe that was given is kept."""
    pictures = pl.DataFrame({f"x{k}": pl.Series([0, 255], dtype=pl.UInt8) for k in range(20)})

    assert starting_recipe(None, pictures, "target", "error").preprocess == "unit"
    assert starting_recipe(None, FRAME, "target", "error").preprocess == "standardise"
    assert starting_recipe(RECIPE, pictures, "target", "error") is RECIPE


def test_a_search_is_told_setting_by_setting():
    """The frame has a row for each, with its values; without a search it has none."""
    request = request_of({**SETTINGS, "space": SPACE, "trials": 3}, SCHEMA, 60)
    learned = learn(request, observe(FRAME), SCHEMA, verbose=False)
    told = trials_frame(learned)

    assert told["number"].to_list() == [0, 1, 2]
    assert told["learning_rate"].is_between(0.01, 0.3).all()
    assert learned.winner.values["learning_rate"] in told["learning_rate"]
    assert learned.baselines == ()
    assert len(trials_frame(None)) == 0


def test_progress_goes_to_stderr(capfd):
    """With ``verbose`` the phases are told, if they take long enough; nothing is printed without."""
    request = request_of({**SETTINGS, "recipe": RECIPE}, SCHEMA, 60)
    learn(request, observe(FRAME), SCHEMA, verbose=False)

    assert capfd.readouterr() == ("", "")
    learn(request, observe(FRAME), SCHEMA, verbose=True)
    assert capfd.readouterr().out == ""


def test_a_recipe_that_cannot_be_trained_is_refused():
    """The same message as everywhere."""
    hasty = Recipe(validate_every_steps=100, patience_steps=10, num_steps=1000)
    request = request_of({**SETTINGS, "recipe": hasty}, SCHEMA, 60)

    with pytest.raises(ConfigError, match="training would end before the first validation"):
        learn(request, observe(FRAME), SCHEMA, verbose=False)
