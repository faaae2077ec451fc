"""`practicum predict`: predictions of a saved run for new rows."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    if out.is_dir():
        raise ConfigError(f"`out` must be a file, but got out={out} (a folder). Name a file in it.", out=out)
    if out.exists() and data.exists() and out.samefile(data):
        raise ConfigError(
            f"`out` must not be the table itself, but got out={out}. Choose another name.", out=out
        )
    if not out.parent.is_dir():
        raise ConfigError(
            f"`out` must lie in a folder that exists, but got out={out} ({out.parent} is none). Make it first.",
            out=out,
        )


def _write(frame: pl.DataFrame, out: Path) -> None:
    """Write predictions beside ``out``, then put them in place whole."""
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=".practicum-", suffix=out.suffix)
        os.close(handle)
        part = Path(name)
        try:
            if out.suffix == ".csv":
                frame.write_csv(part)
            else:
                frame.write_parquet(part)
            part.chmod(0o666 & ~_umask())
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except Exception as error:
        # polars wraps some of the system's errors in classes of its own
        if not isinstance(error, OSError) and "(os error " not in str(error):
            raise
        raise ConfigError(
            f"`out` must be a place that can be written to, but got out={out} ({error}).", out=out
        ) from None
