"""Three sets of 28×28 images that random search was first measured on, and the inputs that a recipe asks for.

Rectangles and convex are generated as Larochelle et al. 2007 describe: the outline of a rectangle is wide or tall,
its sides uniform and at least 3 pixels apart; a white region is the intersection of random half-planes (convex), or
a union of such intersections that fails the test of convexity, both of the same mean area. Where the paper names no
number (how many half-planes, how many regions) ours stand below. MNIST: the first 12,000 training rows.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import torch
from scipy.spatial import ConvexHull, QhullError

from practicum.core.seeds import stream
from practicum.data.dataset import Dataset
from practicum.data.key import DataKey
from practicum.data.pca import fit_projection
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.training.mlp.rows import Rows
from practicum.training.mlp.task import MLPTask, Source

SIDE = 28
NUM_PIXELS = SIDE * SIDE
NUM_TEST = 10_000
LEAST_DIFFERENCE = 3
HALF_PLANES = (2, 6)
UNITED = (2, 4)
LEAST_AREA = 10
AREA_BIN = 14
"""Pixels; convex and other regions are paired by area, so that their mean area tells nothing."""

CHUNK = 4000
MNIST_HOME = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"


@dataclass(frozen=True)
class Images:
    """Images with pixels from 0 to 1, (N, 784), and their classes; the first rows train, the next validate."""

    x: np.ndarray
    y: np.ndarray
    num_train: int
    num_valid: int

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return int(self.y.max()) + 1

    @property
    def parts(self) -> tuple[slice, slice, slice]:
        """Training, validation and test rows."""
        ends = (self.num_train, self.num_train + self.num_valid)
        return slice(0, ends[0]), slice(*ends), slice(ends[1], len(self.y))


def rectangles(num_train: int = 1000, num_valid: int = 200, num_test: int = NUM_TEST) -> Images:
    """Return outlines of rectangles; class 1 is taller than wide."""
    total = num_train + num_valid + num_test
    generator = stream(0, "benchmark/rectangles")
    x, y = np.zeros((total, SIDE, SIDE), dtype=np.float32), np.zeros(total, dtype=np.int64)
    for image in range(total):
        width, height = generator.integers(1, SIDE + 1, 2)
        while abs(int(width) - int(height)) < LEAST_DIFFERENCE:
            width, height = generator.integers(1, SIDE + 1, 2)
        left, top = generator.integers(SIDE - width + 1), generator.integers(SIDE - height + 1)
        x[image, [top, top + height - 1], left : left + width] = 1
        x[image, top : top + height, [left, left + width - 1]] = 1
        y[image] = height > width
    return Images(x.reshape(total, NUM_PIXELS), y, num_train, num_valid)


def convex(num_train: int = 6500, num_valid: int = 1500, num_test: int = NUM_TEST) -> Images:
    """Return white regions; class 1 is convex."""
    total = num_train + num_valid + num_test
    generator = stream(0, "benchmark/convex")
    pools: tuple[dict[int, list[np.ndarray]], dict[int, list[np.ndarray]]] = ({}, {})
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    while len(pairs) < -(-total // 2):
        for region in _large(_intersections(generator, CHUNK)):
            pools[1].setdefault(int(region.sum()) // AREA_BIN, []).append(region)
        for region in _large(_unions(generator, CHUNK)):
            if not is_convex(region):
                pools[0].setdefault(int(region.sum()) // AREA_BIN, []).append(region)
        for area in sorted(pools[0].keys() & pools[1].keys()):
            while pools[0][area] and pools[1][area]:
                pairs.append((pools[0][area].pop(), pools[1][area].pop()))
    chosen = [pairs[place] for place in generator.permutation(len(pairs))[: -(-total // 2)]]
    x = np.array([region for pair in chosen for region in pair], dtype=np.float32)
    order = generator.permutation(len(x))[:total]
    return Images(x[order], order % 2, num_train, num_valid)


def is_convex(region: np.ndarray) -> bool:
    """Return whether a region, (784,), holds every pixel of its convex hull."""
    points = np.argwhere(region.reshape(SIDE, SIDE))
    try:
        normals = ConvexHull(points).equations
    except QhullError:  # all in one line
        return True
    inside = (_GRID @ normals[:, :2].T + normals[:, 2] <= 1e-9).all(axis=1)
    return bool(inside.sum() == region.sum())


_GRID = np.argwhere(np.ones((SIDE, SIDE), dtype=bool))


def _intersections(generator: np.random.Generator, count: int) -> np.ndarray:
    """Return intersections of random half-planes, each through a uniform point in a uniform direction, (count, 784)."""
    most = HALF_PLANES[1]
    used = np.arange(most) < generator.integers(HALF_PLANES[0], most + 1, count)[:, None]
    angles = generator.uniform(0, 2 * np.pi, (count, most))
    normals = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    offsets = (generator.uniform(0, SIDE - 1, (count, most, 2)) * normals).sum(axis=-1)
    inside = np.ones((count, NUM_PIXELS), dtype=bool)
    for plane in range(most):
        inside &= (normals[:, plane] @ _GRID.T >= offsets[:, plane, None]) | ~used[:, plane, None]
    return inside


def _unions(generator: np.random.Generator, count: int) -> np.ndarray:
    """Return unions of several intersections, (count, 784)."""
    united = generator.integers(UNITED[0], UNITED[1] + 1, count)
    regions = np.zeros((count, NUM_PIXELS), dtype=bool)
    for place in range(UNITED[1]):
        regions |= _intersections(generator, count) & (place < united)[:, None]
    return regions


def _large(regions: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the regions that are neither nothing nor everything."""
    areas = regions.sum(axis=1)
    yield from regions[(areas >= LEAST_AREA) & (areas < NUM_PIXELS)]


