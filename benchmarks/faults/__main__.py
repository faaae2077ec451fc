"""Run the test bed, and score it.

python -m benchmarks.faults run --split tune --workers 2 --out tune.jsonl
python -m benchmarks.faults score tune.jsonl              # tables as Markdown
python -m benchmarks.faults repair test.jsonl --out repaired.jsonl
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import random
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run what is not done yet")
    run.add_argument("--split", choices=("tune", "test"), default="tune")
    run.add_argument("--severities", choices=("one", "all"), default="one")
    run.add_argument("--draw", type=int, default=0, help="other seeds and other sound programs")
    run.add_argument("--watchers", default="practicum", help="with commas; see benchmarks/faults/run.py")
    run.add_argument(
        "--only", default="*", help="keys to run, such as 'fault/O*' or '*/digits/*'; with commas"
    )
    run.add_argument("--limit", type=int, help="at most so many keys, spread over all")
    run.add_argument("--watched-seeds", type=int, default=5, help="of a fault on a task; others tell harm")
    run.add_argument("--other-tasks", type=int, default=99, help="of a fault, besides the held-out ones")
    run.add_argument("--workers", type=int, default=2)
    run.add_argument("--out", type=Path, required=True)
    score = commands.add_parser("score", help="print tables")
    score.add_argument("files", type=Path, nargs="+")
    score.add_argument("--harm-from", type=Path, nargs="*", default=[], help="runs that tell harm alone")
    repair = commands.add_parser("repair", help="follow the advice of runs at fault, and a random one")
    repair.add_argument("files", type=Path, nargs="+")
    repair.add_argument("--out", type=Path, required=True)
    repair.add_argument("--workers", type=int, default=2)
    repair.add_argument("--limit", type=int, default=10**9)
    asked = parser.parse_args()
    if asked.command == "run":
        from benchmarks.faults.jobs import jobs, wanted
        from benchmarks.faults.run import run_all

        keys = [
            key
            for key in jobs(asked.split, asked.severities, asked.draw)
            if any(fnmatch.fnmatch(key, one) for one in asked.only.split(","))
        ]
        if asked.limit and len(keys) > asked.limit:
            keys = [keys[k * len(keys) // asked.limit] for k in range(asked.limit)]
        some = list(wanted(keys, asked.watchers.split(","), asked.watched_seeds, asked.other_tasks))
        random.Random(0).shuffle(some)  # a run that is cut short is a sample of all
        run_all(some, asked.out, asked.workers)
    elif asked.command == "score":
        from benchmarks.faults.run import read
        from benchmarks.faults.tables import report

        told = [{**record, "watcher": "none"} for file in asked.harm_from for record in read(file)]
        print(report([*(record for file in asked.files for record in read(file)), *told]))
    else:
        from benchmarks.faults.follow import follow_all

        follow_all(asked.files, asked.out, asked.workers, asked.limit)


if __name__ == "__main__":
    main()
