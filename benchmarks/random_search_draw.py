"""Bergstra & Bengio's efficiency curve from trained trials: in numbers, and as a picture.

A search of N trials is a random subset of those that were trained. Its test error is not that of the trial with the
lowest validation error, which was partly lucky: each trial counts by the probability that it is truly best, given how
few validation rows there were (their section 2.1). Averages over all subsets are exact, given the draws of that noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from practicum.core.seeds import stream
from practicum.tuning.analysis.outlook import lowest_probabilities

NUM_DRAWS = 1000
NUM_SUBSETS = 1000
QUARTILES = (5, 25, 50, 75, 95)
Row = dict[str, Any]


@dataclass(frozen=True)
class Trials:
    """Trained trials.

    Attributes:
        test: error on the test rows, (n,).
        noisy: validation errors, drawn again with the noise of the validation rows, (draws, n).
    """

    test: np.ndarray
    noisy: np.ndarray

    @classmethod
    def of(cls, lines: Sequence[Row]) -> Trials:
        """Return the trials of a file's lines, the first of which says on what they were trained."""
        head, rows = lines[0], sorted(lines[1:], key=lambda row: row["trial"])
        chance = 1 - 1 / head["num_classes"]
        valid = np.array([chance if row["valid"] is None else row["valid"] for row in rows])
        count = head["num_valid"]
        share = (valid * count + 0.5) / (count + 1)
        noise = np.sqrt(share * (1 - share) / count)
        draws = stream(0, "benchmark/efficiency").standard_normal((NUM_DRAWS, len(rows)))
        return cls(np.array([row["test"] for row in rows]), valid + noise * draws)

    def corrected(self, subset: np.ndarray) -> float:
        """Return the test error of the best of ``subset``, each weighted by its probability to be it."""
        return float(self.test[subset][self.noisy[:, subset].argmin(axis=1)].mean())

    def curve(self) -> np.ndarray:
        """Return the mean corrected test error of the best of N over all subsets, N = 1 … n, (n,)."""
        ranked = self.test[self.noisy.argsort(axis=1)].mean(axis=0)
        count = len(ranked)
        return np.array([ranked @ lowest_probabilities(count, size) for size in range(1, count + 1)])

    def subsets(self, size: int) -> np.ndarray:
        """Return corrected test errors of random subsets, (subsets,); of all trials there is but one."""
        count = len(self.test)
        generator = stream(size, "benchmark/efficiency/subsets")
        repeats = 1 if size == count else NUM_SUBSETS
        chosen = (generator.permutation(count)[:size] for _ in range(repeats))
        return np.array([self.corrected(subset) for subset in chosen])


def sizes(count: int) -> list[int]:
    """Return 1, 2, 4, … up to ``count``."""
    return [2**power for power in range(int(np.log2(count)) + 1)]


def report(name: str, found: Mapping[str, Sequence[Row]]) -> Row:
    """Return the figures of one data set, errors in percent."""
    random, grid = (Trials.of(found[kind]) for kind in ("random", "grid"))
    curve, best = random.curve(), grid.corrected(np.arange(len(grid.test)))
    matching = np.flatnonzero(curve <= best)
    half = 1.645 * np.sqrt(best * (1 - best) / found["grid"][0]["num_test"])
    row: Row = {
        "data": name,
        "best_of_n_percent": {size: round(100 * float(curve[size - 1]), 2) for size in sizes(len(curve))},
        "grid_trials": len(grid.test),
        "grid_best_percent": round(100 * best, 2),
        "random_trials_that_match": int(matching[0]) + 1 if len(matching) else f"more than {len(curve)}",
        "within_the_grid's_noise": [
            int(some[0]) + 1 if len(some := np.flatnonzero(curve <= bar)) else None
            for bar in (best + half, best - half)
        ],
    }
    for kind, lines in found.items():
        trials = lines[1:]
        row[f"{kind}_minutes"] = round(sum(one["wall_seconds"] for one in trials) / 60, 2)
        row[f"{kind}_core_minutes"] = round(sum(one["core_seconds"] for one in trials) / 60, 2)
        row[f"{kind}_diverged"] = sum(one["status"] == "diverged" for one in trials)
    return row


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 320, 56, 16, 34, 44
INK, BOX, LINE, GRID_INK = "#333333", "#9ecae1", "#08519c", "#b2182b"


