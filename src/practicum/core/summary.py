"""The summary of a run: one object that says everything, saved as ``run.json``, printed by ``--json``, rendered.

The file has a format number; a file of another format is refused, never guessed at. A number that is not finite is
written as null, so that the file is plain JSON, and is read back as nan.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from practicum.core.errors import RecordError
from practicum.core.found import BatchSizeScore, BatchSizeTable, FinalistScore, GridTable, Search
from practicum.core.measures import DEFAULT, Measure, measure_called
from practicum.core.metrics import Task
from practicum.core.nested import Nested, OuterFold
from practicum.core.parts import (
    SEARCH_PHASES,
    SEED_PHASES,
    BaselineScore,
    Column,
    Fitting,
    LearningRate,
    Number,
    Paired,
    Part,
    Phase,
    Rows,
    Score,
    Split,
    TestScore,
    Trial,
)

__all__ = [
    "FILE_NAME",
    "FORMAT",
    "SEARCH_PHASES",
    "BaselineScore",
    "BatchSizeScore",
    "BatchSizeTable",
    "Column",
    "FinalistScore",
    "Fitting",
    "GridTable",
    "LearningRate",
    "Nested",
    "Number",
    "OuterFold",
    "Paired",
    "Part",
    "Phase",
    "Rows",
    "Score",
    "Search",
    "Split",
    "Summary",
    "TestScore",
    "Trial",
]

FORMAT = 2
FILE_NAME = "run.json"


class Summary(Part):
    """Everything a run has to say.

    Attributes:
        run: path of the run's folder.
        command: the line that runs the same thing again.
        created: ISO time of the start.
        metric: what every error here is; it selected, and stopped where the recipe says so.
        notes: everything said about the data on the way.
        decisions: what time decided: with it the run is repeated without a clock [3.3-14].
        recipe: the chosen setting, as JSON.
        train: the committee's error on the rows it learnt from.
        valid: its error on the validation rows; optimistic, since the choice was made on them.
        test: the error on rows that decided nothing: those kept for it, or in nested cross-validation all rows in turn.
        seconds: wall clock of the whole command.
        files: what was saved, name → path relative to ``run``.
    """

    format: int = FORMAT
    practicum: str
    created: str
    run: str
    command: str = ""
    task: Task
    metric: str = DEFAULT
    target: str
    classes: list[str] | None = None
    source: str
    test_source: str | None = None
    rows: Rows
    columns: list[Column] = Field(default_factory=list)
    split: Split
    notes: list[str] = Field(default_factory=list)
    baselines: list[BaselineScore] = Field(default_factory=list)
    trials: list[Trial] = Field(default_factory=list)
    learning_rate: LearningRate | None = None
    search: Search | None = None
    decisions: dict[str, Any] = Field(default_factory=dict)
    recipe: dict[str, Any] = Field(default_factory=dict)
    train: Score | None = None
    valid: Score | None = None
    test: TestScore | None = None
    nested: Nested | None = None
    fitting: Fitting | None = None
    seconds: float
    budget_seconds: float | None = None
    phase_seconds: dict[str, float] = Field(default_factory=dict)
    interrupted: bool = False
    files: dict[str, str] = Field(default_factory=dict)

    @property
    def is_regression(self) -> bool:
        """Whether the error is a share of the target's deviation, not a fraction of rows."""
        return self.task == "regression"

    @property
    def measure(self) -> Measure:
        """How the errors are called and written."""
        return measure_called(self.metric, self.task)

    @property
    def search_trials(self) -> list[Trial]:
        """The trials of the search, slowest rate first."""
        found = [trial for trial in self.trials if trial.phase in SEARCH_PHASES]
        return sorted(found, key=lambda trial: (trial.learning_rate, trial.number))

    @property
    def members(self) -> list[Trial]:
        """The trials of the finals, or of a recipe that was given; the search's best may be in the committee too."""
        return [trial for trial in self.trials if trial.phase in SEED_PHASES]

    @property
    def best_trial(self) -> Trial | None:
        """The trial of lowest validation error among those that did not diverge, or None."""
        found = [trial for trial in self.trials if not trial.diverged and _finite(trial.valid_error)]
        return min(found, key=lambda trial: (trial.valid_error, trial.number), default=None)

    @property
    def columns_by_kind(self) -> dict[str, int]:
        """How many columns are used as inputs, by kind, most frequent first."""
        kinds = [column.kind for column in self.columns if column.role == "input"]
        return {
            kind: kinds.count(kind)
            for kind in sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind))
        }

    @property
    def set_aside(self) -> list[Column]:
        """The columns that nothing is learnt from: identifiers, constants, too many levels."""
        return [column for column in self.columns if column.role == "ignored"]

    def baseline(self, name: str) -> BaselineScore | None:
        """Return the baseline called ``name``, or None."""
        return next((baseline for baseline in self.baselines if baseline.name == name), None)

    def to_json(self) -> str:
        """Return one JSON object; every number in it is finite, the others are null."""
        return self.model_dump_json(indent=1)

    def save(self, folder: Path) -> Path:
        """Write ``run.json`` into ``folder`` and return its path."""
        path = folder / FILE_NAME
        path.write_text(self.to_json() + "\n", encoding="utf-8", newline="\n")
        return path

    @classmethod
    def load(cls, folder: Path) -> Summary:
        """Read the summary of the run in ``folder``.

        Raises:
            RecordError: if ``run.json`` is absent, is damaged, or has another format.
        """
        path = folder / FILE_NAME
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise RecordError(
                f"`run` must be the folder of a run, but {folder} has no {FILE_NAME}. "
                "Give the folder that `practicum fit` named at its end.",
                run=str(folder),
            ) from None
        except OSError as error:
            raise RecordError(
                f"`run` must be readable, but {path} is not: {error.strerror}.", run=str(folder)
            ) from None
        except ValueError as error:
            raise _damaged(folder, str(error)) from None
        if not isinstance(found, dict):
            raise _damaged(folder, "it holds no JSON object")
        _check_format(folder, found)
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise _damaged(folder, f"{where}: {first['msg']}", found.get("practicum")) from None


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _check_format(folder: Path, found: dict[str, Any]) -> None:
    """Refuse a file of another format, naming both formats and the version that wrote it."""
    if "format" not in found:
        raise _damaged(folder, 'it has no "format"')
    if found["format"] != FORMAT:
        raise RecordError(
            f"`format` of a run must be {FORMAT}, but got format={found['format']} ({folder / FILE_NAME}, written by "
            f"practicum {found.get('practicum', 'of unknown version')}). Read it with that version, or run "
            "`practicum fit` again.",
            format=found["format"],
            practicum=found.get("practicum"),
            run=str(folder),
        )


def _damaged(folder: Path, what: str, version: str | None = None) -> RecordError:
    written = f", written by practicum {version}" if version else ""
    return RecordError(
        f"`run` must hold an undamaged {FILE_NAME}, but {folder / FILE_NAME} is damaged ({what}{written}). "
        "Restore the file, or run `practicum fit` again.",
        run=str(folder),
    )
