"""Nine sound programs, tuned by hand, on nine tasks on which limits may be set; `held_out` has those of the test.

Seven need nothing but scikit-learn and a formula. Two more (`mnist`, `california`) are there where the open data are.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Callable

import numpy as np
import torch
from benchmarks.faults import held_out
from benchmarks.faults.nets import Net
from benchmarks.faults.plan import Optimiser, Plan, tagger
from benchmarks.faults.rows import DATA, images, padded, split
from torch import Tensor


def cancer(seed: int = 0) -> Plan:
    """Breast cancer (scikit-learn): 30 measures, one logit."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    x, y = torch.tensor(data.data).float(), torch.tensor(data.target).float()[:, None]
    rows = split(x, y, seed, (300, 100, 169))
    optimiser = Optimiser("adam", 3e-3, weight_decay=1e-2)
    net = Net("mlp", 30, 1, (24,), dropout=0.2)
    return Plan("cancer", "binary", rows, net, optimiser, loss="bce", num_steps=250, validate_every=25)


def friedman(seed: int = 0) -> Plan:
    """Friedman's first function (scikit-learn), targets standardised: a regression."""
    from sklearn.datasets import make_friedman1

    a, b = make_friedman1(3000, 10, noise=1.0, random_state=seed % 7)
    y = torch.tensor(b).float()[:, None]
    y = (y - y[:1000].mean()) / y[:1000].std()
    rows = split(torch.tensor(a).float(), y, seed, (1400, 400, 1200))
    return Plan(
        "friedman",
        "numbers",
        rows,
        Net("mlp", 10, 1, (64, 64)),
        Optimiser("adam", 3e-3),
        loss="mse",
        num_steps=500,
    )


def digits(seed: int = 0) -> Plan:
    """Digits of 8 by 8 (scikit-learn), a small convolutional net."""
    from sklearn.datasets import load_digits

    data = load_digits()
    x = torch.tensor(data.images).float()[:, None] / 16
    rows = split((x - 0.3) / 0.38, torch.tensor(data.target), seed, (1000, 300, 497), scale=False)
    net = Net("cnn", 1, 10, (16, 32))
    return Plan("digits", "classes", rows, net, Optimiser("adam", 3e-3), num_steps=300, validate_every=30)


def topics(seed: int = 0) -> Plan:
    """Bags of words: 400 words, 8 topics of few words each, log counts; nearly all is 0."""
    rng = np.random.default_rng(500 + seed % 7)
    words = 1.0 / np.arange(1, 401)
    topic = np.stack([words[rng.permutation(400)] * rng.gamma(0.6, 1.0, 400) for _ in range(8)])
    topic = 0.4 * topic / topic.sum(1, keepdims=True) + 0.6 * words / words.sum()
    labels = rng.integers(8, size=3000)
    counts = np.stack([rng.multinomial(rng.integers(15, 50), topic[k]) for k in labels])
    rows = split(
        torch.tensor(np.log1p(counts)).float(), torch.tensor(labels), seed, (1600, 400, 1000), scale=False
    )
    return Plan(
        "topics",
        "classes",
        rows,
        Net("mlp", 400, 8, (64,), dropout=0.2),
        Optimiser("adam", 2e-3),
        num_steps=300,
    )


def tags(seed: int = 0) -> Plan:
    """Label each place of a padded sequence by what stood there and before: a GRU, padding left out of the loss."""
    rng = np.random.default_rng(900 + seed % 7)
    lengths = rng.integers(3, 11, size=1800)
    x = rng.integers(1, 12, size=(1800, 10))
    before = np.concatenate([np.zeros((1800, 1), int), x[:, :-1]], 1)
    y = (x % 2) * 2 + (before > x)
    return tagger("tags", padded(x, y, lengths, seed), Net("gru", 12, 4, (12, 24)))


def waves(seed: int = 0) -> Plan:
    """Waves in noise by frequency and shape, 6 classes: a 1-D convolution."""
    rng = np.random.default_rng(700 + seed % 7)
    labels = rng.integers(6, size=2400)
    time = np.arange(48) / 48
    rate = np.array([2.0, 3.0, 4.5])[labels % 3][:, None] * rng.uniform(0.85, 1.15, (2400, 1))
    signal = np.sin(2 * np.pi * (rate * time + rng.random((2400, 1))))
    signal = np.where((labels >= 3)[:, None], np.sign(signal), 1.3 * signal)
    x = torch.tensor(signal + 0.6 * rng.standard_normal(signal.shape)).float()[:, None]
    rows = split(x, torch.tensor(labels), seed, (1200, 400, 800), scale=False)
    net = Net("conv1d", 1, 6, (16, 24, 24))
    return Plan("waves", "classes", rows, net, Optimiser("adam", 3e-3), num_steps=400)


def rings(seed: int = 0) -> Plan:
    """A table of 12 numbers, 5 classes that lie around each other (drawn by scikit-learn)."""
    from sklearn.datasets import make_classification

    a, b = make_classification(
        3000,
        12,
        n_informative=6,
        n_redundant=2,
        n_classes=5,
        n_clusters_per_class=2,
        class_sep=1.4,
        random_state=seed % 7,
    )
    rows = split(torch.tensor(a).float(), torch.tensor(b), seed, (1400, 400, 1200))
    net = Net("mlp", 12, 5, (64, 64), activation="tanh")
    return Plan("rings", "classes", rows, net, Optimiser("sgd", 0.05, momentum=0.9), num_steps=500)


def mnist(seed: int = 0) -> Plan:
    """MNIST, 3,000 rows, an MLP. Needs the open data."""
    x, y = images("mnist")
    rows = split(x, y, seed, (3000, 500, 1500), scale=False)
    net = Net("mlp", 784, 10, (128, 64))
    return Plan("mnist", "classes", rows, net, Optimiser("adam", 1e-3), num_steps=400)


def california(seed: int = 0) -> Plan:
    """California housing, 4,000 rows, log incomes and counts: a regression. Needs the open data."""
    x, y = _california()
    rows = split(x, y, seed, (2500, 500, 1500))
    net = Net("mlp", 8, 1, (64, 64))
    return Plan(
        "california", "numbers", rows, net, Optimiser("adam", 3e-3), loss="mse", batch_size=64, num_steps=500
    )


@functools.cache
def _california() -> tuple[Tensor, Tensor]:
    with gzip.open(DATA / "tabular" / "california_housing.csv.gz", "rt") as file:
        lines = [line.split(",")[:9] for line in file.read().splitlines()[1:]]
    table = np.array([[float(cell or "nan") for cell in line] for line in lines])
    table = table[np.isfinite(table).all(1)][:6000:1]
    table[:, 3:8] = np.log(table[:, 3:8])
    y = table[:, 8]
    return torch.tensor(table[:, :8]).float(), torch.tensor((y - y.mean()) / y.std()).float()[:, None]


TASKS: dict[str, Callable[[int], Plan]] = {
    "cancer": cancer,
    "friedman": friedman,
    "digits": digits,
    "topics": topics,
    "tags": tags,
    "waves": waves,
    "rings": rings,
}
if (DATA / "mnist").exists():
    TASKS["mnist"] = mnist
if (DATA / "tabular").exists():
    TASKS["california"] = california

TUNE_TASKS = tuple(TASKS)
HELD_OUT_TASKS = tuple(held_out.TASKS)
TASKS |= held_out.TASKS


@functools.lru_cache(maxsize=64)
def task(name: str, seed: int = 0) -> Plan:
    """Return the sound program of a task; the seed draws its rows and its weights."""
    return TASKS[name](seed).with_(seed=seed)
