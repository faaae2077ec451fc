"""Facts about settings that are read back from a summary."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from tests.made_outcomes import learnable
from tests.made_searches import SPACE, made_search

from practicum import experiment
from practicum.core.errors import ConfigError
from practicum.core.estimates.rough import doubt_of
from practicum.core.summary import Summary
from practicum.data.pipeline import load
from practicum.engine.clock import Clock
from practicum.faces.request import make_request
from practicum.report.answers import conclusion_of
from practicum.report.assemble import summarise
from practicum.report.tried import search_of_run, space_of_run, tried_of_run


def test_only_the_search_is_read():
    """Neither final trainings nor the small grid."""
    assert [one.number for one in tried_of_run(made_search(40))] == list(range(40))


def test_a_setting_is_the_mean_of_its_folds():
    """Errors are averaged, seconds added up."""
    alone, folded = tried_of_run(made_search(10)), tried_of_run(made_search(10, num_folds=3))

    assert [one.number for one in folded] == list(range(10))
    for one, three in zip(alone, folded, strict=True):
        assert three.error == pytest.approx(one.error + 0.01) or math.isinf(one.error)
        assert three.cost == pytest.approx(3 * one.cost)


def test_a_setting_without_one_of_its_folds_has_no_error():
    """It was never begun there."""
    summary = made_search(10, num_folds=3)
    first = next(trial for trial in summary.trials if trial.status != "diverged")
    without = summary.model_copy(update={"trials": [one for one in summary.trials if one is not first]})
    (found,) = [one for one in tried_of_run(without) if one.number == first.number // 3]

    assert found.error == math.inf
    assert math.isnan(found.standard_error)


def test_how_a_setting_ended_is_known():
    """Diverged ones have no error; the others a standard error by the validation rows."""
    for one in tried_of_run(made_search(60)):
        assert one.diverged == (one.values["learning_rate"] > 0.5) == math.isinf(one.error)
        assert one.halted == (not one.diverged and one.number % 3 == 0)
        assert one.phase == ("wide" if one.number < 45 else "zoom")
        assert one.age == 32 * (100 + one.number)


def test_the_doubt_is_that_of_the_runs_metric():
    """By the validation rows of each class, in all folds together."""
    summary = made_search(10, num_folds=3)
    sizes = (150, 50)
    rows = summary.rows.model_copy(update={"valid_sizes": sizes})
    found = tried_of_run(summary.model_copy(update={"metric": "auc", "rows": rows}))
    known = [one for one in found if math.isfinite(one.error)]

    assert known
    for one in known:
        assert one.standard_error == doubt_of("auc", "binary", sizes)(one.error, 3)


def test_the_space_comes_back():
    """With its roles, around the recipe that was not varied."""
    base = SPACE.base.changed(batch_size=64)
    decisions = {"base": base.model_dump(mode="json")}
    summary = made_search().model_copy(update={"decisions": decisions})

    assert space_of_run(summary) == SPACE.with_base(base)
    assert space_of_run(made_search()) == SPACE


def test_a_run_that_did_not_search_is_said():
    """A recipe was given."""
    summary = made_search().model_copy(update={"search": None})

    with pytest.raises(
        ConfigError, match=r"`run` must be one that searched, but runs/x trained a given recipe"
    ):
        search_of_run(summary)


@pytest.mark.parametrize("folds", [1, 3])
def test_what_is_read_back_is_what_the_search_saw(tmp_path, folds):
    """A real search: errors, costs, ages, standard errors and endings to the bit."""
    space = {"learning_rate": {"log": [1e-3, 1]}, "num_steps": 60, "hidden_sizes": [6]}
    data = learnable(200).select("size", "width", "binary")
    request = make_request(
        data=data, target="binary", trials=6, seeds=1, folds=folds, space=space, sampler="random"
    )
    clock = Clock(request.started, math.inf)
    learned = experiment.learn(request, load(data, "binary", None), clock)
    summary, _ = summarise(learned, clock, created=datetime.now(UTC), run=tmp_path, command="")
    summary.save(tmp_path)
    found = tried_of_run(Summary.load(tmp_path))

    assert len(found) == len(learned.hunt.found.tried)
    for mine, live in zip(found, learned.hunt.found.tried, strict=True):
        assert (mine.number, mine.values, mine.phase, mine.age) == (
            live.number,
            live.values,
            live.phase,
            live.age,
        )
        assert (mine.error, mine.cost, mine.seed) == (live.error, live.cost, live.seed)
        assert (mine.diverged, mine.halted) == (live.diverged, live.halted)
        assert mine.standard_error == live.standard_error
        assert (mine.loss, mine.near_error) == (live.loss, live.near_error)
    assert conclusion_of(summary).as_data() == summary.search.conclusion
