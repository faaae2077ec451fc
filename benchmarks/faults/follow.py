"""Follow the advice: does the first piece repair the program, do three, and does a random change as dear?

Each run at fault that does harm is repaired by what its first cause advises (of several candidates, the one with the
least validation error is kept), then by its first three. As control, as many random changes, kept by the same measure.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import zlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.faults.fault import Fault
from benchmarks.faults.harm import CAP, measured
from benchmarks.faults.injections import FAULTS
from benchmarks.faults.jobs import program
from benchmarks.faults.plan import Plan, run
from benchmarks.faults.repairs import candidates, random_change
from benchmarks.faults.run import _prepare, read
from benchmarks.faults.score import harms

Record = dict[str, Any]


def tried(plan: Plan, fault: Fault) -> tuple[float, float]:
    """Return of a changed program what it was judged by (validation error) and what counts (the harm)."""
    try:
        outcome = run(plan)
    except (
        RuntimeError,
        ValueError,
        IndexError,
    ):  # a change that does not fit the program: it crashes, and is seen to
        return math.inf, CAP
    again = run(plan).digest if fault.harm == "chance" else outcome.digest
    seen = {
        "test_error": min(1e6, outcome.test_error),
        "test_loss": outcome.test_loss,
        "reported_error": outcome.reported_error,
        "kept": outcome.kept,
        "waited": outcome.waited,
        "digest": outcome.digest,
        "digest_again": again,
    }
    return min(CAP, outcome.valid_error), measured(seen, fault.harm)


def best(pairs: Sequence[tuple[float, float]], before: float) -> float:
    """Return what counts of the candidate that was judged best; without any, what was before."""
    return min(pairs, key=lambda pair: pair[0])[1] if pairs else before


def follow(job: tuple[Record, list[float]]) -> Record:
    """Return what came of following the advice of one run."""
    record, sound = job
    plan, (name,) = program(record["key"])
    fault, before = FAULTS[name], measured(record, FAULTS[name].harm)
    ranked = [cause for cause, _ in record["causes"]][:3]
    pieces = [[tried(change(plan), fault) for change in candidates(cause)] for cause in ranked]
    rng = np.random.default_rng(zlib.crc32(record["key"].encode()))
    num = sum(len(each) for each in pieces) or 1
    control = [tried(random_change(plan, rng), fault) for _ in range(num)]
    first = len(pieces[0]) if pieces else 1
    mean = float(np.mean(sound))
    spread = float(np.std(sound, ddof=1))
    counted = {"test": 1, "reported": 1}.get(fault.harm, 0)
    rows = len(plan.rows.test[0])
    chance = counted * mean * max(0.0, 1 - mean) / rows if plan.kind != "numbers" else 0.0
    limit = mean + 2 * math.sqrt(spread**2 * (1 + 1 / len(sound)) + chance)
    return {
        "key": record["key"],
        "causes": ranked,
        "before": before,
        "sound": mean,
        "limit": limit,
        "first": best(pieces[0], before) if pieces else before,
        "three": min([best(each, before) for each in pieces], default=before),
        "random_first": best(control[: max(1, first)], before),
        "random_three": best(control, before),
        "num_runs": num,
    }


def follow_all(files: Sequence[Path], out: Path, num_workers: int, limit: int) -> None:
    """Follow the advice of all runs at fault of these files, and print what came of it."""
    every = [one for file in files for one in read(file) if "crash" not in one]
    records = list({one["key"]: one for one in every if one["watcher"] in ("practicum", "none")}.values())
    watched = {one["key"]: one for one in every if one["watcher"] == "practicum"}
    real = {key for key, harm in harms(records).items() if harm.is_real}
    sound: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for one in records:
        kind, name, task, _, seed = one["key"].split("/")
        if kind == "twin":
            sound[name, task, "test" if int(seed) >= 100 else "tune"].append(one)
    done = {one["key"] for one in read(out)}
    jobs = []
    for one in watched.values():
        kind, name, task, severity, seed = one["key"].split("/")
        era = "test" if int(seed) >= 100 else "tune"
        if kind != "fault" or (name, task, severity, era) not in real or one["key"] in done:
            continue
        fault = FAULTS[name]
        if fault.repairable:
            twins = sound[fault.prepare.__name__, task, era]
            jobs.append((one, [measured(each, fault.harm) for each in twins]))
    jobs = [jobs[k * len(jobs) // limit] for k in range(limit)] if len(jobs) > limit else jobs
    context = multiprocessing.get_context("spawn")
    with out.open("a") as file, context.Pool(num_workers, _prepare) as pool:
        for count, made in enumerate(pool.imap_unordered(follow, jobs), 1):
            file.write(json.dumps(made) + "\n")
            file.flush()
            if count % 50 == 0:
                print(f"{count}/{len(jobs)}", flush=True)
    print(followed(read(out)))


def followed(records: Sequence[Record]) -> str:
    """Return in words what following the advice brought."""
    from scipy import stats

    num = max(1, len(records))
    share = {
        name: sum(one[name] <= one["limit"] for one in records) / num
        for name in ("first", "three", "random_first", "random_three")
    }
    wins = sum(one["first"] < one["random_first"] for one in records)
    ties = sum(one["first"] == one["random_first"] for one in records)
    p = stats.binomtest(wins, max(1, num - ties), alternative="greater").pvalue if num > ties else 1.0
    lines = [
        f"{len(records)} runs: the first advice repairs {share['first']:.3f}, three {share['three']:.3f}; "
        f"random changes as dear {share['random_first']:.3f} and {share['random_three']:.3f}.",
        f"The first advice is better than the random change in {wins} of {num - ties} (sign test p = {p:.2g}).",
    ]
    by: dict[str, list[Record]] = defaultdict(list)
    for one in records:
        by[one["key"].split("/")[1]].append(one)
    lines += ["", "| fault | runs | first | three | random |", "|---|--:|--:|--:|--:|"]
    for name in FAULTS:
        if name in by:
            group = by[name]
            shares = [
                sum(one[k] <= one["limit"] for one in group) / len(group)
                for k in ("first", "three", "random_first")
            ]
            lines.append(f"| {name} | {len(group)} | " + " | ".join(f"{one:.2f}" for one in shares) + " |")
    return "\n".join(lines)
