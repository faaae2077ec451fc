"""Facts about the way from what users write to a request."""

import time

import numpy as np
import pytest

from practicum.core.errors import ConfigError
from practicum.faces.request import make_request
from practicum.recipe import Recipe


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
    ],
)
def test_settings_that_cannot_work_are_told(settings, message):
    """Each has its message; no data are touched before."""
    with pytest.raises(ConfigError, match=message.replace(".", r"\.")):
        make_request(data="x.csv", target="y", **settings)


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
