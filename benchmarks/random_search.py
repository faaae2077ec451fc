"""Bergstra & Bengio's figure: how good is the best of N random trials, and how many match a grid of 100?

Rectangles and convex (generated) and 10,000 rows of MNIST; their space for nets with one hidden layer (the preset
"bergstra-bengio"); 256 random trials, and a grid of 5 rates × 5 widths × 2 penalties × 2 schedules. All trials see
equally many examples, in packs of equal shape; none is ended early. Chosen on validation rows, after each epoch;
what is shown is the error on 10,000 test rows of their own. Every pack that ends is written down, so that a run that
was cut short goes on, and the figure is drawn again without training. Run:

    python benchmarks/random_search.py                       # about 5 + 3 minutes a data set on 2 cores
    python benchmarks/random_search.py --draw                # from what was trained before
    python benchmarks/random_search.py --quick --folder runs/random_search_quick
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from practicum.engine.plans.layout import dealt, grouped
from practicum.engine.plans.plan import Plan
from practicum.engine.race import race
from practicum.engine.result import Result
from practicum.models.committee import member_prediction
from practicum.models.mlp import MLP
from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.tuning.samplers.grid import Grid
from practicum.tuning.samplers.random_search import Random
from random_search_data import SETS, Inputs
from random_search_draw import draw, report

PRESET = "bergstra-bengio"
PACK_UNITS, LARGEST_PACK = 2048, 16
"""A pack holds so many hidden units in all, and trials, at most: more would not fit the cache."""

FIXED = {
    "activation": "tanh",
    "preprocess": "none",
    "batch_size": 20,
    "init_distribution": "uniform",
    "init_range": "glorot",
}
"""What a grid of 100 has no room to vary."""

CELLS = {"learning_rate": 5, "width": 5, "l2_penalty": 2, "decay_start_step": 2}
Row = dict[str, Any]


def settings(kind: str, num_trials: int, num_train: int) -> tuple[Space, list[Mapping[str, Any]]]:
    """Return the space, and what its trials try."""
    space = Space.preset(PRESET, num_train=num_train)
    if kind == "random":
        return space, list(Random(space, seed=0).ask(num_trials))
    fixed = space.fixed(**FIXED)
    cells = Grid(fixed, CELLS).cells
    return fixed, list(cells[:: max(1, len(cells) // num_trials)][:num_trials])


def recipe_of(space: Space, values: Mapping[str, Any], num_examples: int, num_train: int) -> Recipe:
    """Return what is trained: validated after each epoch, never ended early, the lowest validation error counts."""
    recipe = space.recipe(values)
    num_steps = max(1, num_examples // recipe.batch_size)
    return recipe.changed(
        num_steps=num_steps,
        validate_every_steps=min(num_steps, max(1, num_train // recipe.batch_size)),
        early_stopping=False,
        stop_on="error",
    )


def packs(recipes: Mapping[int, Recipe]) -> list[tuple[int, ...]]:
    """Return the numbers of trials that share a program, the longest first, so that both cores end together."""
    numbers = list(recipes)
    keys = [(one.hidden_sizes, one.activation, one.batch_size, one.pca_variance) for one in recipes.values()]
    found = []
    for group in grouped(keys):
        largest = min(LARGEST_PACK, max(1, PACK_UNITS // keys[group[0]][0][0]))
        found += dealt([numbers[place] for place in group], largest)
    return sorted(found, key=lambda some: -len(some) * _cost(recipes[some[0]]))


def _cost(recipe: Recipe) -> float:
    """Return about what a trial takes: of two batches the small one twice as much [measured]."""
    return (recipe.hidden_sizes[0] + 30) * (2 if recipe.batch_size < 50 else 1)


def test_error(result: Result, inputs: Inputs) -> float:
    """Return the misclassified fraction of the test rows at the best validation; chance where there was none."""
    if not result.weights or not np.isfinite(result.valid_error):
        return 1 - 1 / inputs.images.num_classes
    test = inputs.test(result.recipe)
    predicted = member_prediction(MLP(inputs.network_of(result.recipe), result.weights), test)
    labels = predicted.argmax(axis=1) if inputs.images.num_classes > 2 else predicted[:, 0] > 0.5
    return float(np.mean(labels != inputs.images.y[inputs.images.parts[2]]))


def train(inputs: Inputs, kind: str, num_trials: int, num_examples: int, file: Path) -> None:
    """Train all trials that ``file`` does not have, and append each pack's."""
    num_train = inputs.images.num_train
    space, values = settings(kind, num_trials, num_train)
    head = {"examples": num_examples, "num_train": num_train, "num_valid": inputs.images.num_valid}
    head |= {"num_test": len(inputs.images.y) - num_train - inputs.images.num_valid}
    head |= {"num_classes": inputs.images.num_classes, "num_trials": len(values)}
    done = {row["trial"] for row in rows_of(file, head)}
    recipes = {
        number: recipe_of(space, one, num_examples, num_train)
        for number, one in enumerate(values)
        if number not in done
    }
    order = packs(recipes)

    def next_plan(number: int) -> Plan | None:
        if number >= len(order):
            return None
        mine = [recipes[trial] for trial in order[number]]
        return Plan(mine, inputs.task(mine[0]), order[number])

    before = time.monotonic()
    for number, results in race(next_plan, rungs=lambda _: (), judge=lambda _, errors: set(errors)):
        if any(result.status == "stopped" for result in results):
            sys.exit(f"Interrupted; the same command goes on from {file}.")
        now = time.monotonic()
        for place, result in enumerate(results):
            row = {
                "trial": result.trial,
                "valid": result.valid_error if np.isfinite(result.valid_error) else None,
                "test": test_error(result, inputs),
                "status": result.status,
                "core_seconds": round(result.seconds, 3),
                "wall_seconds": round(now - before, 3) if place == 0 else 0.0,
                "values": dict(values[result.trial]),
            }
            append(file, row)
        before = now
        print(f"\r{file.stem}: {number + 1} of {len(order)} packs", end="", file=sys.stderr, flush=True)
    if order:
        print(file=sys.stderr)


