"""Days and moments: recognise them in text, and turn them into numbers that a network can use.

A date becomes elapsed days and year (trend), and month, weekday and hour as points on a circle (season), so that
December lies beside January.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from practicum.core.errors import DataError
from practicum.data.text import clean, first_row, is_textual

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y")
_TIMES = ("", " %H:%M:%S%.f", " %H:%M", "T%H:%M:%S%.f", "T%H:%M", "T%H:%M:%S%.f%#z", " %H:%M:%S%.f%#z")
FORMATS = tuple(day + time for time in _TIMES for day in _DAYS)
_LOOKS_LIKE_DATE = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?$"
_SWAPPED = {"%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y"}

SECONDS_PER_DAY = 86_400
MICROSECONDS_PER_DAY = SECONDS_PER_DAY * 1_000_000
DAYS_PER_WEEK, HOURS_PER_DAY, MONTHS_PER_YEAR = 7, 24, 12
_THURSDAY = 3  # weekday of 1970-01-01, counted from Monday = 0


def is_moment(dtype: pl.DataType) -> bool:
    """Return whether a column holds days or moments."""
    return dtype.base_type() in (pl.Date, pl.Datetime)


def find_format(text: pl.Series) -> str | None:
    """Return the format that reads every cell of ``text``, or None.

    Day before month is preferred where both read everything; see :func:`is_ambiguous`.

    Args:
        text: cleaned strings (nulls are skipped).

    Example:
        >>> find_format(pl.Series(["2011-01-02", "2011-12-31"]))
        '%Y-%m-%d'
        >>> find_format(pl.Series(["ale", "beer"])) is None
        True
    """
    cells = text.drop_nulls()
    sample = cells.head(100)
    if sample.is_empty() or not sample.str.contains(_LOOKS_LIKE_DATE).all():
        return None
    for form in FORMATS:
        if not _reads(sample, form):
            continue
        if _reads(cells, form):
            return form
    return None


def is_ambiguous(text: pl.Series, form: str) -> bool:
    """Return whether month before day would read every cell as well."""
    day = next(day for day in _DAYS if form.startswith(day))
    other = _SWAPPED.get(day)
    return other is not None and _reads(text.drop_nulls(), form.replace(day, other, 1))


def to_moments(series: pl.Series, form: str | None) -> pl.Series:
    """Return a column as moments in UTC, without a time zone, to the microsecond.

    Args:
        series: dates, moments, or text.
        form: how text is read; None: found out.

    Raises:
        DataError: if a cell of text cannot be read so; the message shows it.
    """
    if is_moment(series.dtype):
        moments = series.cast(pl.Datetime("us", getattr(series.dtype, "time_zone", None)))
        return (
            moments.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if _has_zone(moments) else moments
        )
    if not is_textual(series.dtype):
        if series.null_count() == len(series):
            return pl.Series(series.name, [None] * len(series), dtype=pl.Datetime("us"))
        raise DataError(
            f"`{series.name}` must hold dates, but got {series.dtype} values. Write them like 2011-12-31.",
            column=series.name,
        )
    text = clean(series)
    read = _parse(text, form or find_format(text) or FORMATS[0])
    bad = read.is_null() & text.is_not_null()
    if bad.any():
        row = first_row(bad)
        raise DataError(
            f'`{series.name}` must hold dates{f" like {form}" if form else ""}, but got "{text[row - 1]}"'
            f" (row {row}). Correct the cell, or leave it empty.",
            column=series.name,
            value=text[row - 1],
        )
    return read


def has_hours(moments: pl.Series) -> bool:
    """Return whether any moment lies off midnight."""
    return bool((moments.to_physical() % MICROSECONDS_PER_DAY != 0).any())


def parts(moments: pl.Series, *, hours: bool) -> dict[str, np.ndarray]:
    """Return the numbers that stand for moments, by name, each float64 with NaN where missing, shape (N,).

    Args:
        moments: as :func:`to_moments` gives them.
        hours: whether to add the hour of the day.

    Example:
        >>> from datetime import datetime
        >>> numbers = parts(pl.Series([datetime(1970, 1, 2)], dtype=pl.Datetime("us")), hours=False)
        >>> float(numbers["elapsed_days"][0]), float(numbers["year"][0])
        (1.0, 1970.0)
    """
    days = moments.to_physical().cast(pl.Float64).to_numpy() / MICROSECONDS_PER_DAY
    month = moments.dt.month().cast(pl.Float64).to_numpy()
    numbers = {
        "elapsed_days": days,
        "year": moments.dt.year().cast(pl.Float64).to_numpy(),
        "day": moments.dt.day().cast(pl.Float64).to_numpy(),
        **_circle("month", month - 1, MONTHS_PER_YEAR),
        **_circle("weekday", np.floor(days) + _THURSDAY, DAYS_PER_WEEK),
    }
    if hours:
        numbers |= _circle("hour", (days - np.floor(days)) * HOURS_PER_DAY, HOURS_PER_DAY)
    return numbers


def _circle(name: str, value: np.ndarray, period: int) -> dict[str, np.ndarray]:
    """Return the point on the circle; rounded, since sin(π) must be the 0 that sin(0) is."""
    angle = value % period * (2 * np.pi / period)
    return {f"{name}_sin": np.sin(angle).round(12), f"{name}_cos": np.cos(angle).round(12)}


def _has_zone(moments: pl.Series) -> bool:
    return getattr(moments.dtype, "time_zone", None) is not None


def _parse(text: pl.Series, form: str) -> pl.Series:
    """Return moments, null where ``form`` does not fit."""
    moments = text.str.to_datetime(form, strict=False, time_unit="us")
    if _has_zone(moments):
        moments = moments.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    # "%Y" also takes two digits: the year 99. Nobody's table starts there.
    return moments.set(moments.dt.year() < 1000, None)


def _reads(cells: pl.Series, form: str) -> bool:
    return _parse(cells, form).null_count() == 0
