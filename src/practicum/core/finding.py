"""What a check or a rule says is wrong: how grave, from what, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["info", "warning", "critical"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
"""From what is worth knowing to what keeps a network from learning."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or may be.

    Attributes:
        rule: name of what found it.
        severity: "info" (worth knowing), "warning" (costs something), "critical" (nothing good comes of it).
        causes: key of a fault in the guide, without "fault-" (such as "L1"), and its probability, likeliest first.
        evidence: what was seen, a sentence with the numbers.
        advice: what to do, a sentence.
        source: keys of the guide, or papers.
        places: where it is, as far as it has a place: kind ("module", "parameter" or "column") and name.
        proof: what a short experiment says of the causes, a sentence or several; empty where none was made.
        confirmed: whether it says that one of them is at work; None where none was made.

    Example:
        >>> Finding("top-layer", "warning", (("L1", 0.9),), "Rows sum to 1.", "Return logits.", "3.2-26").text
        'Rows sum to 1. Return logits. [L1, 3.2-26]'
    """

    rule: str
    severity: Severity
    causes: tuple[tuple[str, float], ...]
    evidence: str
    advice: str
    source: str
    places: tuple[tuple[str, str], ...] = ()
    proof: str = ""
    confirmed: bool | None = None

    @property
    def text(self) -> str:
        """Evidence, advice, proof, and where to read on."""
        faults = [cause for cause, _ in self.causes[:1]]
        known = {f"fault-{fault}" for fault in faults}
        sources = [key for key in self.source.split(", ") if key not in known]
        rule = [self.rule] if self.rule[1:].isdigit() else []
        told = " ".join(part for part in (self.evidence, self.advice, self.proof) if part)
        return f"{told} [{', '.join([*rule, *faults, *sources])}]"

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "causes": [{"fault": fault, "probability": probability} for fault, probability in self.causes],
            "evidence": self.evidence,
            "advice": self.advice,
            "source": self.source,
            "places": [{"kind": kind, "name": name} for kind, name in self.places],
            "proof": self.proof,
            "confirmed": self.confirmed,
        }


def gravest_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity; those of one severity stay in their order."""
    return tuple(sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity)))


def verdict(findings: Sequence[Finding]) -> str:
    """Return what was found, how much of it is grave, then a line each.

    Example:
        >>> verdict([])
        'It looks healthy: nothing was found.'
    """
    if not findings:
        return "It looks healthy: nothing was found."
    counts = [
        (sum(one.severity == severity for one in findings), severity) for severity in reversed(SEVERITIES)
    ]
    found = ", ".join(f"{count} {severity}" for count, severity in counts if count)
    grave = any(one.severity != "info" for one in findings)
    head = f"Found: {found}." if grave else f"It looks healthy; worth knowing: {len(findings)}."
    return "\n".join([head, *(f"  {one.severity:<8}  {one.text}" for one in findings)])
