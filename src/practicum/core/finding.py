"""What a check or a rule says is wrong: how grave, from what, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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

    @property
    def text(self) -> str:
        """Evidence, advice, and where to read on."""
        keys = ", ".join([*(cause for cause, _ in self.causes[:1]), self.source])
        return f"{self.evidence} {self.advice} [{keys}]"