def mnist(num_train: int = 10_000, num_valid: int = 2000, num_test: int = NUM_TEST) -> Images | None:
    """Return rows of MNIST, or nothing where the files are absent."""
    if not (MNIST_HOME / "train-images-idx3-ubyte.gz").exists():
        return None

    def read(name: str, header: int, count: int) -> np.ndarray:
        return np.frombuffer(gzip.decompress((MNIST_HOME / name).read_bytes()), np.uint8, offset=header)[
            :count
        ]

    known = num_train + num_valid
    x = [
        read(f"{part}-images-idx3-ubyte.gz", 16, rows * NUM_PIXELS)
        for part, rows in (("train", known), ("t10k", num_test))
    ]
    y = [
        read(f"{part}-labels-idx1-ubyte.gz", 8, rows) for part, rows in (("train", known), ("t10k", num_test))
    ]
    pixels = np.concatenate(x).reshape(-1, NUM_PIXELS).astype(np.float32) / 255
    return Images(pixels, np.concatenate(y).astype(np.int64), num_train, num_valid)


SETS: dict[str, Callable[..., Images | None]] = {"rectangles": rectangles, "convex": convex, "mnist": mnist}


class Inputs:
    """A set of images as each recipe wants them: as they are, standardised, or the components of that."""

    def __init__(self, images: Images) -> None:
        self.images = images
        targets = images.y if images.num_classes == 2 else np.eye(images.num_classes)[images.y]
        self.target = torch.from_numpy(np.asarray(targets, dtype=np.float32).reshape(len(images.y), -1))
        self._tasks: WeakValueDictionary[int, MLPTask] = WeakValueDictionary()

    @cached_property
    def standardised(self) -> np.ndarray:
        """Pixels by the mean and deviation of training rows; those that never change are left alone."""
        train = self.images.x[self.images.parts[0]]
        deviation = train.std(axis=0)
        return ((self.images.x - train.mean(axis=0)) / np.where(deviation > 0, deviation, 1)).astype(
            np.float32
        )

    @cached_property
    def components(self) -> tuple[np.ndarray, np.ndarray]:
        """All principal components, (N, C), the largest first, and their variances on training rows, (C,)."""
        train = self.standardised[self.images.parts[0]]
        components = fit_projection([train], 1.0).apply(self.standardised)
        return components, components[self.images.parts[0]].var(axis=0)

    def of(self, recipe: Recipe) -> np.ndarray:
        """Return the inputs of ``recipe``, (N, I); components are scaled as :mod:`practicum.data.pca` does."""
        if recipe.pca_variance is None:
            return self.images.x if recipe.preprocess == "none" else self.standardised
        components, variances = self.components
        count = self.num_inputs(recipe)
        return components[:, :count] / np.sqrt(variances[:count].mean())

    def num_inputs(self, recipe: Recipe) -> int:
        """Return how many inputs ``recipe`` has."""
        if recipe.pca_variance is None:
            return NUM_PIXELS
        variances = self.components[1]
        explained = np.cumsum(variances) / variances.sum()
        return min(int(np.searchsorted(explained, recipe.pca_variance)) + 1, len(variances))

    def network_of(self, recipe: Recipe) -> Network:
        """Return the shape of ``recipe``'s network."""
        kind = "binary" if self.images.num_classes == 2 else "multiclass"
        outputs = self.target.shape[1]
        return Network(self.num_inputs(recipe), recipe.hidden_sizes, outputs, recipe.activation, kind)

    def task(self, recipe: Recipe) -> MLPTask:
        """Return the data of ``recipe``: one task for all of equal inputs, or for both kinds of plain pixels."""
        count = self.num_inputs(recipe)
        place = 0 if recipe.pca_variance is None else count
        task = self._tasks.get(place)
        if task is None:
            plain = [recipe.changed(preprocess=way) for way in ("none", "standardise")]
            task = self._laid_out(plain if recipe.pca_variance is None else [recipe], count)
            self._tasks[place] = task
        return task

    def _laid_out(self, recipes: Sequence[Recipe], num_inputs: int) -> MLPTask:
        network = self.network_of(recipes[0])
        train, valid = (
            Rows.of([self._rows(recipe, part) for recipe in recipes], network)
            for part in self.images.parts[:2]
        )
        sources = {DataKey.of(recipe): Source(place, num_inputs) for place, recipe in enumerate(recipes)}
        return MLPTask(network, train, valid, sources if len(sources) > 1 else {})

    def _rows(self, recipe: Recipe, part: slice) -> Dataset:
        x = torch.from_numpy(np.ascontiguousarray(self.of(recipe)[part]))
        return Dataset(x, torch.zeros(len(x), 0, dtype=torch.int64), self.target[part])

    def test(self, recipe: Recipe) -> Dataset:
        """Return the test rows as ``recipe`` wants them."""
        return self._rows(recipe, self.images.parts[2])
