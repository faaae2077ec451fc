"""A search killed with signal 9 again and again: is a finished trial lost, is the choice another one?

`practicum fit --trials N` runs undisturbed with one worker and with two; then once more, killed with all its workers at
random moments and told to go on each time (`--resume`). Printed: what differs between the three. Run:

    python benchmarks/killed.py --kills 10
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from practicum.core.seeds import stream

DATA = Path(__file__).resolve().parents[1] / "examples" / "abalone.csv.gz"
SPACE = """
learning_rate: {log: [1.0e-3, 1.0]}
momentum: {linear: [0.0, 0.99]}
width: {choice: [16, 32, 48]}
num_layers: 1
num_steps: 20000
early_stopping: false
"""

OVER = b'\\"over\\": true'
"""In the header of a checkpoint of a pack that is over."""


class Search:
    """The command, its folder, and how it is started."""

    def __init__(self, home: Path, trials: int) -> None:
        (home / "space.yaml").write_text(SPACE)
        self.home = home
        self.words = [
            sys.executable,
            "-m",
            "practicum",
            "fit",
            str(DATA),
            "--target",
            "rings",
            "--folds",
            "1",
        ]
        self.words += ["--trials", str(trials), "--seeds", "2", "--space", "space.yaml", "--json"]

    def begin(self, name: str, *options: str, resume: bool = False) -> subprocess.Popen[bytes]:
        """Start the command in a process group of its own."""
        words = [*self.words, "--resume" if resume else "--out", name, *options]
        return subprocess.Popen(
            words,
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the command, which must end well."""
        _, said = process.communicate()
        if process.returncode:
            raise SystemExit(said.decode())

    def written(self, name: str, since: float) -> bool:
        """Return whether the unfinished run's trainings have begun, or go on, since a moment."""
        journals = (self.home / f"{name}.unfinished").rglob("*.journal")
        return any(path.stat().st_mtime > since for path in journals)

    def finished(self, name: str) -> set[str]:
        """Return the packs of the unfinished run that are on the disk as over."""
        return {
            str(path.relative_to(self.home))
            for path in (self.home / f"{name}.unfinished").rglob("*.safetensors")
            if path.exists() and OVER in path.read_bytes()[:4000]
        }

    def facts(self, name: str) -> dict[str, Any]:
        """Return what must be the same: trials, choice, votes, weights."""
        run = json.loads((self.home / name / "run.json").read_text())
        header = (self.home / name / "model.safetensors").read_bytes()
        length = int.from_bytes(header[:8], "little")
        meta = json.loads(header[8 : 8 + length])["__metadata__"]
        return {
            "trials": [{k: v for k, v in trial.items() if k != "seconds"} for trial in run["trials"]],
            "settings": run["search"]["num_settings"],
            "recipe": run["recipe"],
            "votes": meta["votes"],
            "weights": header[8 + length :],
            "valid": run["valid"],
            "test": run["test"],
        }


def killed(search: Search, name: str, kills: int, longest: float) -> int:
    """Run the command, killing it up to ``kills`` times; return how often that was done before it ended."""
    random, done = stream(0, "benchmark/killed"), 0
    since, process = time.time(), search.begin(name)
    while done < kills:
        while process.poll() is None and not search.written(name, since):
            time.sleep(0.02)
        begun, wait = time.monotonic(), float(random.uniform(0.1, longest))
        while process.poll() is None and time.monotonic() < begun + wait:
            time.sleep(0.01)
        if process.poll() is not None:
            break
        before = search.finished(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        done += 1
        lost = before - search.finished(name)
        print(f"kill {done}: {len(before)} packs over, {len(lost)} of them lost", flush=True)
        since, process = time.time(), search.begin(name, resume=True)
    search.end(process)
    return done


def main() -> None:
    """Print what differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--trials", type=int, default=48)
    parser.add_argument(
        "--longest", type=float, default=6.0, help="seconds from the first training to the kill, at most"
    )
    asked = parser.parse_args()
    with TemporaryDirectory() as home:
        search = Search(Path(home), asked.trials)
        for name, workers in (("one", "1"), ("two", "2")):
            began = time.monotonic()
            search.end(search.begin(name, "--workers", workers))
            print(f"{name} worker(s): {time.monotonic() - began:.0f} s", flush=True)
        done = killed(search, "killed", asked.kills, asked.longest)
        facts = {name: search.facts(name) for name in ("one", "two", "killed")}
        print(f"{facts['one']['settings']} settings, {len(facts['one']['trials'])} trials, {done} kills")
        for name in ("two", "killed"):
            other = [key for key, value in facts["one"].items() if facts[name][key] != value]
            print(f"one worker undisturbed against {name}: {', '.join(other) or 'nothing'} differs")


if __name__ == "__main__":
    main()
