"""`practicum guide`: the recommendations as a list, a search, or one in full."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Annotated

import typer

from practicum.core.errors import ConfigError

MAX_WIDTH = 100
UNCUT = 10_000
"""Width of lines that go into a pipe or a file, where `grep` wants them whole."""


def guide(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="A key such as 3.1-02, or words to search for.", metavar="WORDS", show_default=False
        ),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(help="Only those: done, partly, planned, context, out-of-scope.", metavar="STATUS"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: an object for a key, else an array.")
    ] = False,
) -> None:
    """Search the recommendations, or show one.

    A key such as 3.1-02 shows one with its settings, code, tests and status; words list all that have them.
    """
    from practicum.core.guide import GUIDE, get
    from practicum.core.guide.render import as_data, list_lines, select, show

    wanted = words or []
    found = select(wanted, status)
    is_key = len(wanted) == 1 and wanted[0].strip().casefold() in {key.casefold() for key in GUIDE}
    if not found and len(wanted) == 1 and not status:
        get(wanted[0])  # a mistyped key gets the nearest offered
    if is_key:
        text = json.dumps(as_data(get(wanted[0])), indent=2) if as_json else show(wanted[0], _width())
    elif as_json:
        text = json.dumps([as_data(one) for one in found], indent=2)
    elif not found:
        raise ConfigError(
            f'`words` must occur in the guide, but no recommendation has all of words="{" ".join(wanted)}". '
            f"Use fewer words, or `practicum guide` for the whole list.",
            words=wanted,
        )
    else:
        text = "\n".join(list_lines(found, _width() if sys.stdout.isatty() else UNCUT))
    sys.stdout.write(text + "\n")


def _width() -> int:
    """Return how wide text may be here."""
    return min(MAX_WIDTH, shutil.get_terminal_size().columns)