def draw(name: str, found: Mapping[str, Sequence[Row]], file: Path) -> None:
    """Write the curve as an SVG: a box for each N (quartiles, 5 % and 95 %), the mean, the best of the grid."""
    random, grid = (Trials.of(found[kind]) for kind in ("random", "grid"))
    places = sizes(len(random.test))
    boxes = {size: 100 * np.percentile(random.subsets(size), QUARTILES) for size in places}
    curve, best = 100 * random.curve(), 100 * grid.corrected(np.arange(len(grid.test)))
    # Errors on a logarithmic scale: what matters happens near the best, and the first boxes reach to chance.
    ticks = _ticks(min(best, *(box[0] for box in boxes.values())), max(box[-1] for box in boxes.values()))
    step = (WIDTH - LEFT - RIGHT) / len(places)

    def across(size: float) -> float:
        return float(LEFT + (np.log2(size) + 0.5) * step)

    def down(error: float) -> float:
        share = np.log(max(error, ticks[0]) / ticks[0]) / np.log(ticks[-1] / ticks[0])
        return float(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))

    parts = [_text(LEFT, 20, f"{name}: test error (%) of the best of N random trials", size=14)]
    for tick in ticks:
        parts += [_line(LEFT, down(tick), WIDTH - RIGHT, down(tick), "#dddddd")]
        parts += [_text(LEFT - 8, down(tick) + 4, f"{tick:g}", anchor="end")]
    for size, box in boxes.items():
        x = across(size)
        low, first, middle, third, high = (down(value) for value in box)
        parts += [_line(x, low, x, high, INK)]
        parts += [_line(x - step / 7, end, x + step / 7, end, INK) for end in (low, high)]
        parts += [
            f'<rect x="{x - step / 4:.1f}" y="{third:.1f}" width="{step / 2:.1f}" '
            f'height="{max(first - third, 0.5):.1f}" fill="{BOX}" stroke="{INK}"/>'
        ]
        parts += [_line(x - step / 4, middle, x + step / 4, middle, INK, 2)]
        parts += [_text(x, HEIGHT - BOTTOM + 18, str(size), anchor="middle")]
    points = " ".join(
        f"{across(size):.1f},{down(error):.1f}" for size, error in enumerate(curve, 1) if error <= ticks[-1]
    )
    parts += [f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1.5"/>']
    parts += [_line(LEFT, down(best), WIDTH - RIGHT, down(best), GRID_INK, 1.5, dash=True)]
    said = f"best of a grid of {len(grid.test)}: {best:.2f}"
    parts += [_text(WIDTH - RIGHT, TOP + 16, said, anchor="end", fill=GRID_INK)]
    parts += [_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "N, trials of a search", anchor="middle")]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="sans-serif">\n'
        f"<title>Efficiency of random search on {name}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return 1, 2, 3, 5, 7, 10, … around the range."""
    steps = [factor * 10.0**power for power in range(-3, 3) for factor in (1, 2, 3, 5, 7)]
    first = max(place for place, step in enumerate(steps) if step <= max(low, steps[0]))
    last = min((place for place, step in enumerate(steps) if step >= high), default=len(steps) - 1)
    return steps[first : max(last, first + 1) + 1]


def _text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "start", fill: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{words}</text>'


def _line(
    x: float, y: float, to_x: float, to_y: float, ink: str, width: float = 1, *, dash: bool = False
) -> str:
    dashes = ' stroke-dasharray="6 4"' if dash else ""
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{ink}" stroke-width="{width:g}"{dashes}/>'
