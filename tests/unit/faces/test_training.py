"""Facts about `practicum.fit`; training itself is replaced."""

import time

import pytest
from tests.made_runs import TABLE, make_run

from practicum import experiment
from practicum.core.errors import ConfigError
from practicum.core.summary import Summary
from practicum.engine.clock import Progress
from practicum.faces.progress import LINE_SECONDS
from practicum.faces.training import fit


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """Replace training by an untrained run; the requests that reached it."""
    requests = []

    def train(request, report=experiment.ignore):
        requests.append(request)
        report(Progress("read", 0.1))
        time.sleep(LINE_SECONDS)
        report(Progress("search", 0.5))
        return Summary.load(make_run(tmp_path / "run"))

    monkeypatch.setattr(experiment, "fit", train)
    return requests


def test_settings_reach_the_request(asked):
    """And the finished run comes back."""
    run = fit(
        TABLE, target="binary", budget="2m", seeds=3, seed=7, recipe={"learning_rate": 0.5}, group="job"
    )

    (request,) = asked
    assert request.data is TABLE
    assert (request.budget_seconds, request.num_seeds, request.seed) == (120.0, 3, 7)
    assert (request.recipe.learning_rate, request.group) == (0.5, "job")
    assert run.summary.target == "binary"
    assert len(run.predict(TABLE)) == len(TABLE)


def test_settings_of_the_search_reach_the_request(asked):
    """A number of settings, a space as a mapping, the strategy, folds and measure."""
    space = {"learning_rate": {"log": [0.001, 1.0]}, "hidden_sizes": [6]}
    fit(TABLE, target="binary", trials=4, space=space, sampler="random", folds=2, metric="auc", workers=1)

    (request,) = asked
    assert (request.num_trials, request.budget_seconds, request.sampler) == (4, None, "random")
    assert (request.num_folds, request.metric, request.num_workers) == (2, "auc", 1)
    assert request.diagnosis
    assert request.space.names == ("learning_rate",)
    assert request.space.base.hidden_sizes == (6,)


def test_a_diagnosis_can_be_left_out(asked):
    """Halving alone decides then."""
    fit(TABLE, target="binary", trials=4, diagnosis=False)

    assert not asked[0].diagnosis


def test_a_recipe_beside_a_search_is_refused(asked):
    """One or the other."""
    with pytest.raises(ConfigError, match="`trials` must be left out where `recipe` is given"):
        fit(TABLE, target="binary", trials=4, recipe={"learning_rate": 0.5})

    assert asked == []


def test_it_is_quiet_unless_asked(asked, tmp_path, capsys):
    """A library does not talk."""
    fit(TABLE, target="binary")

    assert capsys.readouterr() == ("", "")


def test_it_shows_progress_when_asked(asked, capsys):
    """On stderr."""
    fit(TABLE, target="binary", verbose=True)

    said = capsys.readouterr()
    assert said.out == ""
    assert "search" in said.err


def test_mistakes_are_raised_before_training(asked):
    """As from the command line."""
    with pytest.raises(ConfigError, match="`budget` must be a time"):
        fit(TABLE, target="binary", budget="soon")

    assert asked == []
