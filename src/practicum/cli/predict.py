"""`practicum predict`: predictions of a saved run for new rows."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from practicum.cli.importing import heavy_imports
from practicum.core.errors import ConfigError

if TYPE_CHECKING:
    import polars as pl

SUFFIXES = (".csv", ".parquet")


def predict(
    run: Annotated[Path, typer.Argument(help="Folder of the run.", metavar="RUN", show_default=False)],
    data: Annotated[
        Path, typer.Argument(help="Table with the rows to predict.", metavar="DATA", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write, .csv or .parquet.", metavar="FILE", show_default="CSV to stdout"),
    ] = None,
    proba: Annotated[bool, typer.Option("--proba", help="Add the probability of each class.")] = False,
) -> None:
    """Predict new rows with a finished run.

    One line a row, in the order of DATA: the prediction and, if asked for, the probability of each class.
    """
    if out is not None:
        _check(out, data)
    with heavy_imports():
        from practicum.faces.run import load

    notes: list[str] = []
    frame = load(run).predict_frame(data, proba=proba, notes=notes)
    for note in notes:
        sys.stderr.write(f"note: {note}\n")
    if out is None:
        sys.stdout.write(frame.write_csv())
    else:
        _write(frame, out)


def _check(out: Path, data: Path) -> None:
    """Raise, before any work, if predictions cannot go to ``out``."""
    if out.suffix not in SUFFIXES:
        raise ConfigError(f"`out` must end in {' or '.join(SUFFIXES)}, but got out={out}.", out=out)
    try:
        is_folder, has_home = out.is_dir(), out.parent.is_dir()
        is_data = out.exists() and data.exists() and out.samefile(data)
    except OSError as error:
        raise _cannot_write(out, error) from None
    if is_folder:
        raise ConfigError(f"`out` must be a file, but got out={out} (a folder). Name a file in it.", out=out)
    if is_data:
        raise ConfigError(
            f"`out` must not be the table itself, but got out={out}. Choose another name.", out=out
        )
    if not has_home:
        raise ConfigError(
            f"`out` must lie in a folder that exists, but got out={out} ({out.parent} is none). Make it first.",
            out=out,
        )


def _write(frame: pl.DataFrame, out: Path) -> None:
    """Write predictions beside ``out``, then put them in place whole."""
    part = out.with_name(f".{out.stem}-{uuid4().hex[:8]}{out.suffix}")
    try:
        if out.suffix == ".csv":
            frame.write_csv(part)
        else:
            frame.write_parquet(part)
        part.replace(out)
    except Exception as error:
        # polars wraps some of the system's errors in classes of its own
        if not isinstance(error, OSError) and "(os error " not in str(error):
            raise
        raise _cannot_write(out, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _cannot_write(out: Path, error: Exception) -> ConfigError:
    """Return the one error for a disk that refuses."""
    return ConfigError(
        f"`out` must be a place that can be written to, but got out={out} ({error}). Choose another place.",
        out=out,
    )
