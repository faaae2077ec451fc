"""The summary of a run: written, read back, refused when it is not ours."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from practicum.core.errors import RecordError
from practicum.core.summary import (
    FORMAT,
    SEARCH_PHASES,
    Column,
    FinalistScore,
    Rows,
    Search,
    Split,
    Summary,
    TestScore,
    Trial,
)


def _summary(**changes: Any) -> Summary:
    given: dict[str, Any] = {
        "practicum": "0.1.0",
        "created": "2025-01-01T00:00:00+00:00",
        "run": "runs/adult",
        "task": "binary",
        "target": "income",
        "source": "adult.csv",
        "rows": Rows(total=10, used=10, train=6, valid=2, test=2),
        "split": Split(method="random"),
        "seconds": 1.5,
    }
    return Summary(**(given | changes))


def _trial(number: int, rate: float, **changes: Any) -> Trial:
    given: dict[str, Any] = {"phase": "wide", "seed": 0, "num_steps": 100, "status": "patience"}
    return Trial(number=number, learning_rate=rate, **(given | changes))


def test_a_saved_summary_is_read_back_equal(tmp_path: Path):
    """Every field survives the file."""
    values = {"learning_rate": 0.1, "activation": "relu", "hidden_sizes": [64]}
    summary = _summary(
        trials=[_trial(0, 0.1, valid_error=0.2, values=values, fold=1, status="halted", seconds=0.25)],
        recipe={"hidden_sizes": [64]},
        notes=["é <b>"],
        decisions={"phases": {"search": [0]}, "cut": {"0": [100, 50]}},
        search=Search(
            strategy="zoom",
            num_settings=1,
            seconds_a_setting=0.25,
            best_error=0.2,
            corrected_error=0.21,
            finalists=[
                FinalistScore(
                    number=0, values=values, errors=[0.2], mean=0.2, interval=(0.2, 0.2), chosen=True
                )
            ],
        ),
    )

    assert summary.save(tmp_path) == tmp_path / "run.json"
    assert Summary.load(tmp_path) == summary


def test_numbers_that_are_not_finite_are_null_in_json_and_nan_when_read(tmp_path: Path):
    """No NaN or Infinity in the text, wherever they stand; they come back as nan."""
    test = TestScore(
        error=0.1, interval=(0, math.inf), num_rows=2, members=[math.nan], committee=0.1, member_mean=math.nan
    )
    summary = _summary(
        test=test,
        trials=[_trial(0, 1.0, train_loss=math.inf)],
        recipe={"x": math.nan},
        phase_seconds={"wide": 1.0},
    )
    text = summary.to_json()
    summary.save(tmp_path)
    found = Summary.load(tmp_path)

    assert json.loads(text, parse_constant=pytest.fail)["test"]["interval"] == [0.0, None]
    assert found.test is not None
    assert math.isnan(found.test.interval[1])
    assert math.isnan(found.test.members[0])


def test_a_folder_without_a_summary_is_no_run(tmp_path: Path):
    """The message names the folder and the file that it lacks."""
    with pytest.raises(RecordError, match=r"must be the folder of a run, but .* has no run\.json"):
        Summary.load(tmp_path)


def test_a_file_is_not_the_folder_of_a_run(tmp_path: Path):
    """A path inside a file reads like an absent one."""
    (tmp_path / "data.csv").write_text("a,b\n")

    with pytest.raises(RecordError, match="must be the folder of a run"):
        Summary.load(tmp_path / "data.csv")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path):
    """The system's reason stands in the message."""
    (tmp_path / "run.json").mkdir()

    with pytest.raises(RecordError, match="must be readable, but"):
        Summary.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "Expecting property name"),
        ("", "Expecting value"),
        ("[1]", "no JSON object"),
        ("{}", 'no "format"'),
        ('{"format": 2, "practicum": "0.0.9"}', r"created: Field required, written by practicum 0\.0\.9"),
        (b"\xff\xfe\x00", "utf-8"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(tmp_path: Path, text: str | bytes, what: str):
    """Cut short, empty, another type, keys missing, not text: each says which."""
    (tmp_path / "run.json").write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(RecordError, match=rf"is damaged \(.*{what}"):
        Summary.load(tmp_path)


def test_an_unknown_key_is_refused(tmp_path: Path):
    """A key that we do not know means that somebody else wrote the file."""
    (tmp_path / "run.json").write_text(json.dumps(json.loads(_summary().to_json()) | {"colour": "red"}))

    with pytest.raises(RecordError, match=r"damaged \(colour: Extra inputs"):
        Summary.load(tmp_path)


@pytest.mark.parametrize(("number", "version"), [(1, "0.1.0"), (7, "9.0")])
def test_another_format_is_refused_with_both_formats_and_the_version(
    tmp_path: Path, number: int, version: str
):
    """Nobody guesses at a file of the past or of the future."""
    (tmp_path / "run.json").write_text(json.dumps({"format": number, "practicum": version}))

    with pytest.raises(
        RecordError, match=rf"must be {FORMAT}, but got format={number} .* practicum {version}\)"
    ) as caught:
        Summary.load(tmp_path)

    assert caught.value.values["format"] == number


def test_a_summary_cannot_be_changed():
    """What a run said stays said."""
    with pytest.raises(ValidationError, match="frozen"):
        _summary().seconds = 2.0  # type: ignore[misc]


def test_the_best_trial_is_finite_and_did_not_diverge():
    """A diverged trial with a low error, and one without an error, are passed over."""
    trials = [
        _trial(0, 0.01, valid_error=0.3),
        _trial(1, 0.1, valid_error=0.2),
        _trial(2, 1.0, valid_error=0.1, status="diverged"),
        _trial(3, 0.5, valid_error=math.nan),
        _trial(4, 0.5),
    ]
    summary = _summary(trials=trials)

    assert summary.best_trial == trials[1]
    assert _summary().best_trial is None


def test_search_trials_come_by_rate_and_members_apart():
    """Trials of the finals are not part of the search's curve over rates."""
    trials = [_trial(n, 1 / (n + 1), phase=phase) for n, phase in enumerate(SEARCH_PHASES)]
    others = [_trial(10, 0.05, phase="seeds"), _trial(11, 0.05, phase="recipe")]
    summary = _summary(trials=[*trials, *others])

    assert summary.search_trials == trials[::-1]
    assert summary.members == others


def test_columns_are_counted_by_kind_and_those_set_aside_listed():
    """Only inputs are counted; the target is not set aside."""
    columns = [
        Column(name="age", kind="numeric", role="input"),
        Column(name="job", kind="categorical", role="input"),
        Column(name="pay", kind="numeric", role="input"),
        Column(name="id", kind="identifier", role="ignored"),
        Column(name="income", kind="categorical", role="target"),
    ]
    summary = _summary(columns=columns)

    assert summary.columns_by_kind == {"numeric": 2, "categorical": 1}
    assert [column.name for column in summary.set_aside] == ["id"]


def test_a_baseline_is_found_by_name():
    """None where it was not run."""
    assert _summary().baseline("linear") is None
