"""Facts about the way from what users write to a request."""

import re
import time

import numpy as np
import pytest
from tests.made_outcomes import effort
from tests.made_runs import make_run

from practicum.core.errors import ConfigError, PracticumError, RecordError
from practicum.core.summary import Nested, OuterFold, Search, Summary
from practicum.faces.request import make_request
from practicum.recipe import Recipe
from practicum.recipe.space import PRESETS, Space
from practicum.tuning.samplers.table import SAMPLERS


def test_settings_arrive_checked(tmp_path):
    """Strings become paths, seconds and objects."""
    began = time.monotonic()
    request = make_request(
        data="x.csv", target="y", budget="2m", out=str(tmp_path / "new"), seeds=np.int64(3)
    )

    assert (request.data, request.target, request.budget_seconds) == ("x.csv", "y", 120.0)
    assert request.out == tmp_path / "new"
    assert (request.num_seeds, type(request.num_seeds)) == (3, int)
    assert began <= request.started <= time.monotonic()


def test_the_start_can_be_given():
    """A command counts from its process's start."""
    assert make_request(data="x.csv", target="y", started=1.5).started == 1.5


@pytest.mark.parametrize("form", ["file", "path", "mapping", "recipe"])
def test_a_recipe_comes_in_many_forms(tmp_path, form):
    """A file, its fields or the object give the same recipe."""
    recipe = Recipe(learning_rate=0.5)
    recipe.save(tmp_path / "r.yaml")
    given = {
        "file": str(tmp_path / "r.yaml"),
        "path": tmp_path / "r.yaml",
        "mapping": {"learning_rate": 0.5},
        "recipe": recipe,
    }[form]

    assert make_request(data="x.csv", target="y", recipe=given).recipe == recipe


def test_a_schema_comes_as_a_file(tmp_path):
    """It is read; a schema object is passed on."""
    from practicum.data.schema import Column, Schema

    schema = Schema(task="regression", target="y", columns=[Column(name="y", kind="numeric", role="target")])
    schema.save(tmp_path / "s.yaml")

    assert make_request(data="x.csv", target="y", schema=tmp_path / "s.yaml").schema == schema
    assert make_request(data="x.csv", target="y", schema=schema).schema is schema


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"budget": "soon"}, "`budget` must be a time"),
        ({"seeds": 0}, "`seeds` must be a whole number >= 1, but got seeds=0"),
        ({"seeds": 2.5}, "`seeds` must be a whole number >= 1, but got seeds=2.5"),
        ({"seed": "a"}, "`seed` must be a whole number, but got seed=a"),
        ({"seed": True}, "`seed` must be a whole number, but got seed=True"),
        ({"task": "multiclas"}, 'task=multiclas. Did you mean "multiclass"'),
        ({"recipe": {"learning_rat": 1}}, 'Did you mean "learning_rate"'),
        ({"recipe": "absent.yaml"}, "absent.yaml does not exist"),
        ({"trials": 0}, "`trials` must be a whole number >= 1, but got trials=0"),
        ({"folds": 0}, "`folds` must be a whole number >= 1, but got folds=0"),
        ({"workers": 1.5}, "`workers` must be a whole number >= 1, but got workers=1.5"),
        ({"sampler": "bayes"}, "`sampler` must be one of zoom, random, quasi-random"),
        ({"sampler": "quasirandom"}, 'sampler=quasirandom. Did you mean "quasi-random"'),
        ({"space": "chaptr"}, 'space=chaptr. Did you mean "chapter"'),
        ({"space": "absent.yaml"}, "absent.yaml does not exist"),
        ({"space": {"learning_rat": {"log": [0.1, 1]}}}, 'Did you mean "learning_rate"'),
        ({"space": {"learning_rate": {"log": [1.0, 0.1]}}}, "`low` must be < high"),
        ({"replay": "absent"}, "`run` must be the folder of a run, but got run=absent (it does not exist)"),
    ],
)
def test_settings_that_cannot_work_are_told(settings, message):
    """Each has its message; no data are touched before."""
    with pytest.raises(PracticumError, match=re.escape(message)):
        make_request(data="x.csv", target="y", **settings)


@pytest.mark.parametrize(
    "searching",
    [
        {"trials": 3},
        {"space": "small"},
        {"space": {"momentum": {"linear": [0, 1]}}},
        {"replay": "some"},
        {"sampler": "tpe"},
        {"scientific": "dropout"},
        {"batch_sizes": "auto"},
        {"diagnosis": False},
        {"grid": True},
        {"storage": "study.journal"},
    ],
)
def test_a_recipe_is_not_searched(searching):
    """What a search would need beside it is refused, with a way out, before any of it is read."""
    name, value = next(iter(searching.items()))

    with pytest.raises(
        ConfigError,
        match=rf"`{name}` must be left out where `recipe` is given, .* but got {name}={re.escape(str(value))}\. Give",
    ):
        make_request(data="x.csv", target="y", recipe={"learning_rate": 0.1}, **searching)


