"""Runs a split of the test bed in worker processes, one thread each; what is done already is not done again.

A record a line; a run that was cut short costs the lines it had not written yet.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WATCHERS = ("none", "practicum", "bare", "torchmortem", "torch-audit", "neural-observatory", "torchdiag")


def make_watcher(name: str) -> Any:
    """Return a new watcher by name; "bare" is practicum told nothing but the loss, "none" says nothing.

    Runs by "none" tell which faults do harm, whoever watches: they need not be run again when rules change.
    """
    from benchmarks.faults.watchers import Practicum, Watcher

    if name == "none":
        return Watcher()

    if name in ("practicum", "bare"):
        return Practicum("bare" if name == "bare" else "all")
    from benchmarks.faults.peers import PEERS

    return PEERS[name]()


def _prepare() -> None:
    """One thread, all imported, and nothing of that gone through when memory is tidied up."""
    import torch

    torch.set_num_threads(1)
    from benchmarks.faults.tasks import TASKS, task

    for name in TASKS:
        task(name, 0)
    make_watcher("practicum").findings  # noqa: B018 (imports what it needs)
    gc.collect()
    gc.freeze()


def _work(job: tuple[str, str]) -> dict[str, Any]:
    from benchmarks.faults.jobs import work

    key, watcher = job
    try:
        record = work(key, make_watcher(watcher))
    except Exception:  # noqa: BLE001 (a run that fails is a record too)
        record = {"key": key, "crash": traceback.format_exc(limit=-4)}
    return {**record, "watcher": watcher}


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file; a last line that was cut short is left out."""
    records = []
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return records


def run_all(wanted: Sequence[tuple[str, str]], path: Path, num_workers: int) -> None:
    """Run what is not done yet of these keys and watchers, and append it."""
    done = {(one["key"], one["watcher"]) for one in read(path)}
    todo = [one for one in wanted if one not in done]
    print(f"{len(done)} done, {len(todo)} to do, {num_workers} workers", flush=True)
    began, told = time.time(), time.time()
    context = multiprocessing.get_context("spawn")
    with path.open("a") as file, context.Pool(num_workers, _prepare, maxtasksperchild=None) as pool:
        for count, record in enumerate(pool.imap_unordered(_work, todo), 1):
            file.write(json.dumps(record) + "\n")
            file.flush()
            if time.time() - told > 20 or count == len(todo):
                told = time.time()
                left = (told - began) / count * (len(todo) - count)
                print(f"{count}/{len(todo)}, {left / 60:.0f} minutes to go", flush=True)
