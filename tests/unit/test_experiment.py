"""Facts about the main path's own decisions: what is refused, what is tried, what a Ctrl-C keeps, what is written."""

import math
import shlex
import signal
from pathlib import Path
from time import monotonic

import numpy as np
import polars as pl
import pytest
from tests.made_outcomes import SMALL, learnable, table

from practicum import experiment
from practicum.core.errors import ConfigError, DataError, DivergedError
from practicum.core.record import Record
from practicum.diagnose.hopeless import Hopeless
from practicum.experiment import again, default_recipe, fit, plan
from practicum.recipe import Recipe
from practicum.recipe.space import Choice, Entry, Log, Space
from practicum.report import assemble
from practicum.request import Request
from practicum.runs.layout import FILES
from practicum.runs.weights import load_members

QUICK = SMALL.changed(num_steps=60)
ENDLESS = SMALL.changed(early_stopping=False)
LARGE = (600, 600)
"""Hidden layers of which no second is enough."""

RATE = Space((Entry("learning_rate", Log(1e-3, 0.5)),), QUICK)
"""Rates alone, each trained for a moment."""


@pytest.fixture(scope="module", autouse=True)
def loaded():
    """Load what the baselines need, which is not part of a short budget."""
    import sklearn.linear_model  # noqa: F401


def request(path, task="binary", **values):
    """Return a request for a recipe or four settings of one space, two seeds each, on rows held out."""
    searched = {} if "recipe" in values else {"num_trials": 4, "num_folds": 1, "space": RATE}
    small = {"data": table(task), "target": task, "out": path / "run", "num_seeds": 2, "budget_seconds": None}
    return Request(**{**small, **searched, **values})


def late(path, **values):
    """Return a request whose time was over long ago, so that every phase is as short as it can be."""
    return request(
        path, **{"budget_seconds": 10.0, "started": monotonic() - 100, "num_trials": None, **values}
    )


def weights(path):
    """Return the members' parameters in a run folder."""
    return load_members(path / FILES["weights"])[0]


def same(one, other):
    """Return whether two committees agree in every bit."""
    pairs = zip(one, other, strict=True)
    return all(a[name].equal(b[name]) for a, b in pairs for name in a)


