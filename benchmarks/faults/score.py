"""How well the findings name what was planted, and how often they speak of a sound run.

Detection: any finding of weight. First and among three: by the watcher's ranking of causes. Precision: of all findings
of weight, those whose likeliest cause was planted. Only faults that do harm (five runs against five) are scored.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.faults.harm import Harm, compare, measured
from benchmarks.faults.injections import FAULTS

Record = dict[str, Any]

ALIKE: dict[str, tuple[tuple[str, ...], str]] = {
    "A5": (("A3",), "planted by drawing weights 1.6 to 3 times too large"),
    "A7": (("A3",), "planted by drawing weights 8 to 40 times too large"),
    "A13": (("O8",), "a batch of 2 to 4 is both, and the first advice is the same"),
    "A14": (("O11",), "planted by weight decay alone"),
    "E1": (("E3",), "few rows, trained to the end: over-fitting is over-training"),
    "E2": (("A8",), "no hidden layer: the model is linear"),
    "E3": (("E1",), "the same, told from the other end"),
    "O3": (("O1", "O9"), "rate and momentum are both raised"),
    "O6": (("O5",), "the rate decays too early either way; what was meant nobody can see"),
    "O9": (("O3",), "too much momentum is what makes it swing"),
}
"""By planted fault: other ids that are as right, and why."""


def right(planted: Iterable[str]) -> set[str]:
    """Return the ids that count as right where these faults were planted."""
    return {other for one in planted for other in (one, *ALIKE.get(one, ((), ""))[0])}


def heavy(record: Record) -> list[Record]:
    """Return the findings of weight."""
    return [one for one in record["findings"] if one["severity"] != "info"]


def wilson(hits: int, num: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if num == 0:
        return 0.0, 1.0
    share, z2 = hits / num, z * z
    middle = (share + z2 / (2 * num)) / (1 + z2 / num)
    half = z * math.sqrt(share * (1 - share) / num + z2 / (4 * num * num)) / (1 + z2 / num)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass
class Tally:
    """What became of the runs of one fault."""

    runs: int = 0
    found: int = 0
    first: int = 0
    three: int = 0
    findings: int = 0
    right_findings: int = 0
    told: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, planted: Sequence[str]) -> None:
        """Count a run."""
        good, ranked = right(planted), [cause for cause, _ in record["causes"]]
        told = heavy(record)
        self.runs += 1
        self.found += bool(told)
        self.first += bool(told) and ranked[:1] != [] and ranked[0] in good
        self.three += bool(told) and any(cause in good for cause in ranked[:3])
        self.findings += len(told)
        self.right_findings += sum(one["causes"][0]["fault"] in good for one in told if one["causes"])
        self.told[ranked[0] if told and ranked else "nothing"] += 1


def harms(records: Sequence[Record]) -> dict[tuple[str, str, str, str], Harm]:
    """Return, by fault, task, severity and seeds, what harm was done."""
    groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for one in records:
        if "crash" in one:
            continue
        kind, name, task, severity, seed = one["key"].split("/")
        era = "test" if int(seed) >= 100 else "tune"
        groups[kind, name, task, severity, era].append(one)
    found = {}
    for (kind, name, task, severity, era), group in groups.items():
        if kind != "fault":
            continue
        fault = FAULTS[name]
        twins = groups.get(("twin", fault.prepare.__name__, task, "0", era), [])
        if len(twins) >= 3 and len(group) >= 3:
            found[name, task, severity, era] = compare(
                [measured(one, fault.harm) for one in twins], [measured(one, fault.harm) for one in group]
            )
    return found


@dataclass
class Scores:
    """All that is told of a watcher's records."""

    faults: dict[str, Tally]
    cells: dict[str, tuple[int, int]]
    doubles: Tally
    both_among_three: int
    healthy: int
    alarms: int
    unsound: int
    crashes: int
    alarm_rules: Counter[str]
    stated: list[tuple[float, bool]]
    seconds: float
    all_findings: int
    right_findings: int

    def mean(self, what: str) -> float:
        """Return the mean over faults of a share: "found", "first" or "three"."""
        shares = [getattr(one, what) / one.runs for one in self.faults.values() if one.runs]
        return sum(shares) / max(1, len(shares))


def score(records: Sequence[Record], harmful: dict[tuple[str, str, str, str], Harm]) -> Scores:
    """Return the scores of one watcher."""
    made = Scores({}, {}, Tally(), 0, 0, 0, 0, 0, Counter(), [], 0.0, 0, 0)
    cells: dict[str, dict[tuple[str, str, str], bool]] = defaultdict(dict)
    for one in records:
        if "crash" in one:
            made.crashes += 1
            continue
        kind, name, task, severity, seed = one["key"].split("/")
        made.seconds += one["seconds"]
        if kind in ("healthy", "twin"):
            _add_sound(made, one, kind)
            continue
        if kind == "fault":
            era = "test" if int(seed) >= 100 else "tune"
            harm = harmful.get((name, task, severity, era))
            cells[name][task, severity, era] = harm is not None and harm.is_real
            if harm is None or not harm.is_real:
                continue
            made.faults.setdefault(name, Tally()).add(one, [name])
        else:
            made.doubles.add(one, one["faults"])
            ranked = [cause for cause, _ in one["causes"]][:3]
            made.both_among_three += all(right([each]) & set(ranked) for each in one["faults"])
        good = right(one["faults"])
        made.all_findings += len(heavy(one))
        made.right_findings += sum(
            each["causes"][0]["fault"] in good for each in heavy(one) if each["causes"]
        )
        if heavy(one) and one["causes"]:
            made.stated.append((one["causes"][0][1], one["causes"][0][0] in good))
    made.cells = {name: (sum(every.values()), len(every)) for name, every in cells.items()}
    return made


def _add_sound(made: Scores, one: Record, kind: str) -> None:
    """Count a sound run; a twin is one more of these, but not of the generator's."""
    if not one["healthy"]:
        made.unsound += kind == "healthy"
        return
    told = heavy(one)
    if kind == "healthy":
        made.healthy += 1
        made.alarms += bool(told)
    made.alarm_rules.update(f"{each['rule']}{'' if kind == 'healthy' else ' (twin)'}" for each in told)
    made.all_findings += len(told)
    if told and one["causes"]:
        made.stated.append((one["causes"][0][1], False))


def calibration(
    stated: Sequence[tuple[float, bool]], num_bins: int = 5
) -> tuple[float, list[tuple[float, float, int]]]:
    """Return the mean gap of stated and true shares, and by bin: stated, true, number."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, hit in stated:
        bins[min(num_bins - 1, int(probability * num_bins))].append((probability, hit))
    rows = [
        (sum(p for p, _ in each) / len(each), sum(hit for _, hit in each) / len(each), len(each))
        for _, each in sorted(bins.items())
    ]
    gap = sum(abs(p - share) * num for p, share, num in rows) / max(1, len(stated))
    return gap, rows
