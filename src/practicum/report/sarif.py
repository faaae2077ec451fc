"""Findings as SARIF 2.1.0, the format in which code-scanning tools take in what a linter found.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 2020; the numbers of its sections stand
beside what follows them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from practicum import __version__
from practicum.checks.names import CHECKS
from practicum.core.finding import Finding, Severity
from practicum.core.guide import GUIDE
from practicum.diagnose.rules.every import RULES

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"

LEVELS: Mapping[Severity, str] = {"critical": "error", "warning": "warning", "info": "note"}
"""What a severity is called in SARIF (3.27.10)."""

FINGERPRINT = "practicumFinding/v1"
"""Name of the fingerprint by which a finding is known again though its numbers changed (3.27.17)."""


def sarif(
    findings: Sequence[Finding], *, file: str | Path | None = None, unseen: Sequence[str] = ()
) -> dict[str, Any]:
    """Return findings as a SARIF 2.1.0 log, ready for `json.dump`.

    Args:
        findings: of `check`, `check_table` or :meth:`practicum.Monitor.findings`.
        file: that was looked at, a table or the program that builds the model; every result then lies in it.
        unseen: sentences on what could not be looked at; they become notes on the run, so that silence is not taken
            for health.

    Source:
        SARIF 2.1.0, 3.13 (log), 3.14 (run), 3.27 (result), 3.33 (logical location), 3.49 (rule).
        NOTE[DIFF]: rules have no `helpUri`, which must be absolute (3.49.12), and our pages lie with the code. Their
        help text names the page.

    Example:
        >>> found = Finding("R001", "critical", (("C1", 1.0),), "It adds up.", "Reset it.", "fault-C1")
        >>> [(one["ruleId"], one["level"]) for one in sarif([found])["runs"][0]["results"]]
        [('R001', 'error')]
    """
    names = list(dict.fromkeys(one.rule for one in findings))
    driver = {
        "name": "practicum",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(name) for name in names],
    }
    notes = [{"level": "note", "message": {"text": one}} for one in unseen]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_result(one, names.index(one.rule), file) for one in findings],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(name: str) -> dict[str, Any]:
    """Return what is known of a rule of the monitor, or of a check before training (3.49)."""
    rule = next((one for one in RULES if one.id == name), None)
    if rule is None:
        title = CHECKS.get(name, name)
        text = f"{title}. Looked for before training; see docs/guides/check.md."
        return {"id": name, "shortDescription": {"text": title}, "help": {"text": text}}
    return {
        "id": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.why} {rule.advice} See docs/reference/rules.md, or `practicum explain {name}`."
        },
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"source": rule.source, "inject": rule.inject},
    }


def _result(finding: Finding, index: int, file: str | Path | None) -> dict[str, Any]:
    """Return one result (3.27): what was seen and what to do, where, and the causes with their probabilities."""
    location: dict[str, Any] = {}
    if file is not None:
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(Path(file))}}
    if finding.places:
        location["logicalLocations"] = [_logical(kind, name) for kind, name in finding.places]
    first = finding.causes[0][0] if finding.causes else ""
    known = json.dumps([finding.rule, first, finding.places])
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.evidence} {finding.advice}"},
        "locations": [location] if location else [],
        "partialFingerprints": {FINGERPRINT: hashlib.sha256(known.encode()).hexdigest()},
        "properties": {
            "severity": finding.severity,
            "evidence": finding.evidence,
            "advice": finding.advice,
            "source": finding.source,
            "proof": finding.proof,
            "confirmed": finding.confirmed,
            "causes": [
                {"fault": fault, "title": _title(fault), "probability": probability}
                for fault, probability in finding.causes
            ],
        },
    }


def _logical(kind: str, name: str) -> dict[str, str]:
    """Return a place (3.33): the whole path of a module or a parameter, or a column."""
    if kind == "column":
        return {"name": name, "fullyQualifiedName": name, "kind": kind}
    path = name or "(model)"
    return {"name": path.rpartition(".")[2], "fullyQualifiedName": path, "kind": kind}


def _title(fault: str) -> str:
    """Return the title of a fault in the guide; nothing of one that it does not have."""
    known = GUIDE.get(f"fault-{fault}")
    return known.title if known else ""


def _uri(file: Path) -> str:
    """Return a file as a URI, relative where the path is (3.4.3)."""
    return file.as_uri() if file.is_absolute() else quote(file.as_posix())