@pytest.fixture
def press(monkeypatch):
    """Return a function that makes a listener which presses Ctrl-C at a report of a phase."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored by whoever started the tests

    def pressing(phase, after):
        told = []

        def listen(progress):
            if progress.phase == phase:
                told.append(progress)
                if len(told) == after + 1:
                    signal.raise_signal(signal.SIGINT)

        return listen

    yield pressing
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("run", [fit, plan])
@pytest.mark.parametrize("budget", [None, math.inf])
def test_a_training_that_nothing_ends_is_refused(run, budget):
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
    ("settings", "status"),
    [
        ({"recipe": SMALL.changed(validate_every_steps=80, patience_steps=60, num_steps=50)}, "num_steps"),
        ({"recipe": ENDLESS.changed(num_steps=60)}, "num_steps"),
        ({"recipe": ENDLESS.changed(hidden_sizes=LARGE), "budget_seconds": 3.0}, "budget"),
        ({"recipe": SMALL.changed(patience_steps=60, patience_increase=1.0)}, "patience"),
    ],
)
def test_a_training_that_something_ends_is_not(settings, status, tmp_path, monkeypatch):
    """A number of updates, a budget, or patience is enough."""
    monkeypatch.setattr(experiment, "pace_of", lambda *_: 1e-7)  # planned longer than the clock allows
    found = fit(request(tmp_path, num_seeds=1, started=monotonic(), **settings))

    assert [trial.status for trial in found.trials] == [status]


def test_a_plan_writes_and_trains_nothing(tmp_path, monkeypatch):
    """Not even the baselines, nor a folder to see whether it could be written."""

    def forbidden(*_given, **_named):
        raise AssertionError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(experiment, "Work", forbidden)
    monkeypatch.setattr(experiment, "fit_baselines", forbidden)
    found = plan(
        request(tmp_path, out=None, num_trials=None, space=None, num_folds=None, budget_seconds=10.0)
    )

    assert list(tmp_path.iterdir()) == []
    assert (
        "Search   as many settings as the time allows, each in 5 folds, proposed by zoom; varied: " in found
    )
    assert "learning_rate" in found
    assert "Budget   10 s for everything" in found
    assert "2 seeds of the best 3" in found


def test_a_plan_of_a_space_names_what_it_varies(tmp_path):
    """And how many settings are tried."""
    assert "Search   4 settings, proposed by zoom; varied: learning_rate\n" in plan(request(tmp_path))


def test_a_plan_of_a_recipe_names_it(tmp_path):
    """Its rate and its network, no search."""
    found = plan(request(tmp_path, recipe=QUICK))

    assert "Recipe   learning rate 0.1, as given" in found
    assert "5 → 6 → 1" in found
    assert "Search" not in found


def test_pixels_are_scaled_together():
    """Bytes of an image are divided by 255, other tables standardised [3.2-38]."""
    assert default_recipe(is_pixels=True) == Recipe(preprocess="unit")
    assert default_recipe(is_pixels=False) == Recipe()


def test_pixels_are_recognised_on_the_way(tmp_path):
    """The recipe that is found says so, and the search varied other things."""
    random = np.random.default_rng(0)
    dark = np.arange(80) % 2
    pixels = {f"p{k}": pl.Series(random.integers(0, 100, 80) + 100 * dark, dtype=pl.UInt8) for k in range(16)}
    frame = pl.DataFrame({**pixels, "dark": dark})
    found = fit(late(tmp_path, data=frame, target="dark", space=None))

    assert found.recipe["preprocess"] == "unit"
    assert all("preprocess" not in trial.values for trial in found.trials)


def words_of(asked, source, out):
    """Return the options of the line that does it again."""
    words = shlex.split(again(asked, source, out))
    assert words[:3] == ["practicum", "fit", source]
    return dict(zip(words[3::2], words[4::2], strict=True))


def test_the_line_that_does_it_again_can_be_pasted():
    """Words with spaces are quoted; all that was decided is in the run's folder."""
    asked = Request(
        data="my data.csv", target="the target", test=Path("new rows.csv"), group="shop", time="day", seed=3
    )
    out = Path("runs/a b")
    given = words_of(asked, "my data.csv", out)

    assert given == {
        "--target": "the target",
        "--test": "new rows.csv",
        "--group": "shop",
        "--time": "day",
        "--schema": str(out / "schema.yaml"),
        "--replay": str(out),
    }


def test_a_measure_that_was_chosen_is_said_again():
    """What was decided depends on it."""
    given = words_of(Request(data="a.csv", target="y", metric="auc"), "a.csv", Path("run"))

    assert given["--metric"] == "auc"


@pytest.mark.parametrize("place", ["data", "test"])
def test_no_line_can_name_a_table_in_memory(place):
    """Nothing is said rather than a line that would not run."""
    asked = Request(**{"data": "a.csv", "test": "b.csv", "target": "y", place: learnable()})

    assert again(asked, "a.csv", Path("run")) == ""


def test_a_given_recipe_is_not_searched(tmp_path):
    """Its seeds alone are trained, and it comes back as it was."""
    found = fit(request(tmp_path, recipe=QUICK, seed=5))

    assert (found.learning_rate, found.search) == (None, None)
    assert [(trial.phase, trial.seed, trial.num_steps) for trial in found.trials] == [
        ("recipe", 5, 60),
        ("recipe", 6, 60),
    ]
    assert Recipe.load(tmp_path / "run" / FILES["recipe"]) == QUICK.changed(seed=5)


