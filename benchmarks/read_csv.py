"""Reading and preparing a CSV of 1,000,000 rows × 30 columns: seconds, and memory against the array.

    python benchmarks/read_csv.py [--rows N] [--gaps]

25 columns of floats and 5 of small categories, one of them the target; with --gaps, 1 % of the rows have "?" for every
float. Memory is the growth of the peak resident set from just after the imports, as a multiple of the array:
rows × columns × 8 bytes. The promise: at most 10 seconds and 3 arrays. The last line is one JSON object.

Writing and measuring each have a fresh process of their own, started from this small one: Linux hands a parent's peak
on to its child, so that a parent which had made the file itself would hide the growth that we measure.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NUM_FLOATS = 25
LEVELS = ("red", "green", "blue", "a longer level", "x")
MAX_SECONDS = 10.0
MAX_ARRAYS = 3.0


def write_file(path: Path, rows: int, *, gaps: bool) -> None:
    """Write the CSV: floats at full precision, the widest that real files hold."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(0)
    floats = {f"f{i}": random.standard_normal(rows) for i in range(NUM_FLOATS)}
    words = {f"c{i}": np.array(LEVELS)[random.integers(0, len(LEVELS), rows)] for i in range(5)}
    frame = pl.DataFrame({**floats, **words})
    if gaps:
        holes = pl.Series(random.random(rows) < 0.01)
        frame = frame.with_columns(pl.when(holes).then(None).otherwise(pl.col("^f.*$")).name.keep())
    frame.write_csv(path, null_value="?")


def peak_bytes() -> int:
    """Return the peak resident set of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure(path: Path) -> dict[str, float]:
    """Read and prepare the file in this process and return seconds and bytes."""
    from practicum.data import pipeline
    from practicum.data.read import check_values, read
    from practicum.recipe import Recipe

    recipe = Recipe()
    before = peak_bytes()
    start, start_cpu = time.perf_counter(), time.process_time()
    table = read(path)
    check_values(table)
    read_seconds, read_bytes = time.perf_counter() - start, peak_bytes() - before
    loaded = pipeline.Loaded(table, "c4", None)
    start = time.perf_counter()
    prepared = pipeline.prepare(loaded, recipe=recipe)
    return {
        "rows": table.frame.height,
        "columns": table.frame.width,
        "inputs": prepared.train.x.shape[1],
        "read_seconds": read_seconds,
        "prepare_seconds": time.perf_counter() - start,
        "cpu_seconds": time.process_time() - start_cpu,
        "frame_bytes": table.frame.estimated_size(),
        "read_bytes": read_bytes,
        "peak_bytes": peak_bytes() - before,
    }


def fresh(*arguments: str) -> str:
    """Run this file in a fresh process and return what it prints."""
    # One thread for torch, as the command line sets it; polars keeps its threads.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def main() -> int:
    """Make the file, measure in a fresh process, print; return 1 if the promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--gaps", action="store_true", help='1 %% of the rows have "?" for every float')
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write_file(options.write, options.rows, gaps=options.gaps)
        return 0
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        fresh("--write", str(path), "--rows", str(options.rows), *(["--gaps"] if options.gaps else []))
        size = path.stat().st_size
        result = json.loads(fresh("--measure", str(path)).splitlines()[-1])
    # A peak below what is held shows that the measurement, not the reader, is at fault.
    assert result["read_bytes"] > 0.9 * result["frame_bytes"], (
        "the peak before reading was not this process's own"
    )
    array = result["rows"] * result["columns"] * 8
    seconds = result["read_seconds"] + result["prepare_seconds"]
    arrays = result["peak_bytes"] / array
    held = seconds <= MAX_SECONDS and arrays <= MAX_ARRAYS
    print(
        f"{result['rows']:,} rows × {result['columns']} columns, file {size / 1e6:.0f} MB, array {array / 1e6:.0f} MB"
    )
    print(f"  read     {result['read_seconds']:6.2f} s   peak {result['read_bytes'] / array:5.2f} arrays")
    print(f"  prepare  {result['prepare_seconds']:6.2f} s   {result['inputs']} inputs")
    print(f"  both     {seconds:6.2f} s   peak {arrays:5.2f} arrays   {'kept' if held else 'BROKEN'}")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(
        f"  of which {result['cpu_seconds']:6.2f} s of processor time; load average {load} on {os.cpu_count()} cores"
    )
    print(json.dumps({**result, "file_bytes": size, "seconds": seconds, "arrays": arrays, "held": held}))
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
