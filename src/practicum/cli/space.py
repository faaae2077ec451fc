"""`practicum space`: the ready-made spaces, and one in full, in the form that `fit --space FILE` reads."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def space(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A ready-made space to show, or a YAML file to check.", metavar="NAME", show_default=False
        ),
    ] = None,
    num_train: Annotated[
        int | None,
        typer.Option(help="Training rows, for penalties that a source gives of the mean loss.", metavar="N"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the ready-made spaces of hyper-parameters, or show one.

    One is printed as YAML, each line with its source: save it to a file, change it, and give it to `practicum fit`.
    """
    from practicum.faces.space import space_of
    from practicum.recipe.space import PRESETS

    if name is None:
        summaries = {key: preset.summary for key, preset in PRESETS.items()}
        lines = [f"{key:<16} {summary}" for key, summary in summaries.items()]
        text = json.dumps(summaries, indent=2) if as_json else "\n".join(lines)
    else:
        found = space_of(name, num_train=num_train)
        head = f"# {name}: {PRESETS[name].summary}" if name in PRESETS else f"# {name}"
        lines = [head, "# `practicum guide KEY` tells more of each key.", *found.as_lines()]
        text = json.dumps(found.as_mapping(), indent=2) if as_json else "\n".join(lines)
    sys.stdout.write(text + "\n")