@pytest.mark.parametrize(
    ("settings", "budget", "status"),
    [
        pytest.param({"num_steps": 60}, None, "num_steps", id="all updates done"),
        pytest.param({"patience_steps": 60, "patience_increase": 1.0}, None, "patience", id="patience"),
        pytest.param(
            {"num_steps": 10**8, "patience_steps": 10**9, "hidden_sizes": LARGE},
            3.0,
            "budget",
            id="the clock",
        ),
    ],
)
def test_the_recipe_that_is_kept_ends_where_its_run_ended(settings, budget, status, tmp_path, monkeypatch):
    """At the clock's last validation; where patience ended it one update more, for the last of all is validated."""
    monkeypatch.setattr(experiment, "pace_of", lambda *_: 1e-7)  # planned longer than the clock allows
    asked = request(tmp_path, recipe=SMALL.changed(**settings), budget_seconds=budget, started=monotonic())
    found = fit(asked)
    reached = max(trial.num_steps for trial in found.trials)
    validated = int(Record.load(tmp_path / "run" / FILES["record"]).frame()["step"].max())

    # A quick machine does in time what it had planned.
    assert {trial.status for trial in found.trials} <= {
        status,
        *(["num_steps"] if status == "budget" else []),
    }
    expected = {"num_steps": 60, "patience": reached + 1, "budget": validated}[status]
    assert found.recipe["num_steps"] == expected


def test_a_search_tries_what_was_asked_for(tmp_path):
    """So many settings of the space, the best of them on so many seeds; a committee of these is tested."""
    found = fit(request(tmp_path))

    assert len(found.search_trials) == found.search.num_settings == 4
    assert len(found.members) == 3 * 2
    assert {tuple(trial.values) for trial in found.trials} == {("learning_rate",)}
    assert {trial.num_steps for trial in found.trials} == {60}
    assert [len(one.errors) for one in found.search.finalists] == [2, 2, 2]
    assert found.recipe["learning_rate"] == found.search.finalists[0].values["learning_rate"]
    assert 1 <= len(found.test.members) <= 6


def test_in_folds_every_setting_is_trained_on_each(tmp_path):
    """Search and finals; a fold says which it was, and all rows that are no test rows choose."""
    found = fit(request(tmp_path, num_folds=2))

    assert found.search.num_folds == 2
    assert [trial.fold for trial in found.trials] == [0, 1] * (4 + 3 * 2)
    assert found.valid.num_rows == found.rows.train + found.rows.valid
    assert len(found.test.members) % 2 == 0


def test_a_space_that_varies_the_preparation_is_searched(tmp_path):
    """Each setting sees the rows its own way [3.2-42]; the run predicts with all that its members need."""
    import practicum

    space = Space((Entry("preprocess", Choice(("standardise", "uniformise", "none"))),), QUICK)
    found = fit(request(tmp_path, "regression", space=space, sampler="grid", num_trials=3))
    predicted = practicum.load(found.run).predict(table("regression", 20, seed=3))

    assert {trial.values["preprocess"] for trial in found.search_trials} == {
        "standardise",
        "uniformise",
        "none",
    }
    assert np.isfinite(predicted).all()


@pytest.mark.parametrize("recipe", [None, SMALL])
def test_time_that_is_over_still_gives_a_network(recipe, tmp_path):
    """Every phase does the least it can: searched, trained, tested and saved, however late it is."""
    found = fit(late(tmp_path, **({} if recipe is None else {"recipe": recipe})))

    assert (found.search is None) is (recipe is not None)
    assert max(trial.num_steps for trial in found.trials) <= 50
    assert found.test.error < 1
    assert found.interrupted is False
    assert len(weights(tmp_path / "run")) >= 1


def test_where_all_diverge_that_is_the_error(tmp_path):
    """A rate of a million: the rates are named, nothing is written."""
    wild = request(tmp_path, "regression", recipe=QUICK.changed(learning_rate=1e6))

    with pytest.raises(
        DivergedError, match=r"all diverged \(learning rates 1e\+06\).*smaller learning rate"
    ) as told:
        fit(wild)
    assert told.value.values == {"rates": (1e6,)}
    assert list(tmp_path.iterdir()) == []