@pytest.mark.parametrize("form", ["file", "path", "mapping", "space"])
def test_a_space_comes_in_many_forms(tmp_path, form):
    """A file, its entries or the object give the same space."""
    plain = {"learning_rate": {"log": [0.001, 1.0]}, "hidden_sizes": [6]}
    space = Space.from_mapping(plain)
    space.save(tmp_path / "s.yaml")
    given = {
        "file": str(tmp_path / "s.yaml"),
        "path": tmp_path / "s.yaml",
        "mapping": plain,
        "space": space,
    }[form]

    assert make_request(data="x.csv", target="y", space=given).space == space


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_stays_a_name_until_the_data_are_known(name):
    """Its ranges depend on how many rows there are."""
    assert make_request(data="x.csv", target="y", space=name).space == name


@pytest.mark.parametrize("name", list(SAMPLERS))
def test_every_strategy_can_be_asked_for(name):
    """By its row in the table."""
    assert make_request(data="x.csv", target="y", sampler=name).sampler == name


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [({}, 60.0), ({"trials": 8}, None), ({"trials": 8, "budget": "9s"}, 9.0)],
)
def test_a_number_of_trials_needs_no_budget(settings, seconds):
    """Where one is given as well, it holds."""
    request = make_request(data="x.csv", target="y", **settings)

    assert request.budget_seconds == seconds
    assert request.num_trials == settings.get("trials")


DECISIONS = {"phases": {"search": [0, 1]}}


def searched_run(path):
    """Write a run that searched, with seed 4 and by AUC; return its folder."""
    folder = make_run(path)
    search = Search(strategy="zoom", num_settings=2)
    summary = Summary.load(folder)
    split = summary.split.model_copy(update={"seed": 4})
    summary.model_copy(
        update={"search": search, "split": split, "metric": "auc", "decisions": DECISIONS}
    ).save(folder)
    return folder


def test_a_replay_takes_what_the_run_decided(tmp_path):
    """Its seed, its metric and what time decided; no clock limits it."""
    request = make_request(data="x.csv", target="y", replay=searched_run(tmp_path / "run"))

    assert request.decisions == DECISIONS
    assert (request.seed, request.metric, request.budget_seconds) == (4, "auc", None)


def test_a_replay_with_another_seed_is_refused(tmp_path):
    """It would not be the same again; the run's own seed may be said."""
    folder = searched_run(tmp_path / "run")

    assert make_request(data="x.csv", target="y", replay=folder, seed=4).seed == 4
    with pytest.raises(ConfigError, match=r"`seed` must be left out with `replay`, .* but got seed=5"):
        make_request(data="x.csv", target="y", replay=folder, seed=5)


@pytest.mark.parametrize(
    "other",
    [
        {"budget": "9s"},
        {"trials": 3},
        {"space": "small"},
        {"sampler": "tpe"},
        {"scientific": "dropout"},
        {"batch_sizes": "off"},
        {"diagnosis": False},
        {"folds": 2},
        {"seeds": 2},
        {"grid": True},
        {"metric": "log_loss"},
    ],
)
def test_a_replay_takes_nothing_but_the_runs(tmp_path, other):
    """What would be ignored is refused."""
    folder = searched_run(tmp_path / "run")
    name, value = next(iter(other.items()))

    with pytest.raises(
        ConfigError,
        match=rf"`{name}` must be left out with `replay`, .* but got {name}={value}\. Search anew",
    ):
        make_request(data="x.csv", target="y", replay=folder, **other)


def test_a_replay_may_be_told_what_the_run_did(tmp_path):
    """The grid is drawn again without being asked for; its word and the metric's do no harm."""
    folder = searched_run(tmp_path / "run")
    Summary.load(folder).model_copy(update={"decisions": {"grid_steps": 9}}).save(folder)

    assert make_request(data="x.csv", target="y", replay=folder).grid
    assert make_request(data="x.csv", target="y", replay=folder, grid=True, metric="auc").grid


