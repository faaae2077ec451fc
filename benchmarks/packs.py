"""Time per trial and update: packs of ours against a hand-written PyTorch loop and against two Optuna workers.

Each side is a process of its own (threads are process-wide); all sides of a group take turns within each repeat, so
that what else the machine does falls on all. The loop is measured with PyTorch's default threads and with one, and
the faster of the two counts. Ours and theirs validate the same rows at the same interval; building the first trial
of a pack is not counted, nor is a warm-up. Run (about ten minutes; `--quick` for two):

    python benchmarks/packs.py [--quick] [--cells tiny small …] [--write benchmarks/README.md]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from packs_cells import GROUPS, Group, Ours
from packs_table import Times, markdown, rows_of, write

HERE = Path(__file__).resolve().parent
PEERS = ("default", "one", "optuna")
COLLAPSED = 8.0
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


class Side:
    """One or several processes that do the same at the same time."""

    def __init__(self, commands: Sequence[Sequence[str]], threads: dict[str, str]) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("OMP_", "MKL_", "GOMP_"))}
        self._processes = [
            subprocess.Popen(
                [sys.executable, str(HERE / command[0]), *command[1:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=kept | threads,
            )
            for command in commands
        ]

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        for process in self._processes:
            process.communicate()

    def __len__(self) -> int:
        """Return how many processes there are."""
        return len(self._processes)

    def ask(self, **command: Any) -> list[dict[str, Any]]:
        """Send ``command`` to all and return their answers."""
        for process in self._processes:
            assert process.stdin
            process.stdin.write(json.dumps(command) + "\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in self._processes if process.stdout]


class Timed:
    """A side at work on one net, under a name."""

    def __init__(self, side: Side, name: str, group: Group, ours: Ours | None, seconds: float) -> None:
        self.side, self.name = side, name
        self.trials_at_once = ours.num_trials if ours else len(side)
        answers = side.ask(
            do="open", name=name, net=group.net.to_json(), options=asdict(ours) if ours else {}
        )
        self.absent = any("absent" in answer for answer in answers)
        self.num_steps = every = group.net.validate_every_steps
        if not self.absent:
            self._seconds()  # warm-up
            taken = self._seconds()
            self.num_steps = every * max(1, round(seconds / taken))
            if ours is None and taken > COLLAPSED * seconds:  # two threads and a busy core: 100 times slower
                self.num_steps = max(5, round(every * seconds / taken))

    def measure(self) -> float:
        """Return microseconds per trial and update."""
        return self._seconds() / self.num_steps / self.trials_at_once * 1e6

    def _seconds(self) -> float:
        start = time.perf_counter()
        self.side.ask(do="run", name=self.name, num_steps=self.num_steps)
        return time.perf_counter() - start


def main() -> None:
    """Print a line of JSON a cell, then the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", nargs="+", choices=[group.key for group in GROUPS])
    parser.add_argument("--quick", action="store_true", help="few and short repeats")
    parser.add_argument("--repeats", type=int, default=None)
    parser.add_argument("--write", type=Path, help="file with the markers between which the table goes")
    options = parser.parse_args()
    repeats = options.repeats or (3 if options.quick else 7)
    seconds = 0.08 if options.quick else 0.25
    groups = [group for group in GROUPS if not options.cells or group.key in options.cells]
    rows = []
    with ExitStack() as stack:
        sides = {name: stack.enter_context(side) for name, side in _sides().items()}
        for group in groups:
            found = measure(group, sides, repeats, seconds)
            for row in found:
                print(
                    json.dumps(row | {"load": round(os.getloadavg()[0], 1)}, ensure_ascii=False), flush=True
                )
            rows += found
    table = markdown(rows, " ".join(["python", "benchmarks/packs.py", *sys.argv[1:]]))
    print(f"\n{table}")
    if options.write:
        write(table, options.write)


def _sides() -> dict[str, Side]:
    return {
        "default": Side([["packs_peers.py", "loop", "0"]], {}),
        "one": Side([["packs_peers.py", "loop", "0"]], ONE_THREAD),
        "optuna": Side([["packs_peers.py", "optuna", str(i)] for i in range(2)], ONE_THREAD),
        "ours": Side([["packs_ours.py"]], ONE_THREAD),
    }


def measure(group: Group, sides: dict[str, Side], repeats: int, seconds: float) -> list[dict[str, Any]]:
    """Return the rows of one group, all its sides taking turns."""
    timed = [Timed(sides[name], name, group, None, seconds) for name in PEERS]
    timed += [Timed(sides["ours"], ours.name, group, ours, seconds) for ours in group.packs]
    times: Times = {one.name: [] for one in timed if not one.absent}
    peaks = []
    for _ in range(repeats):
        for one in timed:
            if not one.absent:
                times[one.name].append(one.measure())
        if group.peak:
            alone, both = sides["default"].ask(do="peak"), sides["optuna"].ask(do="peak")
            peaks.append(max(alone[0]["value"], sum(answer["value"] for answer in both)))
    for side in sides.values():
        side.ask(do="forget")
    return rows_of(group, times, peaks)


if __name__ == "__main__":
    main()