def test_a_search_where_all_diverge_looks_lower_once(tmp_path):
    """Then it is an error that names the rates it tried; nothing is written."""
    wild = Space((Entry("learning_rate", Log(1e9, 1e10)),), QUICK)

    with pytest.raises(DivergedError, match=r"all \d+ diverged \(learning rates .*\)") as told:
        fit(request(tmp_path, "regression", space=wild, num_trials=2))
    assert min(told.value.values["rates"]) < 1e9
    assert list(tmp_path.iterdir()) == []


def test_a_ctrl_c_in_a_recipe_keeps_its_members(tmp_path, press):
    """Both are evaluated and saved as they stand; the recipe says how far they came."""
    patient = SMALL.changed(patience_steps=10**9)
    asked = request(tmp_path, recipe=patient, budget_seconds=60.0, started=monotonic())
    found = fit(asked, press("recipe", after=2))

    assert found.interrupted is True
    assert {trial.status for trial in found.trials} == {"stopped"}
    assert 0 < found.recipe["num_steps"] <= max(trial.num_steps for trial in found.trials)
    assert found.seconds < 30
    assert len(weights(tmp_path / "run")) == len(found.test.members) >= 1


@pytest.mark.parametrize("sampler", ["zoom", "random"])
def test_a_ctrl_c_in_the_search_keeps_its_best_trial(sampler, tmp_path, press):
    """Alone it is the committee, and the line that trains it again asks for one seed."""
    table("binary").write_csv(tmp_path / "data.csv")
    patient = RATE.with_base(SMALL.changed(patience_steps=10**9))
    asked = request(tmp_path, data=tmp_path / "data.csv", space=patient, sampler=sampler, num_trials=8)
    found = fit(asked, press("search", after=4))
    reached = [trial for trial in found.search_trials if trial.valid_error is not None]

    assert found.interrupted is True
    assert {trial.phase for trial in found.trials} <= {"wide", "zoom"}
    assert found.recipe["learning_rate"] in {trial.learning_rate for trial in reached}
    assert found.recipe["learning_rate"] == found.learning_rate.best
    assert found.search.end == "Ctrl-C"
    assert len(weights(tmp_path / "run")) == len(found.test.members) == 1
    assert "--replay" in found.command
    assert {file.name for file in (tmp_path / "run").iterdir()} == set(FILES.values())
    assert {file.name for file in tmp_path.iterdir()} == {"data.csv", "run"}


def test_a_ctrl_c_in_the_finals_keeps_the_best_so_far(tmp_path, press):
    """What the search found is not lost; nothing unfinished stays behind."""
    found = fit(request(tmp_path), press("seeds", after=0))

    assert found.interrupted is True
    assert len(found.search_trials) == 4
    assert found.test.error < 1
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("recipe", [None, SMALL])
def test_a_ctrl_c_before_anything_was_reached_is_passed_on(recipe, tmp_path, press):
    """There is nothing to save, and nothing diverged: the interrupt itself, and no folder."""
    never = {"validate_every_steps": 10**6, "patience_steps": 10**9}
    base = SMALL.changed(**never)
    settings = {"space": RATE.with_base(base)} if recipe is None else {"recipe": recipe.changed(**never)}
    asked = request(tmp_path, budget_seconds=60.0, started=monotonic(), **settings)

    with pytest.raises(KeyboardInterrupt):
        fit(asked, press("measuring", after=0))
    assert list(tmp_path.iterdir()) == []


def test_the_test_set_is_scored_once(tmp_path, monkeypatch):
    """After all choices are made, and never again."""
    seen, calls, real = [], [], assemble.score_all
    monkeypatch.setattr(assemble, "score_all", lambda *given: calls.append(seen[-1]) or real(*given))
    fit(request(tmp_path), lambda progress: seen.append(progress.phase))

    assert calls == ["testing"]


