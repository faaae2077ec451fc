"""`practicum explain`: a rule in full, or all of them in a list."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(help="A rule such as R001; all without it.", metavar="RULE", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what a rule looks for, why it hurts, what to do, and how to make it happen."""
    from practicum.diagnose.explain import as_data, called, in_full, listed

    if rule is None:
        found = json.dumps(as_data(), indent=2) if as_json else listed()
    else:
        one = called(rule)
        found = json.dumps(as_data(one), indent=2) if as_json else in_full(one)
    sys.stdout.write(found + "\n")