def test_a_replay_takes_the_recipe_that_a_run_was_given(tmp_path):
    """As it was given; a run that does not say so is refused."""
    folder, given = make_run(tmp_path / "run"), Recipe(learning_rate=0.3, hidden_sizes=(5,))
    with pytest.raises(RecordError, match="`replay` must name a finished run, but it does not say"):
        make_request(data="x.csv", target="y", replay=folder)
    decisions = effort(Space((), given)).as_plain()
    Summary.load(folder).model_copy(update={"decisions": decisions}).save(folder)
    request = make_request(data="x.csv", target="y", replay=folder)

    assert (request.recipe, request.decisions, request.budget_seconds) == (given, decisions, None)


def test_out_that_exists_is_told_before_anything_is_read(tmp_path):
    """Minutes of training must not end in a refused folder."""
    with pytest.raises(ConfigError, match="`out` must be a new folder"):
        make_request(data="x.csv", target="y", out=tmp_path)


def test_a_recipe_that_says_its_updates_needs_no_budget() -> None:
    """The clock of the first run is written into the recipe; the second must not be cut by another clock."""
    assert make_request(data="x.csv", target="y", recipe={"num_steps": 50}).budget_seconds is None
    assert make_request(data="x.csv", target="y", recipe={}).budget_seconds == 60.0
    assert make_request(data="x.csv", target="y", recipe={"num_steps": 50}, budget="9s").budget_seconds == 9.0


def test_the_seed_is_the_recipes_unless_given() -> None:
    """A recipe alone splits the rows as its run did."""
    assert make_request(data="x.csv", target="y", recipe={"seed": 3}).seed == 3
    assert make_request(data="x.csv", target="y", recipe={"seed": 3}, seed=4).seed == 4
    assert make_request(data="x.csv", target="y").seed == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"metric": "acu"},
            r'`metric` must be one of error, balanced_error, .* but got metric=acu. Did you mean "auc"',
        ),
        (
            {"metric": "auc", "task": "regression"},
            "one of error, rmse, mae for regression, but got metric=auc",
        ),
        ({"metric": "rmse", "task": "binary"}, "for a binary target, but got metric=rmse"),
    ],
)
def test_a_measure_that_does_not_fit_is_refused_at_once(settings, message):
    """A typo before anything is read; a measure of another task as soon as the task is known."""
    with pytest.raises(ConfigError, match=message):
        make_request(data="absent.csv", target="y", **settings)


def test_a_measure_waits_for_a_task_that_is_read_off_the_target():
    """It may fit."""
    assert make_request(data="absent.csv", target="y", metric="mae").metric == "mae"


def test_a_run_that_goes_on_is_named_by_its_folder(tmp_path):
    """The one it was to have, or the unfinished one beside it."""
    for name in ("run", "run.unfinished"):
        request = make_request(data="x.csv", target="y", resume=tmp_path / name)

        assert (request.out, request.resume) == (tmp_path / "run", True)
    assert make_request(data="x.csv", target="y", resume=tmp_path / "run", out=tmp_path / "run").resume


def test_a_run_that_goes_on_lies_in_one_place(tmp_path):
    """Another one is refused."""
    with pytest.raises(ConfigError, match="`out` must be left out with `resume`"):
        make_request(data="x.csv", target="y", resume=tmp_path / "run", out=tmp_path / "other")


def test_outer_folds_arrive():
    """As many trials as there are runs is the least."""
    assert make_request(data="x.csv", target="y", nested=5).num_outer == 5
    assert make_request(data="x.csv", target="y", nested=5, trials=6).num_trials == 6


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"nested": 1}, "`nested` must be a whole number >= 2"),
        ({"nested": 5, "trials": 5}, "`trials` must be more than `nested`.*Use at least 60"),
        ({"nested": 5, "time": "t"}, "`nested` must be left out where rows are split by time"),
        ({"space": {"learning_rate": 0.1}}, "`space` must vary at least one setting"),
    ],
)
def test_what_outer_folds_and_spaces_cannot_do_is_refused(settings, message):
    """Before anything is read."""
    with pytest.raises(ConfigError, match=message):
        make_request(data="absent.csv", target="y", **settings)


def test_a_replay_takes_the_outer_folds_of_the_run(tmp_path):
    """Those that were whole; another number is refused."""
    folder = searched_run(tmp_path / "run")
    folds = [OuterFold(num_rows=9, error=0.1, decisions={"cut": {str(k): [9, 5]}}) for k in range(2)]
    Summary.load(folder).model_copy(update={"nested": Nested(num_folds=3, folds=folds)}).save(folder)
    request = make_request(data="x.csv", target="y", replay=folder)

    assert request.num_outer == 3
    assert request.outer_decisions == tuple(fold.decisions for fold in folds)
    with pytest.raises(ConfigError, match="`nested` must be left out with `replay`"):
        make_request(data="x.csv", target="y", replay=folder, nested=2)