@pytest.mark.parametrize("recipe", [None, QUICK])
def test_test_rows_decide_nothing(recipe, tmp_path):
    """With another file to test on, members, recipe and validation error are the same to the bit."""
    found = [
        fit(
            request(
                tmp_path,
                test=table("binary", num_rows, seed=seed),
                out=tmp_path / str(seed),
                **({} if recipe is None else {"recipe": recipe}),
            )
        )
        for num_rows, seed in ((40, 1), (90, 2))
    ]

    assert found[0].test.error != found[1].test.error
    assert found[0].valid == found[1].valid
    assert found[0].recipe == found[1].recipe
    assert [score.valid for score in found[0].baselines] == [score.valid for score in found[1].baselines]
    assert same(weights(tmp_path / "1"), weights(tmp_path / "2"))


def test_a_place_that_cannot_be_written_is_told_before_training(tmp_path, monkeypatch):
    """The folder exists: said at once, no update made."""
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(experiment, "Work", pytest.fail)

    with pytest.raises(ConfigError, match="`out` must be a new folder"):
        fit(request(tmp_path))


def test_a_table_that_cannot_be_used_leaves_nothing(tmp_path):
    """A target of one value: the message of the data room, no folder."""
    frame = table("binary").with_columns(binary=pl.lit("yes"))

    with pytest.raises(DataError, match="`binary` must have at least two different values"):
        fit(request(tmp_path, data=frame))
    assert list(tmp_path.iterdir()) == []


def test_what_was_measured_of_the_time_is_asked_only_where_time_decides(tmp_path, monkeypatch):
    """With a number of trials no clock is looked at, so nothing can differ."""
    monkeypatch.setattr(experiment, "pace_of", pytest.fail)

    assert fit(request(tmp_path)).search.num_settings == 4


def test_a_diagnosis_reaches_the_search_by_telling_it(monkeypatch):
    """Each hopeless trial with its reason, and nothing else."""
    heard = []

    class Search:
        def tell(self, trial, *, stop, over):
            heard.append((trial, stop, over))

    monkeypatch.setattr(
        experiment, "hopeless", lambda exam: {3: Hopeless(f"E1 {exam}", over=True), 5: Hopeless("O2")}
    )
    experiment.stop_hopeless(Search(), "seen")

    assert heard == [(3, "E1 seen", True), (5, "O2", False)]


def test_what_is_called_hopeless_leaves_and_the_summary_says_why(tmp_path, monkeypatch):
    """Its neighbours do what they do without a diagnosis; the run can be repeated without one."""
    slow = Hopeless("E2 underfits: too slow")

    def two(exam):
        return {course.number: slow for course in exam.courses if course.number in (1, 2)}

    monkeypatch.setattr(experiment, "hopeless", two)
    found = fit(request(tmp_path))
    assert found.search.stopped == dict.fromkeys(("1", "2"), "E2 underfits: too slow")
    assert {trial.number: trial.stop for trial in found.search_trials if trial.stop} == dict.fromkeys(
        (1, 2), "E2 underfits: too slow"
    )
    monkeypatch.setattr(experiment, "hopeless", lambda exam: {})
    plain = fit(request(tmp_path, out=tmp_path / "plain", diagnosis=False))
    decided = fit(request(tmp_path, out=tmp_path / "again", decisions=found.decisions))
    by_number = {trial.number: trial.valid_error for trial in found.search_trials}
    plain_length = {trial.number: trial.num_steps for trial in plain.search_trials}
    untouched = {t.number for t in found.search_trials if t.num_steps == plain_length[t.number]}

    assert untouched >= {0, 3} - {1, 2}
    assert plain.search.stopped == {}
    assert decided.search.stopped == found.search.stopped
    assert by_number == {trial.number: trial.valid_error for trial in decided.search_trials}
    for trial in plain.search_trials:
        assert trial.number not in untouched or by_number[trial.number] == trial.valid_error
