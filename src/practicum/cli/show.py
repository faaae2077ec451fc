"""`practicum show`: the summary of a finished run again, or one of the questions that its search can answer."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from practicum.core.errors import ConfigError

if TYPE_CHECKING:
    from practicum.core.summary import Summary


def show(
    run: Annotated[Path, typer.Argument(help="Folder of the run.", metavar="RUN", show_default=False)],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="With --matters: the settings that are asked about.", metavar="NAME", show_default=False
        ),
    ] = None,
    search: Annotated[
        bool, typer.Option("--search", help="Print the whole search: every setting, what each entry does.")
    ] = False,
    pareto: Annotated[
        bool, typer.Option("--pareto", help="Print the settings that no other beats in both error and cost.")
    ] = False,
    matters: Annotated[
        bool,
        typer.Option("--matters", help="Say whether NAME matters; without NAME, every scientific setting."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the summary of a finished run again, or what its search says."""
    asked = [name for name, given in (("search", search), ("pareto", pareto), ("matters", matters)) if given]
    if len(asked) > 1:
        raise ConfigError(
            f"`show` must be asked one question at a time, but got --{' --'.join(asked)}. Give one of them.",
            asked=asked,
        )
    if names and not matters:
        raise ConfigError(
            f"`NAME` must come with --matters, but got {names[0]} alone. Add --matters, or leave it out.",
            name=names[0],
        )
    from practicum.runs.opening import open_run

    summary = open_run(run).summary
    question = asked[0] if asked else "summary"
    if as_json:
        sys.stdout.write(_json(summary, question, names or []) + "\n")
        return
    from rich.console import Console

    from practicum.report.terminal import print_summary

    if question == "summary":
        print_summary(summary, Console())
    else:
        Console().print(*_page(summary, question, names or []), sep="\n")


def _page(summary: Summary, question: str, names: list[str]) -> Iterable[Any]:
    """Return what answers a question on the terminal."""
    from practicum.report.answer_text import matters_page, pareto_page, search_page

    if question == "search":
        return search_page(summary)
    if question == "pareto":
        return pareto_page(summary)
    return [part for name in _each(names) for part in matters_page(summary, name)]


def _json(summary: Summary, question: str, names: list[str]) -> str:
    """Return what answers a question as JSON; numbers that are not finite are null."""
    if question == "summary":
        return summary.to_json()
    from pydantic_core import to_json

    from practicum.report.answers import front_data, matters_data, search_data

    data: Any
    if question == "matters":
        data = [one for name in _each(names) for one in matters_data(summary, name)]
    else:
        data = search_data(summary) if question == "search" else front_data(summary)
    return to_json(data, indent=1, inf_nan_mode="null").decode()


def _each(names: list[str]) -> list[str | None]:
    """Return the names that were given, or the one that stands for every scientific setting."""
    return list(names) or [None]