def rows_of(file: Path, head: Row | None = None) -> list[Row]:
    """Return the lines of a file.

    With a ``head``, the trials trained so: a file is begun where there is none, one of other settings refused.
    """
    if not file.exists():
        if head is None:
            return []
        file.parent.mkdir(parents=True, exist_ok=True)
        append(file, head)
    text = file.read_text()
    whole = text[: text.rfind("\n") + 1]
    if head is not None and whole != text:  # what a kill left of the last line
        file.write_text(whole)
    lines = [json.loads(line) for line in whole.splitlines()]
    if head is None:
        return lines
    if lines[0] != head:
        sys.exit(f"{file} holds trials of other settings ({lines[0]}). Give another --folder.")
    return lines[1:]


def append(file: Path, row: Row) -> None:
    """Add a line."""
    with file.open("a") as lines:
        lines.write(json.dumps(row) + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train what is missing, then print a line a data set and draw its figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--trials", type=int, default=256)
    parser.add_argument(
        "--examples", type=int, default=200_000, help="that each trial sees: 20 epochs of 10,000"
    )
    parser.add_argument("--folder", type=Path, default=Path("runs/random_search"))
    parser.add_argument("--images", type=Path, help="where figures go: docs/images of the checkout")
    parser.add_argument("--draw", action="store_true", help="only print and draw what was trained before")
    parser.add_argument("--quick", action="store_true", help="16 trials of 4,000 examples")
    options = parser.parse_args(arguments)
    num_trials, num_examples = (16, 4000) if options.quick else (options.trials, options.examples)
    home = Path(__file__).resolve().parents[1] / "docs" / "images"
    figures = options.images or (options.folder if options.quick else home)
    for name in options.sets:
        files = {kind: options.folder / f"{name}-{kind}.jsonl" for kind in ("random", "grid")}
        if not options.draw:
            images = SETS[name]()
            if images is None:
                print(json.dumps({"data": name, "skipped": "the files are not in ../shared/data/mnist"}))
                continue
            inputs = Inputs(images)
            for kind, file in files.items():
                train(
                    inputs, kind, min(num_trials, 100) if kind == "grid" else num_trials, num_examples, file
                )
        found = {kind: rows_of(file) for kind, file in files.items()}
        if not all(len(rows) > 1 for rows in found.values()):
            print(json.dumps({"data": name, "skipped": f"nothing was trained in {options.folder}"}))
            continue
        print(json.dumps(report(name, found)), flush=True)
        draw(name, found, figures / f"efficiency_{name}.svg")


if __name__ == "__main__":
    main()
