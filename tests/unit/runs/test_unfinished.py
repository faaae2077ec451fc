"""Facts about a run on its way: who may go on with it, what must be the same, when it is removed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from practicum.core.errors import ConfigError, DataError, DivergedError, RecordError
from practicum.data.pipeline import load
from practicum.engine.saved import store
from practicum.recipe.space import Space
from practicum.request import Request
from practicum.runs.unfinished import OPTIONS, Unfinished, asked

TABLE = pl.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
ASKED = {"data": "1", "seed": 0, "num_trials": 8}


def begun(
    out: Path, *, trained: bool = True, error: BaseException | None = None, resume: bool = False
) -> None:
    """Begin a run, or go on with it, and let it end with ``error``."""
    with Unfinished.open(out, ASKED, resume=resume) as run:
        if trained:
            run.decide({"lengths": 3})
            run.folder("search").mkdir(exist_ok=True)
            (run.folder("search") / "pack-000.safetensors").touch()
        if error is not None:
            raise error


def left_behind(out: Path, error: BaseException, **options: Any) -> bool:
    """Return whether the folder stays after ``error``."""
    with pytest.raises(type(error)):
        begun(out, error=error, **options)
    return out.with_name("run.unfinished").exists()


def test_it_goes_when_the_run_is_whole(tmp_path: Path) -> None:
    """Nothing is left, not even the folders that were made for it."""
    begun(tmp_path / "deep" / "run")

    assert list(tmp_path.iterdir()) == []


def test_it_goes_on_with_what_was_decided(tmp_path: Path) -> None:
    """After an error that struck in the middle, as after a kill."""
    assert left_behind(tmp_path / "run", ConfigError("the database is gone."))

    with Unfinished.open(tmp_path / "run", ASKED, resume=True) as run:
        assert run.decisions == {"lengths": 3}


@pytest.mark.parametrize(
    ("error", "options", "stays"),
    [
        (DataError("no."), {"trained": False}, False),
        (KeyboardInterrupt(), {"trained": False}, False),
        (DivergedError("all."), {}, False),
        (KeyboardInterrupt(), {}, False),
        (OSError("disk full"), {}, True),
    ],
)
def test_it_stays_where_going_on_makes_sense(
    error: BaseException, options: dict[str, Any], stays: bool, tmp_path: Path
) -> None:
    """Something must have been trained, and the error must be one that passes."""
    assert left_behind(tmp_path / "run", error, **options) == stays


@pytest.mark.parametrize("error", [KeyboardInterrupt(), DivergedError("all.")])
def test_what_another_process_began_is_never_removed(error: BaseException, tmp_path: Path) -> None:
    """Whoever went on and was interrupted may go on again."""
    left_behind(tmp_path / "run", OSError("killed"))

    assert left_behind(tmp_path / "run", error, resume=True)


def test_a_leftover_is_told_when_a_run_begins_anew(tmp_path: Path) -> None:
    """With both ways out."""
    left_behind(tmp_path / "run", OSError("killed"))

    with pytest.raises(ConfigError, match=r"holds an unfinished one. Add --resume .*run to go on, or remove"):
        Unfinished.open(tmp_path / "run", ASKED, resume=False)


def test_there_must_be_something_to_go_on_with(tmp_path: Path) -> None:
    """Nothing is made by asking."""
    with pytest.raises(ConfigError, match="`resume` must name a run that was begun and not finished"):
        Unfinished.open(tmp_path / "run", ASKED, resume=True)
    assert list(tmp_path.iterdir()) == []


def test_other_options_are_named(tmp_path: Path) -> None:
    """Also one that only one of the two asked for; the folder stays as it is."""
    left_behind(tmp_path / "run", OSError("killed"))
    other = {"data": "2", "seed": 0, "num_trials": 9, "num_outer": 3}

    with pytest.raises(ConfigError, match="these differ: the rows of DATA, --trials, --nested ") as told:
        Unfinished.open(tmp_path / "run", other, resume=True)
    assert told.value.values["differ"] == ("data", "num_trials", "num_outer")
    begun(tmp_path / "run", resume=True)


def test_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits a moment and is told; the first loses nothing."""
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.1)
    with Unfinished.open(tmp_path / "run", ASKED, resume=False) as run:
        run.decide({"lengths": 3})
        with pytest.raises(ConfigError, match="`out` must belong to one process at a time"):
            Unfinished.open(tmp_path / "run", ASKED, resume=True)

        assert (run.path / "decisions.json").exists()


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    """With the file and a way out."""
    left_behind(tmp_path / "run", OSError("killed"))
    for content in ("{", "[]", '{"format": 99}'):
        (tmp_path / "run.unfinished" / "decisions.json").write_text(content)

        with pytest.raises(RecordError, match="Remove the folder to begin anew"):
            Unfinished.open(tmp_path / "run", ASKED, resume=True)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Below a file nothing can lie."""
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="`out` must be a place that can be written to"):
        Unfinished.open(tmp_path / "file" / "run", ASKED, resume=False)


def test_a_part_decides_for_itself(tmp_path: Path) -> None:
    """An outer fold has its own lengths; both are found again."""
    with Unfinished.open(tmp_path / "run", ASKED, resume=False) as run:
        run.part("outer-0").decide({"lengths": 1})

        assert run.decisions is None
        assert run.part("outer-0").decisions == {"lengths": 1}
        assert run.part("outer-1").decisions is None


def test_a_killed_process_leaves_the_lock_open(tmp_path: Path) -> None:
    """Its successor need not wait."""
    pid = os.fork()
    if pid == 0:
        Unfinished.open(tmp_path / "run", ASKED, resume=False).decide({"lengths": 3})
        os._exit(9)
    os.waitpid(pid, 0)

    with Unfinished.open(tmp_path / "run", ASKED, resume=True) as run:
        assert run.decisions == {"lengths": 3}


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"num_outer": 3},
        {"metric": "auc"},
        {"space": "small"},
        {"space": Space.preset("small", num_train=100)},
        {"decisions": {"lengths": {}}},
    ],
)
def test_whatever_decides_a_number_is_asked_for(change: dict[str, Any]) -> None:
    """Each of them differs under a name that has an option."""
    request = Request(data=TABLE, target="y")
    first, second = (asked(one, load(TABLE, "y")) for one in (request, replace(request, **change)))
    other = [name for name in first if first[name] != second[name]]

    assert other == list(change)
    assert set(other) <= OPTIONS.keys()


def test_the_cells_are_part_of_it() -> None:
    """Another value, another name, another type of a column."""
    request = Request(data=TABLE, target="y")
    frames = [
        TABLE,
        TABLE.with_columns(x=pl.Series([1.0, 3.0])),
        TABLE.rename({"x": "z"}),
        TABLE.cast({"x": pl.Int64}),
    ]

    assert len({asked(request, load(frame, "y"))["data"] for frame in frames}) == 4


def test_where_and_how_fast_is_not_part_of_it() -> None:
    """A run may go on with other workers."""
    request = Request(data=TABLE, target="y")

    assert asked(request, load(TABLE, "y")) == asked(replace(request, num_workers=2), load(TABLE, "y"))


def test_a_run_that_ended_since_we_looked_is_not_begun_again(tmp_path, monkeypatch):
    """Another process put it in place meanwhile: said, and nothing is left behind."""
    folder = tmp_path / "run.unfinished"
    folder.mkdir()

    with pytest.raises(ConfigError, match="`resume` must name a run that was begun and not finished"):
        Unfinished.open(tmp_path / "run", {}, resume=True)
    assert not folder.exists()
