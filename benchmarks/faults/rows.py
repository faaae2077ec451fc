"""Rows of a task: drawn by a seed into training, validation and test; images of the open data."""

from __future__ import annotations

import functools
import gzip
from pathlib import Path

import numpy as np
import torch
from benchmarks.faults.plan import Rows
from torch import Tensor

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def split(x: Tensor, y: Tensor, seed: int, sizes: tuple[int, int, int], *, scale: bool = True) -> Rows:
    """Return rows drawn by a seed, inputs standardised by the training rows."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(10_000 + seed))
    cuts = [order[a : a + n] for a, n in zip(np.cumsum((0, *sizes[:2])), sizes, strict=True)]
    parts = [(x[rows], y[rows]) for rows in cuts]
    if scale:
        mean, std = parts[0][0].mean(0), parts[0][0].std(0).clamp(min=1e-6)
        parts = [((a - mean) / std, b) for a, b in parts]
    return Rows(*parts)


def padded(x: np.ndarray, y: np.ndarray, lengths: np.ndarray, seed: int) -> Rows:
    """Return 1,800 sequences with a label a place, (N, T), drawn by a seed; behind their lengths is padding."""
    pad = np.arange(x.shape[1])[None] >= lengths[:, None]
    x, y = np.where(pad, 0, x), np.where(pad, -100, y)
    return split(torch.tensor(x), torch.tensor(y), seed, (1000, 300, 500), scale=False)


@functools.cache
def images(name: str) -> tuple[Tensor, Tensor]:
    """Return the first 6,000 images of MNIST or one like it, (N, 784), near a mean of 0, and their labels."""
    with gzip.open(DATA / name / "train-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(16 + 784 * 6000), np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(DATA / name / "train-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(8 + 6000), np.uint8, offset=8)
    return (torch.tensor(pixels.copy()).float() / 255 - 0.13) / 0.31, torch.tensor(labels.copy()).long()
