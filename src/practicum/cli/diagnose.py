"""`practicum diagnose`: what is wrong with a finished run, and which changes would help, tried beside random ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from practicum.cli.importing import heavy_imports

BUDGET = "60s"


def diagnose(
    run: Annotated[Path, typer.Argument(help="Folder of the run.", metavar="RUN", show_default=False)],
    data: Annotated[
        str | None,
        typer.Option(help="The table that it learned from, if it lies elsewhere now.", metavar="FILE"),
    ] = None,
    budget: Annotated[str, typer.Option(help="Time for what is tried.", metavar="TIME")] = BUDGET,
    device: Annotated[str, typer.Option(help="Where to train: auto, cpu, cuda, …", metavar="NAME")] = "cpu",
    workers: Annotated[
        int | None,
        typer.Option(help="Packs to train side by side.", metavar="N", show_default="one per core"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is wrong with a finished run, and try what would help.

    Looks at training and validation rows only, never at the test rows.
    """
    from practicum.faces.budget import parse_budget
    from practicum.faces.progress import Display
    from practicum.runs.opening import open_run

    seconds = parse_budget(budget)
    files = open_run(run)
    with Display() as display:
        with heavy_imports():
            from practicum.faces.diagnosis import diagnose_run
        found = diagnose_run(
            files, data=data, budget_seconds=seconds, device=device, num_workers=workers, report=display.show
        )
    if found.interrupted:
        sys.stderr.write("Interrupted: this is what was found.\n")
    if as_json:
        from pydantic_core import to_json

        sys.stdout.write(to_json(found.as_mapping(), indent=1, inf_nan_mode="null").decode() + "\n")
        return
    sys.stdout.write(found.text + "\n")
