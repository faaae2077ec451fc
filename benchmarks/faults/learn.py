"""Counts which rules fired in runs whose fault is known, for `practicum.diagnose.seen`; tune split only.

    python -m benchmarks.faults.learn tune.jsonl --write src/practicum/diagnose/seen.txt

The power that likelihoods are taken to is chosen by leaving one task out in turn: the one that makes the named causes
of the task left out most probable.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.faults.run import read
from benchmarks.faults.score import Record, harms, right

from practicum.core.finding import Finding
from practicum.diagnose.causes import posterior
from practicum.diagnose.seen import NONE, Seen, parse, table

POWERS = (0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def known_runs(records: Iterable[Record]) -> list[tuple[str, str, list[str]]]:
    """Return task, fault and marks of each run with one fault that did harm, and of each sound one."""
    kept = [one for one in records if "crash" not in one]
    harmful = harms(kept)
    runs = []
    for one in kept:
        kind, name, task, severity, seed = one["key"].split("/")
        assert int(seed) < 100 or kind in ("healthy", "double"), "test seeds must not be learned from"
        if kind == "fault":
            harm = harmful.get((name, task, severity, "tune"))
            if harm is not None and harm.is_real:
                runs.append((one["task"], name, one["marks"]))
        elif kind in ("healthy", "twin") and one["healthy"]:
            runs.append((one["task"], NONE, one["marks"]))
    return runs


def finding_of(mark: str) -> Finding:
    """Return a finding that has a mark."""
    rule, _, fault = mark.partition(":")
    return Finding(rule, "warning", ((fault, 1.0),), "", "", "")


def surprise(runs: Sequence[tuple[str, str, list[str]]], seen: Seen) -> float:
    """Return minus the mean log of the probability that the right causes get."""
    total, count = 0.0, 0
    for _, fault, marks in runs:
        chances = posterior([finding_of(mark) for mark in marks], seen)
        if fault == NONE or not chances:
            continue
        hit = sum(chances.get(one, 0.0) for one in right([fault]))
        total -= math.log(max(hit, 1e-4))
        count += 1
    return total / max(1, count)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--write", type=Path, required=True)
    asked = parser.parse_args()
    runs = known_runs([one for file in asked.files for one in read(file)])
    tasks = sorted({task for task, _, _ in runs})
    losses = {}
    for power in POWERS:
        parts = []
        for left in tasks:
            seen = parse(table(((fault, marks) for task, fault, marks in runs if task != left), power))
            parts.append(surprise([one for one in runs if one[0] == left], seen))
        losses[power] = sum(parts) / len(parts)
        print(f"power {power:g}: {losses[power]:.3f} nats")
    best = min(losses, key=lambda power: losses[power])
    head = (
        "How often each rule fired, by fault, in runs of benchmarks/faults (tune split: tasks and seeds that no\n"
        "figure is told of). Written by `python -m benchmarks.faults.learn`; do not edit."
    )
    text = table(((fault, marks) for _, fault, marks in runs), best, head)
    asked.write.write_text(text, encoding="utf-8")
    print(f"{len(runs)} runs, {len(tasks)} tasks, power {best:g}: {asked.write}")


if __name__ == "__main__":
    main()
