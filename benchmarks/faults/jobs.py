"""The list of runs of a split, and one run of it as a record that can be written down.

A run is named by a key such as `fault/O1/digits/2/101`; the key says all, so a run can be repeated from it alone.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from benchmarks.faults.healthy import TEST_FROM, healthy, is_healthy
from benchmarks.faults.injections import FAULTS
from benchmarks.faults.plan import Plan, run
from benchmarks.faults.tasks import HELD_OUT_TASKS, TASKS, TUNE_TASKS, task

SEEDS = {"tune": range(5), "test": range(200, 205)}
NUM_HEALTHY = {"tune": 250, "test": 480}
DOUBLE_SHARE = 0.15
"""Of runs that carry two faults."""


def jobs(split: str, severities: str = "one", draw: int = 0) -> Iterator[str]:
    """Yield the keys of a split; with "one" severity, each fault and task has one, drawn by their names.

    Another draw has other seeds and other sound programs, on the same tasks.
    """
    seeds = range(SEEDS[split].start + 5 * draw, SEEDS[split].stop + 5 * draw)
    names = TUNE_TASKS if split == "tune" else tuple(TASKS)
    seen: set[tuple[str, str]] = set()
    single = 0
    for fault in FAULTS.values():
        for name in names:
            if not fault.applies(task(name, 0)):
                continue
            twin = (fault.prepare.__name__, name)
            if twin not in seen:
                seen.add(twin)
                yield from (f"twin/{twin[0]}/{name}/0/{seed}" for seed in seeds)
            for severity in fault.severities if severities == "all" else (_severity(fault.id, name),):
                single += len(seeds)
                yield from (f"fault/{fault.id}/{name}/{severity}/{seed}" for seed in seeds)
    first = (0 if split == "tune" else TEST_FROM) + 1000 * draw
    for index in range(first, first + NUM_HEALTHY[split]):
        yield f"healthy/-/-/0/{index}"
    for index in range(first, first + round(DOUBLE_SHARE / (1 - DOUBLE_SHARE) * single)):
        yield f"double/-/-/0/{index}"


def wanted(
    keys: Iterable[str], watchers: Sequence[str], num_watched: int, num_others: int
) -> Iterator[tuple[str, str]]:
    """Yield keys with watchers, of a part of a split.

    Args:
        keys: of a split.
        watchers: by name.
        num_watched: seeds of each fault and task that are watched; the others run unwatched, to tell harm by.
        num_others: tasks of each fault that are not held out, drawn by its name; of the held-out ones there are all.
    """
    every = list(keys)
    tasks: dict[str, set[str]] = defaultdict(set)
    for key in every:
        kind, name, where, _, _ = key.split("/")
        if kind == "fault":
            tasks[name].add(where)
    chosen = {
        (name, where)
        for name, some in tasks.items()
        for where in (
            *(some & set(HELD_OUT_TASKS)),
            *sorted(some - set(HELD_OUT_TASKS), key=lambda one: zlib.crc32(f"{name}{one}".encode()))[
                :num_others
            ],
        )
    }
    twins = {(FAULTS[name].prepare.__name__, where) for name, where in chosen}
    seen: Counter[tuple[str, str, str]] = Counter()
    doubles = [key for key in every if key.startswith("double")]
    num_single = num_watched * len(chosen)
    left_out = set(doubles[round(DOUBLE_SHARE / (1 - DOUBLE_SHARE) * num_single) :])
    for key in every:
        if key in left_out:
            continue
        kind, name, where, severity, _ = key.split("/")
        if kind == "twin":
            if (name, where) in twins:
                yield key, "none"
        elif kind != "fault":
            yield from ((key, watcher) for watcher in watchers)
        elif (name, where) in chosen:
            seen[name, where, severity] += 1
            is_watched = seen[name, where, severity] <= num_watched
            yield from ((key, watcher) for watcher in (watchers if is_watched else ("none",)))


def _severity(fault: str, name: str) -> int:
    """Return the severity of a fault on a task, where one is enough."""
    given = FAULTS[fault].severities
    return given[zlib.crc32(f"{fault}{name}".encode()) % len(given)]


def double(index: int) -> tuple[Plan, tuple[str, ...]]:
    """Return a program with two faults, and which; those that one would hide the other from are not paired."""
    rng = np.random.default_rng(55_000_000 + index)
    test = index >= TEST_FROM
    names = tuple(TASKS) if test and index % 2 else HELD_OUT_TASKS if test else TUNE_TASKS
    names = tuple(name for name in names if name in TASKS)
    while True:
        name = names[int(rng.integers(len(names)))]
        sound = task(name, int(rng.integers(200, 205) if test else rng.integers(5)))
        ids = [str(one) for one in rng.choice(list(FAULTS), 2, replace=False)]
        if HIDING & set(ids) or ids[0][0] == ids[1][0]:
            continue
        first, second = (FAULTS[one] for one in ids)
        if not (first.applies(sound) and second.applies(sound)):
            continue
        both = first.inject(second.prepare(first.prepare(sound)), first.severities[0], index)
        return second.inject(both, second.severities[0], index), (first.id, second.id)


HIDING = {"C2", "C3", "D3", "O15", "O14", "C8", "C9", "C10", "O7", "E5", "D5", "D12"}
"""Faults after which nothing is learnt (or seen), so that no other can be told: they are only planted alone."""


def program(key: str) -> tuple[Plan, tuple[str, ...]]:
    """Return the program of a key, and the faults in it."""
    kind, name, where, severity, number = key.split("/")
    if kind == "healthy":
        return healthy(int(number)), ()
    if kind == "double":
        return double(int(number))
    if kind == "twin":
        prepare = next(one.prepare for one in FAULTS.values() if one.prepare.__name__ == name)
        return prepare(task(where, int(number))), ()
    fault = FAULTS[name]
    return fault.plant(task(where, int(number)), int(severity), int(number)), (fault.id,)


def work(key: str, watcher: Any) -> dict[str, Any]:
    """Run the program of a key, watched, and return what is worth keeping."""
    plan, faults = program(key)
    outcome = run(plan, watcher)
    record: dict[str, Any] = {
        "key": key,
        "task": plan.name.split("/")[0],
        "faults": faults,
        "test_error": min(1e6, outcome.test_error),
        "reported_error": outcome.reported_error if math.isfinite(outcome.reported_error) else None,
        "test_loss": outcome.test_loss if math.isfinite(outcome.test_loss) else None,
        "valid_error": min(1e6, outcome.valid_error),
        "kept": outcome.kept,
        "waited": outcome.waited,
        "digest": outcome.digest if math.isfinite(outcome.digest) else None,
        "findings": outcome.findings,
        "causes": outcome.causes,
        "failures": outcome.failures,
        "seconds": round(outcome.seconds, 3),
    }
    record["digest_again"] = record["digest"]
    if any(FAULTS[one].harm == "chance" for one in faults):
        record["digest_again"] = run(plan).digest
    if key.startswith(("healthy", "twin")):
        record["healthy"] = is_healthy(plan, outcome)
    return record
