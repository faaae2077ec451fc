"""`practicum predict`: predictions of a saved run for new rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from practicum.cli.importing import heavy_imports
from practicum.cli.outfile import check_out, write_out

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
        check_out("out", out, suffixes=SUFFIXES, apart_from=data)
    with heavy_imports():
        from practicum.faces.run import load

    notes: list[str] = []
    frame = load(run).predict_frame(data, proba=proba, notes=notes)
    for note in notes:
        sys.stderr.write(f"note: {note}\n")
    if out is None:
        sys.stdout.write(frame.write_csv())
    else:
        write_out("out", out, frame.write_csv if out.suffix == ".csv" else frame.write_parquet)
