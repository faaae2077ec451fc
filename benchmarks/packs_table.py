"""The table of `packs.py`: from times to lines of JSON, to Markdown, to `benchmarks/README.md`."""

from __future__ import annotations

import platform
import re
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from packs_cells import Group, Ours

BEGIN, END = "<!-- packs: begin -->", "<!-- packs: end -->"
HEAD = (
    "| net | batch | ours | loop, default threads | loop, 1 thread | two Optuna workers | ours "
    "| × loop (min–max) | × Optuna (min–max) | |\n|---|---|---|---|---|---|---|---|---|---|"
)

Times = dict[str, list[float]]
"""Microseconds per trial and update, one a repeat, of each side: "default", "one", "optuna", and the packs' names."""


def rows_of(group: Group, times: Times, peaks: Sequence[float]) -> list[dict[str, Any]]:
    """Return a row for each pack of ``group`` that was measured."""
    loop = min(("default", "one"), key=lambda side: statistics.median(times[side]))
    return [_row(group, ours, times, loop, peaks) for ours in group.packs if ours.name in times]


def _row(group: Group, ours: Ours, times: Times, loop: str, peaks: Sequence[float]) -> dict[str, Any]:
    net, mine = group.net, times[ours.name]
    # Two workers do an odd number of trials, above all a single one, no faster than the next even number.
    optuna = [value * (ours.num_trials + ours.num_trials % 2) / ours.num_trials for value in times["optuna"]]
    theirs = {"default": times["default"], "one": times["one"], "optuna": optuna}
    us = statistics.median(mine)
    notes = []
    if ours.own_seeds:
        notes.append(
            f"all {ours.num_trials} cost {us * ours.num_trials / statistics.median(times[loop]):.2f} × one seed's loop"
        )
    if peaks:
        peak = statistics.median(peaks)
        notes.append(f"{net.flops_per_update() / us / 1e3 / peak:.0%} of {peak:.0f} GFLOP/s")
    if group.key in {"one-by-one", "by-32"}:
        notes.append(f"{us / net.batch_size:.2f} µs an example")
    return {
        "key": group.key,
        "net": net.name,
        "batch_size": net.batch_size,
        "ours": ours.name,
        "us_per_trial_update": {
            side: round(statistics.median(values), 1) for side, values in (theirs | {"ours": mine}).items()
        },
        "times_loop": _ratios(times[loop], mine),
        "times_optuna": _ratios(optuna, mine),
        "repeats": len(mine),
        "note": "; ".join(notes),
    }


def _ratios(theirs: Sequence[float], mine: Sequence[float]) -> list[float]:
    """Return median, smallest and largest of how many times faster ours was."""
    ratios = [a / b for a, b in zip(theirs, mine, strict=True)]
    return [round(value, 2) for value in (statistics.median(ratios), min(ratios), max(ratios))]


def markdown(rows: Sequence[dict[str, Any]], command: str) -> str:
    """Return the table, under a line that says when, where and how."""
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}, torch {version('torch')}, optuna {version('optuna')}; "
        f"`{command}`. "
        "Microseconds per trial and update, medians; ratios are medians (and range) over repeats in turn.",
        "",
        HEAD,
    ]
    for row in rows:
        us = row["us_per_trial_update"]
        cells = [row["net"], row["batch_size"], row["ours"]]
        cells += [f"{us[side]:,.1f}" for side in ("default", "one", "optuna", "ours")]
        cells += [f"**{m:.2f}** ({a:.2f}–{b:.2f})" for m, a, b in (row["times_loop"], row["times_optuna"])]
        lines.append("| " + " | ".join(map(str, [*cells, row["note"]])) + " |")
    return "\n".join(lines)


def write(table: str, path: Path) -> None:
    """Put ``table`` between the markers of the file at ``path``; at its end, if it has none."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    block = f"{BEGIN}\n\n{table}\n\n{END}"
    found = re.search(f"{re.escape(BEGIN)}.*{re.escape(END)}", text, re.DOTALL)
    text = text[: found.start()] + block + text[found.end() :] if found else f"{text.rstrip()}\n\n{block}\n"
    path.write_text(text, encoding="utf-8")


def _machine() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="ascii")
        names = re.findall(r"model name\s*: (.*)", info)
    except OSError:
        names = []
    return f"{len(names) or '?'} × {names[0].strip() if names else platform.processor()}"
