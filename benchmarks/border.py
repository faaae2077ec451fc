"""How often does the border rule warn rightly, and how often falsely? Simulated searches of 32 trials.

Five to seven entries, of which one to four matter; the error is a sum of noisy U shapes in the entries' own scale, of
curvatures that differ up to fourfold, and noise with a given share of the deviation that the entries cause. In half of
the searches the space is cut so that the optimum of one entry lies a quarter of the range outside (or just outside); in
the others all optima lie inside. Half of the searches are random, half quasi-random. Run:

    python benchmarks/border.py
"""

from __future__ import annotations

import argparse
import itertools
import os
from dataclasses import dataclass

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.stats import qmc

from practicum.core.seeds import stream
from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.analysis.additive import Floats
from practicum.tuning.analysis.border import Side, borders, extension
from practicum.tuning.trial import Tried

NAMES = tuple(f"model.{letter}" for letter in "abcdefg")
SPACES = {n: Space(tuple(Entry(name, Log(1e-4, 1.0)) for name in NAMES[:n])) for n in (5, 6, 7)}
NOISES = (0.05, 0.1, 0.15, 0.25)
SHAPES = ("parabola", "cliff", "saturated", "vee")


@dataclass(frozen=True)
class Simulated:
    """One search: its trials, and which end cuts off an optimum."""

    space: Space
    tried: list[Tried]
    cut: Side


def bowl(away: Floats, shape: str) -> Floats:
    """Return a U shape of the distance to its optimum."""
    if shape == "cliff":  # as of a learning rate: above the optimum errors soon are as bad as they get
        return np.where(away < 0, away**2, np.minimum(6 * away**2, 2.0))
    if shape == "saturated":  # far from the optimum nothing is learned, on either side
        return 1 - np.exp(-((away / 0.45) ** 2))
    return 0.7 * np.abs(away) if shape == "vee" else away**2


def simulate(
    generator: np.random.Generator,
    matter: int,
    noise: float,
    shape: str,
    optimum: float | None,
    inside: float,
) -> Simulated:
    """Return a search whose first entry has its optimum at ``optimum`` (mirrored in half of them).

    Where it is None, every optimum lies inside, at least ``inside`` from the ends.
    """
    entries = int(generator.integers(5, 8))
    units = generator.random((32, entries))
    if generator.random() < 0.5:
        units = qmc.Sobol(entries, scramble=True, rng=int(generator.integers(2**31))).random(32)
    weights = np.exp(generator.uniform(np.log(0.5), np.log(2.0), matter))
    optima = generator.uniform(inside, 1 - inside, matter)
    cut: Side = "high" if generator.random() < 0.5 else "low"
    if optimum is not None:
        optima[0] = optimum if cut == "high" else 1 - optimum
        weights[0] = max(weights[0], 1.0)
    errors = 1.0 + sum(w * bowl(units[:, j] - optima[j], shape) for j, w in enumerate(weights))
    errors += noise * errors.std() * generator.standard_normal(32)
    space = SPACES[entries]
    points = [dict(zip(space.names, map(float, row), strict=True)) for row in units]
    tried = [Tried(i, space.values(p), float(e)) for i, (p, e) in enumerate(zip(points, errors, strict=True))]
    return Simulated(space, tried, cut)


def judge(one: Simulated) -> tuple[bool, int, bool]:
    """Return whether the cut end was warned of, how many other ends were, and whether the range then was extended."""
    warned = {border.name: border.side for border in borders(one.tried, one.space) if border.side}
    right = warned.get(NAMES[0]) == one.cut
    wider = extension(one.space, borders(one.tried, one.space))[NAMES[0]].distribution
    reaches = wider.ends[-1] > 10 if one.cut == "high" else wider.ends[0] < 1e-5
    return right, len(warned) - right, reaches


def rates(
    repeats: int, noise: float, shape: str, optimum: float | None, inside: float
) -> tuple[float, float]:
    """Return the share of searches with the cut end warned of, and with a warning of any other end."""
    found = []
    for matter in (1, 2, 3, 4):
        generator = stream(0, f"benchmark/border/{noise}/{shape}/{optimum}/{inside}", matter)
        for _ in range(repeats):
            right, others, reaches = judge(simulate(generator, matter, noise, shape, optimum, inside))
            assert right == reaches or optimum is None
            found.append((right, others + (right if optimum is None else 0)))
    right, others = np.array(found).T
    return float((right > 0).mean()), float((others > 0).mean())


def main() -> None:
    """Print a line for each shape and noise."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--repeats", type=int, default=100, help="of each number of entries that matter (1 to 4)"
    )
    parser.add_argument("--shapes", default="parabola,cliff,saturated,vee")
    options = parser.parse_args()
    print(
        "warned: optimum 0.25 and 0.05 of the range outside; false: all optima inside, ≥ 0.1 or ≥ 0 from the ends,"
    )
    print("and beside a cut end. Shares of searches; a search has 10 to 14 ends.")
    print(
        f"{'shape':10} {'noise':>5} {'0.25 out':>9} {'0.05 out':>9} {'false':>7} {'false ≥0':>9} {'beside':>7}"
    )
    for shape, noise in itertools.product(options.shapes.split(","), NOISES):
        far, beside = rates(options.repeats, noise, shape, 1.25, 0.1)
        just, _ = rates(options.repeats, noise, shape, 1.05, 0.1)
        inner = rates(options.repeats, noise, shape, None, 0.1)[1]
        anywhere = rates(options.repeats, noise, shape, None, 0.0)[1]
        print(
            f"{shape:10} {noise:5.2f} {far:9.1%} {just:9.1%} {inner:7.1%} {anywhere:9.1%} {beside:7.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
