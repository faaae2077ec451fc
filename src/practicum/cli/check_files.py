"""What `practicum check` gives to programs and to the eye: JSON, SARIF, a picture."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from practicum.cli.outfile import write_text
from practicum.core.finding import Finding

if TYPE_CHECKING:
    from practicum.checks.subject import Checked

PICTURES = (".svg", ".html")
"""Kinds of pictures."""


def in_json(findings: Sequence[Finding], parts: Sequence[Checked]) -> str:
    """Return all that was found as JSON: numbers that are not finite as null.

    Args:
        findings: the gravest first.
        parts: what each check of a model saw; a check with numbers of its own has them under "data".
    """
    whole = {"findings": [one.as_mapping() for one in findings], "parts": [_part(one) for one in parts]}
    return json.dumps(_finite(whole), indent=2, allow_nan=False)


def write_sarif(out: Path, what: str, findings: Sequence[Finding], parts: Sequence[Checked]) -> None:
    """Write findings as SARIF.

    Args:
        out: the file.
        what: a table, or module:build, as on the command line.
        findings: the gravest first.
        parts: what each check of a model saw; those that could not look are told.
    """
    from practicum.faces.called import is_called
    from practicum.report.sarif import sarif

    place = what.rpartition(":")[0] if is_called(what) else what
    is_file = Path(place).exists()
    unseen = [f"{part.title}: {part.text}" for part in parts if not part.looked]
    log = sarif(findings, file=place if is_file else None, unseen=unseen)
    write_text("sarif", out, json.dumps(log, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_picture(out: Path, parts: Sequence[Checked]) -> None:
    """Write how finite differences err as ε shrinks; where that was not looked at, say so on stderr."""
    from practicum.report.epsilon_chart import epsilon_chart

    sweeps = [sweep for part in parts if (sweep := getattr(part.found, "sweep", None)) is not None]
    if not sweeps:
        sys.stderr.write(f"note: no picture in {out}, for the gradients could not be looked at\n")
        return
    write_text("epsilon-sweep", out, epsilon_chart(sweeps[0], out.suffix))


def _part(part: Checked) -> dict[str, Any]:
    """Return what a check saw."""
    given = {"title": part.title, "text": part.text, "looked": part.looked}
    as_mapping = getattr(part.found, "as_mapping", None)
    return given if as_mapping is None else {**given, "data": as_mapping()}


def _finite(value: Any) -> Any:
    """Return the same with null for what JSON cannot say."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and value - value != 0 else value
