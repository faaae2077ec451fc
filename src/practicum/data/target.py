"""The target: which task it asks for, its classes, and labels as numbers.

Labels are compared after stripping spaces; whole floats and integers count as the same label.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from practicum.core.errors import ConfigError, DataError, nearest
from practicum.data.categorical import count_levels
from practicum.data.dataset import Task
from practicum.data.numeric import read_numbers
from practicum.data.text import clean, is_nested, is_textual, level_text

MIN_ROWS = 10  # 6 to train, 2 to validate, 2 to test: below, no error could be told from chance
MAX_CLASSES = 1000  # an output unit each
MAX_NUMBER_CLASSES = 20  # more different whole numbers are an amount, not a label
MIN_ROWS_A_NUMBER = 3  # on average, for whole numbers to be taken for labels


def understand_target(
    series: pl.Series, task: Task | Literal["auto"] = "auto", classes: list[str] | None = None
) -> tuple[Task, list[str] | None]:
    """Return the task and the classes (None for regression).

    The rule of "auto": two different values → binary. Text → multi-class. Whole numbers → multi-class if there
    are at most :data:`MAX_NUMBER_CLASSES` different ones, each in at least two rows and in
    :data:`MIN_ROWS_A_NUMBER` on average; any other numbers → regression.

    Classes are in sorted order (numbers by size, text without regard to case), so that of no/yes, false/true,
    0/1, -1/1, <=50K/>50K the positive class is the second.

    Args:
        series: the target column, missing cells included.
        task: the task, if it is known.
        classes: the order that a person wants; must be the labels found.

    Raises:
        DataError: if the target cannot be learned: too few rows, one value, a class with a single row, text
            for a regression.
        ConfigError: if ``classes`` are not the labels found.

    Example:
        >>> understand_target(pl.Series("pays", ["yes", "no"] * 5))
        ('binary', ['no', 'yes'])
        >>> understand_target(pl.Series("price", [0.5, 1.5, 2.5, 3.5, 4.5] * 2))
        ('regression', None)
    """
    numbers = _numbers(series)
    known = (clean(series) if is_textual(series.dtype) else series) if numbers is None else numbers
    known = known.drop_nulls()
    _check_rows(series, known)
    found: Task = _task(known, is_number=numbers is not None) if task == "auto" else task
    if found == "regression":
        if numbers is None:
            raise _not_numeric(series)
        return found, None
    labels = level_text(series.filter(series.is_not_null()))
    return found, _classes(labels, series.name, found, classes)


def encode_labels(series: pl.Series, classes: list[str], notes: list[str] | None = None) -> NDArray[np.int64]:
    """Return the class number of each row, shape (N,).

    A label that only differs by a trailing "." (the test file of the Adult table has such) is matched and said.

    Args:
        series: labels without missing cells.
        classes: in the order of the outputs.
        notes: what had to be said is appended here.

    Raises:
        DataError: if a label is missing or is no class.

    Example:
        >>> encode_labels(pl.Series("pays", [" yes", "no."]), ["no", "yes"])
        array([1, 0])
    """
    text = level_text(series)
    if text.null_count():
        raise _missing(series.name, text.null_count())
    kind = pl.Enum(classes)
    codes = text.cast(kind, strict=False).to_physical()
    if codes.null_count():
        bare = text.str.strip_suffix(".").str.strip_chars_end()
        trimmed = bare.cast(kind, strict=False).to_physical()
        matched = codes.is_null() & trimmed.is_not_null()
        if notes is not None and matched.any():
            notes.append(
                f'{int(matched.sum()):,} labels of "{series.name}" were matched without their trailing ".".'
            )
        codes = codes.zip_with(codes.is_not_null(), trimmed)
    if codes.null_count():
        label = str(text.filter(codes.is_null())[0])
        raise DataError(
            f"`{series.name}` must be one of the classes seen in training, but got"
            f' "{label}".{nearest(label, classes)} Classes are {_listed(classes)}.',
            column=series.name,
            value=label,
        )
    return codes.cast(pl.Int64).to_numpy()


def read_target(series: pl.Series) -> NDArray[np.float64]:
    """Return the values of a regression target, shape (N,).

    Raises:
        DataError: if a value is missing, infinite or no number.
    """
    values = read_numbers(series)
    missing = int(np.isnan(values).sum())
    if missing:
        raise _missing(series.name, missing)
    return values


def fit_target(series: pl.Series, task: Task) -> tuple[float, float]:
    """Return mean and deviation of the training values (regression), 0 and 1 for labels.

    Raises:
        DataError: if a value of a regression target is missing, infinite or no number.
    """
    if task != "regression":
        return 0.0, 1.0
    values = read_target(series)
    deviation = float(values.std())
    return float(values.mean()), deviation if deviation > 0 else 1.0


def has_target(series: pl.Series) -> pl.Series:
    """Return for each row whether it has a target."""
    if is_textual(series.dtype):
        return clean(series).is_not_null()
    if series.dtype.is_float():
        return series.is_not_null() & series.is_not_nan().fill_null(False)
    return series.is_not_null()


def _numbers(series: pl.Series) -> pl.Series | None:
    """Return the target as numbers without NaN, or None if it is not a column of numbers."""
    if is_nested(series.dtype) or series.dtype.is_temporal():
        raise DataError(
            f"`{series.name}` must hold labels or numbers to be a target, but got {series.dtype} values."
            " Choose another target, or turn it into numbers.",
            column=series.name,
        )
    if series.dtype.is_numeric():
        values = read_numbers(series)  # raises where infinite
        return pl.Series(series.name, values, nan_to_null=True)
    if is_textual(series.dtype):
        text = clean(series)
        numbers = text.cast(pl.Float64, strict=False)
        if numbers.null_count() == text.null_count() and numbers.is_finite().all():
            return numbers
    return None


def _check_rows(series: pl.Series, known: pl.Series) -> None:
    """Raise unless the target has enough rows with a value, and two values."""
    name = series.name
    if len(series) == 0:
        raise DataError(
            "The table must have rows, but got 0. Give a file with data under the header.", rows=0
        )
    if known.is_empty():
        raise DataError(
            f"`{name}` must have values to be a target, but all {len(series):,} rows are missing."
            " Choose another target.",
            column=name,
        )
    if len(known) < MIN_ROWS:
        raise DataError(
            f"The table must have at least {MIN_ROWS} rows with a target (6 to train, 2 to validate, 2 to test),"
            f" but got {len(known)}. Collect more rows.",
            rows=len(known),
        )
    if known.n_unique() == 1:
        raise DataError(
            f'`{name}` must have at least two different values to be a target, but all are "{known[0]}".'
            " Choose another target.",
            column=name,
        )


def _task(known: pl.Series, *, is_number: bool) -> Task:
    """Return the task that the values ask for (the rule stands in :func:`understand_target`)."""
    distinct = known.n_unique()
    if distinct == 2:
        return "binary"
    if not is_number:
        return "multiclass"
    few = distinct <= min(MAX_NUMBER_CLASSES, len(known) / MIN_ROWS_A_NUMBER)
    labels = few and bool((known == known.round()).all()) and known.unique_counts().min() != 1
    return "multiclass" if labels else "regression"


def _classes(labels: pl.Series, name: str, task: Task, wanted: list[str] | None) -> list[str]:
    """Return the classes in order, after checking that they can be learned."""
    names, counts = count_levels(labels)
    if task == "binary" and len(names) != 2:
        raise DataError(
            f"`{name}` must have 2 different values for task binary, but got {len(names)}"
            f" ({_listed(names)}). Use task multiclass.",
            column=name,
        )
    single = [label for label, count in zip(names, counts, strict=True) if count == 1]
    if single:
        advice = " If it is an amount, use task regression." if len(single) > 3 else ""
        raise DataError(
            f"Each class of `{name}` must have at least 2 rows, one to train and one to test, but"
            f" {len(single):,} of {len(names):,} have 1 ({_listed(single)})."
            f" Remove these rows or join the classes.{advice}",
            column=name,
            classes=single,
        )
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"`{name}` must have at most {MAX_CLASSES} classes, but got {len(names):,} ({_listed(names)})."
            " If it is an amount, use task regression; if it names rows, choose another target.",
            column=name,
        )
    if wanted is None:
        return _in_order(names)
    if sorted(wanted) != sorted(names):
        raise ConfigError(
            f"`classes` must be the labels found in `{name}`, {_listed(_in_order(names))}, in any order, but got"
            f" {_listed(wanted)}. Correct the schema.",
            classes=wanted,
        )
    return wanted


def _in_order(names: list[str]) -> list[str]:
    numbers = pl.Series(names).cast(pl.Float64, strict=False)
    if numbers.null_count() == 0:
        return [name for _, name in sorted(zip(numbers.to_list(), names, strict=True))]
    return sorted(names, key=lambda name: (name.casefold(), name))


def _listed(names: list[str], limit: int = 4) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:limit])
    return shown + (", …" if len(names) > limit else "")


def _not_numeric(series: pl.Series) -> DataError:
    text = level_text(series).drop_nulls()
    bad = text.filter(text.cast(pl.Float64, strict=False).is_null())
    example = bad[0] if len(bad) else text[0]
    return DataError(
        f'`{series.name}` must hold numbers for task regression, but got "{example}".'
        " Use task multiclass, or correct the column.",
        column=series.name,
        value=example,
    )


def _missing(name: str, count: int) -> DataError:
    return DataError(
        f"`{name}` must have a value in each row, but {count:,} rows miss it. Leave these rows out.",
        column=name,
        missing=count,
    )
