"""Facts about nested cross-validation: chance is found on noise, every row is tested once, nothing is hidden."""

from __future__ import annotations

import math
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import polars as pl
import pytest

from practicum import experiment, nested
from practicum.core.errors import ConfigError
from practicum.core.intervals import wilson
from practicum.core.summary import Summary
from practicum.data.pipeline import load
from practicum.engine.clock import Clock, Progress
from practicum.faces.request import make_request
from practicum.report.assemble import Learned
from practicum.report.outer import nested_part
from practicum.request import Request
from practicum.runs.weights import load_members
from practicum.tuning import procedure

QUICK = {"num_layers": 1, "num_steps": 40, "early_stopping": False, "batch_size": 16}
SPACE = {"learning_rate": {"log": [0.01, 1.0]}, "width": {"choice": [2, 4, 8, 16]}, **QUICK}
WIDE = {**SPACE, "init_scale": {"log": [0.3, 5.0]}, "momentum": {"linear": [0.0, 0.95]}}


def noise(seed: int, num_rows: int = 120) -> pl.DataFrame:
    """Return inputs that say nothing of two classes of equal size."""
    random = np.random.default_rng(seed)
    labels = np.array(["a", "b"] * (num_rows // 2))
    random.shuffle(labels)
    return pl.DataFrame({f"x{i}": random.normal(size=num_rows) for i in range(8)} | {"y": labels})


def signal(num_rows: int = 90) -> pl.DataFrame:
    """Return inputs that say it all."""
    x = np.random.default_rng(0).normal(size=(2, num_rows))
    return pl.DataFrame({"x": x[0], "z": x[1], "y": np.where(x[0] + x[1] > 0, "a", "b")})


def request(frame: pl.DataFrame, **options: Any) -> Request:
    """Return a request for a quick search, one worker, one seed."""
    asked = {"target": "y", "space": SPACE, "sampler": "random", "folds": 1, "seeds": 1, "workers": 1}
    return make_request(data=frame, **{**asked, **options})


def learned(frame: pl.DataFrame, **options: Any) -> Learned:
    """Learn in all folds, without testing or writing anything."""
    return nested.learn(request(frame, **options), load(frame, "y"), Clock(monotonic(), math.inf))


def test_on_noise_it_finds_chance_where_best_of_many_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty settings on three tables: the best validation error is below chance beyond its own interval [3-03]."""
    monkeypatch.setattr(procedure, "flat", lambda tried: False)
    best, wrong, num_chosen, num_tested = 0, 0, 0, 0
    for seed in range(3):
        found = learned(noise(seed), nested=2, trials=180, space=WIDE)
        tried, part = found.hunt.found.tried, nested_part(found.outer, found.data.data, "error")
        assert len(tried) == 60
        num_chosen, num_tested = num_chosen + len(found.data.data.valid), num_tested + part.num_rows
        best += round(min(one.error for one in tried) * len(found.data.data.valid))
        wrong += round(part.error * part.num_rows)

    assert num_tested == 360
    assert wilson(best, num_chosen, 0.99)[1] < 0.5
    assert wilson(wrong, num_tested, 0.99)[0] < 0.5 < wilson(wrong, num_tested, 0.99)[1]


def test_every_row_is_tested_once_and_what_can_be_learned_is_found() -> None:
    """The folds' rows together are all rows, and truth arrives in their order."""
    frame = signal()
    found = learned(frame, nested=3, trials=32)
    part = nested_part(found.outer, found.data.data, "error")

    assert [fold.num_rows for fold in part.folds] == [30, 30, 30]
    assert sum(one.target.sum() for one in found.outer.folds) == (frame["y"] == "b").sum()
    assert part.error < 0.2
    assert part.mean == pytest.approx(part.error)


def test_the_network_of_all_rows_is_that_of_a_search_with_its_part_of_the_trials(tmp_path: Path) -> None:
    """Trials are divided among the folds and the run on all rows; test rows are not kept from it."""
    summary = nested.fit(request(signal(), nested=2, trials=24, out=tmp_path / "run"))

    assert summary.search.num_settings == 8
    assert [fold.num_settings for fold in summary.nested.folds] == [8, 8]
    assert (summary.rows.train, summary.rows.valid, summary.rows.test) == (72, 18, 0)
    assert summary.test.error == summary.nested.error
    assert summary.test.num_rows == 90
    assert summary.baseline("linear").test.num_rows == 90
    assert Summary.load(tmp_path / "run").nested == summary.nested


def test_a_test_table_stays_the_test(tmp_path: Path) -> None:
    """Both are told: the outer folds, and the rows that were given."""
    asked = request(signal(), nested=2, trials=12, test=signal(40), out=tmp_path / "run")
    summary = nested.fit(asked)

    assert summary.test.num_rows == summary.rows.test == 40
    assert summary.nested.num_rows == 90


def test_the_same_again_gives_the_same_bits(tmp_path: Path) -> None:
    """Errors, settings, and the weights that are saved."""
    one, two = (
        nested.fit(request(signal(), nested=2, trials=12, out=tmp_path / name)) for name in ("one", "two")
    )
    first, second = (load_members(tmp_path / name / "model.safetensors")[0] for name in ("one", "two"))

    assert one.nested == two.nested
    assert all(a[name].equal(b[name]) for a, b in zip(first, second, strict=True) for name in a)


@pytest.mark.parametrize("in_fold", [None, 1])
def test_ctrl_c_keeps_what_was_whole(in_fold: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the run on all rows no fold is left; in the second fold, the first is."""
    real, runs = experiment.learn, []

    def interrupted(asked: Request, *rest: Any) -> Learned:
        runs.append(asked)
        found = real(asked, *rest)
        now = len(runs) == (1 if in_fold is None else 2 + in_fold)
        return nested.replace(found, interrupted=True) if now else found

    monkeypatch.setattr(experiment, "learn", interrupted)
    found = learned(signal(), nested=3, trials=16)

    assert found.outer.interrupted
    assert len(found.outer.folds) == (in_fold or 0)
    assert found.interrupted == (in_fold is None)


def test_ctrl_c_between_two_trainings_keeps_what_was_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network is saved, the summary says that it was interrupted, and a test error is not invented."""
    real, runs = experiment.learn, []

    def interrupted(*given: Any) -> Learned:
        runs.append(given)
        if len(runs) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(experiment, "learn", interrupted)
    summary = nested.fit(request(signal(), nested=2, trials=12, out=tmp_path / "run"))

    assert summary.interrupted
    assert summary.test is None
    assert summary.nested.folds == []


def test_progress_names_the_outer_fold(tmp_path: Path) -> None:
    """And never runs backwards."""
    seen: list[Progress] = []
    nested.fit(request(signal(), nested=2, trials=12, out=tmp_path / "run"), seen.append)
    trained = [one.fraction for one in seen if one.phase in ("search", "seeds", "fold 1/2", "fold 2/2")]

    assert {"search", "fold 1/2", "fold 2/2"} <= {one.phase for one in seen}
    assert any(one.message.startswith("search: ") for one in seen if one.phase == "fold 2/2")
    assert trained == sorted(trained)


def test_a_budget_is_divided(tmp_path: Path) -> None:
    """Each run begins with an equal part of what is left; all of it is over in time."""
    summary = nested.fit(request(signal(), nested=2, budget=6.0, out=tmp_path / "run"))

    assert summary.nested.is_whole
    assert summary.budget_seconds == 6.0


def test_rows_split_by_time_are_refused() -> None:
    """Also where only the schema says so."""
    frame = signal().with_columns(t=pl.int_range(90))

    with pytest.raises(ConfigError, match="`nested` must be left out where rows are split by time"):
        make_request(data=frame, target="y", nested=3, time="t")


def test_without_outer_folds_it_is_the_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One door for both."""
    monkeypatch.setattr(experiment, "fit", lambda *given: given)
    asked = request(signal(), trials=2, out=tmp_path / "run")

    assert nested.fit(asked, print) == (asked, print)
