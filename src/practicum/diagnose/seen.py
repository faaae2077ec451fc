"""How often each rule fired in runs whose fault was known: counts from the test bed, as a table beside this module.

The table has a line a fault ("none" for sound runs): its runs, then which marks were seen and how often. A mark is a
rule with the cause that it named first, so that one rule may speak for several faults. ``benchmarks/faults`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from practicum.core.errors import RecordError
from practicum.core.finding import Finding

FILE = "seen.txt"
NONE = "none"
"""Instead of a fault, in the table: runs in which nothing was wrong."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Counts.

    Attributes:
        runs: of each fault.
        fired: by fault, in how many of its runs each mark was seen.
        marks: all marks.
        power: to which likelihoods are taken before they are multiplied: below 1, since marks are not independent.
    """

    runs: Mapping[str, int]
    fired: Mapping[str, Mapping[str, int]]
    marks: tuple[str, ...]
    power: float


def mark_of(finding: Finding) -> str:
    """Return a finding's mark: its rule and the cause that it names first.

    Example:
        >>> mark_of(Finding("R001", "critical", (("C1", 1.0),), "e", "a", "s"))
        'R001:C1'
    """
    return f"{finding.rule}:{finding.causes[0][0] if finding.causes else ''}"


def parse(text: str) -> Seen:
    r"""Return the counts that a table holds.

    Raises:
        RecordError: if a line is not as it should be.

    Example:
        >>> parse("power 0.5\nC1 4 R001:C1=4").fired["C1"]
        {'R001:C1': 4}
    """
    runs: dict[str, int] = {}
    fired: dict[str, dict[str, int]] = {}
    power = 1.0
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            if words[0] == "power":
                power = float(words[1])
                continue
            counts = {mark: int(count) for mark, _, count in (word.partition("=") for word in words[2:])}
            runs[words[0]], fired[words[0]] = int(words[1]), counts
        except (IndexError, ValueError):
            raise RecordError(
                f"`seen` must have lines of a fault, its runs and marks, but line {number} is {line!r}. Write it again."
            ) from None
    marks = sorted({mark for counts in fired.values() for mark in counts})
    return Seen(runs, fired, tuple(marks), power)


def table(runs: Iterable[tuple[str, Iterable[str]]], power: float, head: str = "") -> str:
    """Return the table of runs, each given by its fault and its marks.

    Example:
        >>> table([("C1", ["R001:C1"]), ("none", [])], 0.5).splitlines()[-2:]
        ['C1 1 R001:C1=1', 'none 1']
    """
    count: dict[str, int] = {}
    fired: dict[str, dict[str, int]] = {}
    for fault, marks in runs:
        count[fault] = count.get(fault, 0) + 1
        own = fired.setdefault(fault, {})
        for mark in set(marks):
            own[mark] = own.get(mark, 0) + 1
    lines = [f"# {line}" for line in head.splitlines()]
    lines.append(f"power {power:g}")
    for fault in sorted(count):
        told = " ".join(f"{mark}={fired[fault][mark]}" for mark in sorted(fired[fault]))
        lines.append(f"{fault} {count[fault]} {told}".rstrip())
    return "\n".join(lines) + "\n"


@cache
def known() -> Seen:
    """Return the table beside this module; an empty one where there is none."""
    file = files("practicum.diagnose").joinpath(FILE)
    return parse(file.read_text(encoding="utf-8")) if file.is_file() else Seen({}, {}, (), 1.0)
