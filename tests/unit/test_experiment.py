"""Facts about the main path's own decisions: what is refused, what is tried, what a Ctrl-C keeps, what is written."""

import math
import shlex
from pathlib import Path
from time import monotonic

import numpy as np
import polars as pl
import pytest
from tests.made_outcomes import SMALL, learnable, table

from practicum import experiment
from practicum.core.errors import ConfigError, DataError, DivergedError
from practicum.engine.workers import Workers
from practicum.experiment import Request, again, default_recipe, fit, plan
from practicum.recipe import Recipe
from practicum.report import assemble
from practicum.runs.layout import FILES
from practicum.runs.weights import load_members

QUICK = SMALL.changed(num_steps=60)
ENDLESS = SMALL.changed(early_stopping=False)


def request(path, task="binary", **values):
    """Return a request for two seeds whose time is long over, so that every phase is as short as it can be."""
    late = {"budget_seconds": 10.0, "started": monotonic() - 100}
    return Request(
        **{"data": table(task), "target": task, "out": path / "run", "num_seeds": 2, **late, **values}
    )


def weights(path):
    """Return the members' parameters in a run folder."""
    return load_members(path / FILES["weights"])[0]


def same(one, other):
    """Return whether two committees agree in every bit."""
    pairs = zip(one, other, strict=True)
    return all(a[name].equal(b[name]) for a, b in pairs for name in a)


class Interruption:
    """Presses Ctrl-C in a phase, after so many rungs of it."""

    def __init__(self, monkeypatch, phase, after):
        self.phase, self.after, self.now, self.rungs = phase, after, "", 0
        monkeypatch.setattr(Workers, "advance", self._advance(Workers.advance))

    def _advance(self, real):
        def advance(workers, packs, until):
            if self.now == self.phase:
                self.rungs += 1
                if self.rungs > self.after:
                    raise KeyboardInterrupt
            return real(workers, packs, until)

        return advance

    def watch(self, progress):
        """Take in which phase it is."""
        self.now = progress.phase


@pytest.mark.parametrize("run", [fit, plan])
@pytest.mark.parametrize("budget", [None, math.inf])
def test_a_training_that_nothing_ends_is_refused(run, budget, tmp_path):
    """No early stopping, no number of updates, no budget: said at once, before anything is read."""
    endless = Request(data="absent.csv", target="y", budget_seconds=budget, recipe=ENDLESS)

    with pytest.raises(ConfigError, match=r"`num_steps` must be a number where .* but got num_steps=None"):
        run(endless)


@pytest.mark.parametrize("run", [fit, plan])
@pytest.mark.parametrize("num_steps", [None, 90])
def test_a_training_that_ends_before_it_is_validated_is_refused(run, num_steps):
    """Not told as divergence: patience would run out first."""
    recipe = SMALL.changed(validate_every_steps=80, patience_steps=60, num_steps=num_steps)

    with pytest.raises(
        ConfigError,
        match=r"`validate_every_steps` must be <= patience_steps=60, but got validate_every_steps=80",
    ):
        run(Request(data="absent.csv", target="y", recipe=recipe))


@pytest.mark.parametrize(
    "settings",
    [
        {"recipe": SMALL.changed(validate_every_steps=80, patience_steps=60, num_steps=50)},
        {"recipe": ENDLESS.changed(num_steps=60), "budget_seconds": None},
        {"recipe": ENDLESS},
        {"recipe": SMALL.changed(patience_steps=60, patience_increase=1.0), "budget_seconds": None},
    ],
)
def test_a_training_that_something_ends_is_not(settings, tmp_path):
    """A number of updates, a budget, or patience is enough."""
    found = fit(request(tmp_path, num_seeds=1, **settings))

    assert [trial.status for trial in found.trials] in (["num_steps"], ["budget"], ["patience"])


def test_a_plan_writes_and_trains_nothing(tmp_path, monkeypatch):
    """Not even the baselines, nor a folder to see whether it could be written."""

    def forbidden(*_given, **_named):
        raise AssertionError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Workers, "advance", forbidden)
    monkeypatch.setattr(experiment, "fit_baselines", forbidden)
    found = plan(request(tmp_path, out=None))

    assert list(tmp_path.iterdir()) == []
    assert "Search   13 learning rates from 1e-06 to 1" in found
    assert "5 → 128 → 128 → 128 → 1" in found
    assert "Budget   10 s for everything" in found
    assert "2 seeds" in found


