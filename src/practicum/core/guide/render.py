"""The guide as text for a terminal and as plain data for JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide import SETTINGS, get, search
from practicum.core.guide.model import STATUSES, Recommendation, Setting

PROVENANCE = {
    "text": "read there",
    "memory": "from memory, to be re-checked",
    "derived": "our own derivation",
}


def select(words: str | Iterable[str] = "", status: str | None = None) -> list[Recommendation]:
    """Return the recommendations that contain all ``words`` and have this ``status`` (None: any).

    Raises:
        ConfigError: if ``status`` is not a status; the nearest is offered.

    Example:
        >>> len(select(status="done")) <= len(select())
        True
    """
    wanted = None if status is None else status.replace("-", " ").casefold()
    if wanted is not None and wanted not in STATUSES:
        raise ConfigError(
            f'`status` must be one of {", ".join(STATUSES)}, but got status="{status}".{nearest(wanted, STATUSES)}',
            status=status,
        )
    return [found for found in search(words) if wanted in (None, found.status)]


def status_text(found: Recommendation) -> str:
    """Return the status with the issue that plans it: "done", "planned (issue 3)", "planned (later)"."""
    if found.planned_in is not None:
        return f"{found.status} (issue {found.planned_in})"
    return "planned (later)" if found.status == "planned" else found.status


def list_lines(found: Iterable[Recommendation], width: int = 100) -> list[str]:
    """Return one line for each recommendation: key, status, title; cut at ``width`` characters.

    Example:
        >>> list_lines([get("1-02")])
        ['1-02          context            Scope: gradient-based learners with explicit criterion']
    """
    lines = (f"{one.key:<13} {status_text(one):<18} {one.title}" for one in found)
    return [line if len(line) <= width else line[: width - 1] + "…" for line in lines]


def show(key: str, width: int = 100) -> str:
    """Return one recommendation in full: text, source, settings, status, code, tests.

    Raises:
        ConfigError: if there is no such key.
    """
    found = get(key)
    rows = [("Source", f"{found.source} ({PROVENANCE[found.provenance]})")]
    rows += [("Setting", setting_text(SETTINGS[name])) for name in found.settings]
    rows += [("Status", status_text(found))]
    rows += [("Code", path) for path in found.code]
    rows += [("Test", path) for path in found.tests]
    head = [f"{found.key}  {found.title}", "", *textwrap.wrap(found.text, width), ""]
    return "\n".join(head + [line for label, value in rows for line in _row(label, value, width)])


def setting_text(row: Setting) -> str:
    """Return a setting in one line: name, default, range or choices, what it is.

    Example:
        >>> setting_text(SETTINGS["batch_size"])
        'batch_size = 32, searched from 1 to 512 (log-integer): examples of a minibatch, B'
    """
    text = f"{row.name} = {plain(row.default)}{', ' if range_text(row) else ''}{range_text(row)}: {row.description}"
    return f"{text}. Measured: {row.measured}" if row.measured else text


def range_text(row: Setting) -> str:
    """Return what a search may try: "searched from 1 to 512 (log-integer)", "one of tanh, relu", "true or false"."""
    if row.scale == "choice":
        text = f"one of {', '.join(row.choices)}"
    elif row.scale == "flag":
        text = "true or false"
    elif row.scale == "mapping":
        text = "names and values of your own"
    else:
        text = f"searched from {row.low:.10g} to {row.high:.10g} ({row.scale})"
    return f"{text}, {condition_text(row)}" if row.when else text


def condition_text(row: Setting) -> str:
    """Return when a setting acts: "when update_rule is sgd", "when corruption_level is used"; "" for always.

    Example:
        >>> condition_text(SETTINGS["momentum"]), condition_text(SETTINGS["dropout"])
        ('when update_rule is sgd', '')
    """
    conditions = (f"{name} is {' or '.join(map(plain, options))}" for name, options in row.when.items())
    return f"when {' and '.join(conditions)}" if row.when else ""


def plain(value: Any) -> str:
    """Return a default as it stands in a recipe file."""
    words = {None: "null", True: "true", False: "false"}
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return words[value] if value is None or isinstance(value, bool) else str(value)


def as_data(found: Recommendation) -> dict[str, Any]:
    """Return a recommendation as plain data, its settings in full, for JSON."""
    return {**asdict(found), "settings": [asdict(SETTINGS[name]) for name in found.settings]}


def _row(label: str, value: str, width: int) -> list[str]:
    """Return a labelled value, wrapped beside its label; a path stays whole, for copying."""
    line = f"{label:<9}{value}"
    if " " not in value:
        return [line]
    return textwrap.wrap(line, width, subsequent_indent=" " * 9)
