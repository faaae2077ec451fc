"""`practicum show`: the summary of a finished run, again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def show(
    run: Annotated[Path, typer.Argument(help="Folder of the run.", metavar="RUN", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Print the summary of a finished run again."""
    from practicum.runs.opening import open_run

    summary = open_run(run).summary
    if as_json:
        sys.stdout.write(summary.to_json() + "\n")
        return
    from rich.console import Console

    from practicum.report.terminal import print_summary

    print_summary(summary, Console())