def test_a_plan_of_a_recipe_names_it(tmp_path):
    """Its rate and its network, no search."""
    found = plan(request(tmp_path, recipe=QUICK, budget_seconds=None))

    assert "Recipe   learning rate 0.1, as given" in found
    assert "5 → 6 → 1" in found
    assert "Search" not in found


def test_pixels_are_scaled_together():
    """Bytes of an image are divided by 255, other tables standardised [3.2-38]."""
    assert default_recipe(is_pixels=True) == Recipe(preprocess="unit")
    assert default_recipe(is_pixels=False) == Recipe()


def test_pixels_are_recognised_on_the_way(tmp_path):
    """The recipe that is found says so."""
    random = np.random.default_rng(0)
    dark = np.arange(80) % 2
    pixels = {f"p{k}": pl.Series(random.integers(0, 100, 80) + 100 * dark, dtype=pl.UInt8) for k in range(16)}
    found = fit(request(tmp_path, data=pl.DataFrame({**pixels, "dark": dark}), target="dark"))

    assert found.recipe["preprocess"] == "unit"


def test_the_line_that_does_it_again_can_be_pasted():
    """Words with spaces are quoted; the run's own recipe and schema, the same seeds."""
    asked = Request(
        data="my data.csv", target="the target", test=Path("new rows.csv"), group="shop", time="day", seed=3
    )
    words = shlex.split(again(asked, "my data.csv", Path("runs/a b"), 4))

    assert words[:5] == ["practicum", "fit", "my data.csv", "--target", "the target"]
    given = dict(zip(words[3::2], words[4::2], strict=True))
    assert given == {
        "--target": "the target",
        "--test": "new rows.csv",
        "--group": "shop",
        "--time": "day",
        "--recipe": str(Path("runs/a b/recipe.yaml")),
        "--schema": str(Path("runs/a b/schema.yaml")),
        "--seeds": "4",
        "--seed": "3",
    }


@pytest.mark.parametrize("place", ["data", "test"])
def test_no_line_can_name_a_table_in_memory(place):
    """Nothing is said rather than a line that would not run."""
    asked = Request(**{"data": "a.csv", "test": "b.csv", "target": "y", place: learnable()})

    assert again(asked, "a.csv", Path("run"), 2) == ""


def test_a_given_recipe_is_not_searched(tmp_path):
    """Its seeds alone are trained, and it comes back as it was."""
    found = fit(request(tmp_path, recipe=QUICK, seed=5))

    assert found.learning_rate is None
    assert found.phase_seconds.keys() == {"reading", "preparing", "baselines", "recipe", "testing"}
    assert [(trial.phase, trial.seed, trial.num_steps) for trial in found.trials] == [
        ("recipe", 5, 25),
        ("recipe", 6, 25),
    ]
    assert Recipe.load(tmp_path / "run" / FILES["recipe"]) == QUICK.changed(seed=5, num_steps=25)


@pytest.mark.parametrize(
    ("settings", "budget", "status", "num_steps"),
    [
        pytest.param({"num_steps": 60}, None, "num_steps", 60, id="all updates done"),
        pytest.param({"patience_steps": 60, "patience_increase": 1.0}, None, "patience", 62, id="patience"),
        pytest.param({}, 10.0, "budget", 25, id="the clock"),
    ],
)
def test_the_recipe_that_is_kept_ends_where_its_run_ended(settings, budget, status, num_steps, tmp_path):
    """Also where patience ended it: one update more is granted, for the last of a given number is validated."""
    found = fit(request(tmp_path, recipe=SMALL.changed(**settings), budget_seconds=budget))

    assert {trial.status for trial in found.trials} == {status}
    assert found.recipe["num_steps"] == num_steps


def test_time_that_is_over_still_gives_a_network(tmp_path):
    """Every phase does its first rung: searched, trained, tested and saved, however late it is."""
    found = fit(request(tmp_path))

    assert {"wide", "zoom", "seeds"} <= {trial.phase for trial in found.trials}
    assert {trial.num_steps for trial in found.trials} == {25}
    assert found.test.error < 1
    assert found.interrupted is False


def test_where_all_diverge_that_is_the_error(tmp_path):
    """A rate of a million: the rates are named, nothing is written."""
    wild = request(tmp_path, "regression", recipe=QUICK.changed(learning_rate=1e6))

    with pytest.raises(
        DivergedError, match=r"all diverged \(learning rates 1e\+06\).*smaller learning rate"
    ) as told:
        fit(wild)
    assert told.value.values == {"rates": (1e6,)}
    assert list(tmp_path.iterdir()) == []


