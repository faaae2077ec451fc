"""Scores as Markdown: a summary by watcher, then every fault, those missed too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from benchmarks.faults.injections import FAULTS
from benchmarks.faults.score import ALIKE, Record, Scores, calibration, harms, score, wilson
from benchmarks.faults.tasks import HELD_OUT_TASKS


def report(records: Sequence[Record]) -> str:
    """Return all tables of these records."""
    by_watcher: dict[str, list[Record]] = defaultdict(list)
    for one in records:
        by_watcher[one["watcher"]].append(one)
    once = {
        one["key"]: one
        for one in sorted(records, key=lambda one: one["watcher"] == "none")
        if "crash" not in one
    }
    harmful = harms(list(once.values()))  # a run ends the same, whoever watches
    by_watcher.pop("none", None)
    parts = []
    scores = {name: score(each, harmful) for name, each in by_watcher.items()}
    parts.append(summary(scores))
    for name, each in scores.items():
        held = [one for one in by_watcher[name] if one.get("task") in HELD_OUT_TASKS]
        if held and len(held) < len(by_watcher[name]):
            parts.append(f"{name}, held-out tasks alone:\n\n" + summary({name: score(held, harmful)}))
        parts.append(f"{name}, every fault:\n\n{every_fault(each)}")
        parts.append(details(name, each))
    reasons = "\n".join(f"- {one}: {', '.join(ids)} ({why})." for one, (ids, why) in ALIKE.items())
    parts.append(f"Counted as right too:\n\n{reasons}")
    return "\n\n".join(parts)


def _share(hits: int, num: int) -> str:
    return f"{hits / num:.2f}" if num else "–"


def summary(scores: dict[str, Scores]) -> str:
    """Return a row a watcher."""
    lines = [
        "| watcher | faults | runs | detected | first right | among three | precision | worst fault "
        "| false alarms per 100 | (95 %) | sound runs |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, one in scores.items():
        low, high = wilson(one.alarms, one.healthy)
        runs = sum(each.runs for each in one.faults.values())
        worst = min((each.found / each.runs for each in one.faults.values() if each.runs), default=0.0)
        lines.append(
            f"| {name} | {len(one.faults)} | {runs} | {one.mean('found'):.3f} | {one.mean('first'):.3f} "
            f"| {one.mean('three'):.3f} | {_share(one.right_findings, one.all_findings)} | {worst:.2f} "
            f"| {100 * one.alarms / max(1, one.healthy):.1f} | {100 * low:.1f}–{100 * high:.1f} | {one.healthy} |"
        )
    return "\n".join(lines)


def every_fault(made: Scores) -> str:
    """Return a row a fault."""
    lines = [
        "| fault | | harmful | runs | detected | first right | among three | precision | said first otherwise |",
        "|---|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for fault in FAULTS.values():
        if fault.id not in made.cells:
            continue
        some, cells = made.cells[fault.id]
        one = made.faults.get(fault.id)
        if one is None:
            lines.append(f"| {fault.id} | {fault.title} | {some}/{cells} | 0 | – | – | – | – | |")
            continue
        good = {fault.id, *ALIKE.get(fault.id, ((), ""))[0]}
        others = ", ".join(f"{name} {count}" for name, count in one.told.most_common(5) if name not in good)
        lines.append(
            f"| {fault.id} | {fault.title} | {some}/{cells} | {one.runs} | {_share(one.found, one.runs)} "
            f"| {_share(one.first, one.runs)} | {_share(one.three, one.runs)} "
            f"| {_share(one.right_findings, one.findings)} | {others} |"
        )
    return "\n".join(lines)


def details(name: str, made: Scores) -> str:
    """Return doubles, calibration, alarms on sound runs, and what was left out."""
    gap, rows = calibration(made.stated)
    doubles = made.doubles
    lines = [
        f"{name}: two faults at once, {doubles.runs} runs: detected {_share(doubles.found, doubles.runs)}, "
        f"first is one of them {_share(doubles.first, doubles.runs)}, "
        f"both among three {_share(made.both_among_three, doubles.runs)}.",
        f"Stated probabilities of the first cause: mean gap {gap:.3f} over {len(made.stated)} runs; "
        + "; ".join(f"said {p:.2f}, was {share:.2f} ({num})" for p, share, num in rows)
        + ".",
        f"Sound runs: {made.healthy}, and {made.unsound} drawn programs that ended badly (left out). "
        f"Alarms by rule: {dict(made.alarm_rules.most_common())}.",
        f"Crashes: {made.crashes}. Seconds in all: {made.seconds:.0f}.",
    ]
    return "\n".join(f"- {line}" for line in lines)