def test_a_ctrl_c_in_a_recipe_keeps_its_members(tmp_path, monkeypatch):
    """Both are evaluated and saved as they stand after the last whole rung; the recipe says how far they came."""
    stop = Interruption(monkeypatch, "recipe", after=1)
    found = fit(request(tmp_path, recipe=SMALL, budget_seconds=60.0, started=monotonic()), stop.watch)

    assert found.interrupted is True
    assert [(trial.status, trial.num_steps) for trial in found.trials] == [("stopped", 25)] * 2
    assert found.recipe["num_steps"] == 25
    assert len(weights(tmp_path / "run")) == len(found.test.members) == 2


@pytest.mark.parametrize(("phase", "after"), [("wide", 1), ("zoom", 0), ("seeds", 0)])
def test_a_ctrl_c_in_the_search_keeps_its_best_trial(phase, after, tmp_path, monkeypatch):
    """Alone it is the committee, and the line that trains it again asks for one seed."""
    table("binary").write_csv(tmp_path / "data.csv")
    stop = Interruption(monkeypatch, phase, after)
    # The wide search must have time for a second rung; the other phases are interrupted in their first.
    began = monotonic() - (0 if phase == "wide" else 100)
    asked = request(tmp_path, data=tmp_path / "data.csv", started=began, budget_seconds=60.0)
    found = fit(asked, stop.watch)
    reached = [trial for trial in found.search_trials if trial.valid_error is not None]
    best = min(reached, key=lambda trial: (trial.phase != "zoom", trial.valid_error, trial.valid_loss))

    assert found.interrupted is True
    assert found.trials[-1].phase == phase
    assert best.learning_rate == found.recipe["learning_rate"] == found.learning_rate.best
    assert found.recipe["num_steps"] == best.num_steps
    assert len(weights(tmp_path / "run")) == len(found.test.members) == 1
    assert "--seeds 1 " in found.command
    assert {file.name for file in (tmp_path / "run").iterdir()} == set(FILES.values())


@pytest.mark.parametrize(("phase", "recipe"), [("wide", None), ("recipe", SMALL)])
def test_a_ctrl_c_before_anything_was_reached_is_passed_on(phase, recipe, tmp_path, monkeypatch):
    """There is nothing to save, and nothing diverged: the interrupt itself, and no folder."""
    stop = Interruption(monkeypatch, phase, after=0)

    with pytest.raises(KeyboardInterrupt):
        fit(request(tmp_path, recipe=recipe), stop.watch)
    assert list(tmp_path.iterdir()) == []


def test_the_test_set_is_scored_once(tmp_path, monkeypatch):
    """After all choices are made, and never again."""
    seen, calls, real = [], [], assemble.score_all
    monkeypatch.setattr(assemble, "score_all", lambda *given: calls.append(seen[-1]) or real(*given))
    fit(request(tmp_path), lambda progress: seen.append(progress.phase))

    assert calls == ["testing"]


def test_test_rows_decide_nothing(tmp_path):
    """With another file to test on, members, recipe and validation error are the same to the bit."""
    found = [
        fit(
            request(
                tmp_path,
                test=table("binary", num_rows, seed=seed),
                out=tmp_path / str(seed),
                recipe=QUICK,
                budget_seconds=None,
            )
        )
        for num_rows, seed in ((40, 1), (90, 2))
    ]

    assert found[0].test.error != found[1].test.error
    assert found[0].valid == found[1].valid
    assert [score.valid for score in found[0].baselines] == [score.valid for score in found[1].baselines]
    assert same(weights(tmp_path / "1"), weights(tmp_path / "2"))


def test_a_place_that_cannot_be_written_is_told_before_training(tmp_path, monkeypatch):
    """The folder exists: said at once, no update made."""
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(Workers, "advance", pytest.fail)

    with pytest.raises(ConfigError, match="`out` must be a new folder"):
        fit(request(tmp_path))


def test_a_table_that_cannot_be_used_leaves_nothing(tmp_path):
    """A target of one value: the message of the data room, no folder."""
    frame = table("binary").with_columns(binary=pl.lit("yes"))

    with pytest.raises(DataError, match="`binary` must have at least two different values"):
        fit(request(tmp_path, data=frame))
    assert list(tmp_path.iterdir()) == []
