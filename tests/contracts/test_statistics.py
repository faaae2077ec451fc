"""What every statistic promises, one row each: its slow twin in NumPy, one number or row a trial, nothing changed."""

import numpy as np
import pytest
import torch

from practicum.monitor.statistics.every import STATISTICS
from practicum.monitor.statistics.histogram import EDGES

K, B, H = 3, 12, 5


def cosine(a, b):
    """Return the cosine of two rows."""
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def rank(x):
    """Return exp of the entropy of the shares of variance."""
    shares = np.linalg.svd(x - x.mean(0), compute_uv=False) ** 2
    shares = shares / shares.sum()
    return np.exp(-(shares * np.log(shares)).sum())


TWINS = {
    "mean": lambda x: x.mean(),
    "deviation": lambda x: x.std(),
    "rms": lambda x: np.sqrt((x**2).mean()),
    "histogram": lambda x: np.histogram(x, bins=[-np.inf, *EDGES, np.inf])[0],
    "firing share": lambda x: (x > 0).mean(0),
    "remaining slope": lambda x: (1 - x**2).mean(0),
    "effective rank": rank,
    "update ratio": lambda a, b: np.linalg.norm(b - a) / np.linalg.norm(a),
    "alignment": cosine,
    "gradient signal and noise": lambda a, b: (
        (a * b).sum(),
        ((a**2).sum() + (b**2).sum()) / 2 - (a * b).sum(),
    ),
}


def given(statistic):
    """Return what the statistic takes, K trials of it, in double precision."""
    chooser = torch.Generator().manual_seed(1)
    shapes = {"values": [(K, 40)], "units": [(K, B, H)], "step": [(K, 7)] * 2, "pair": [(K, 7)] * 2}
    return [torch.randn(*shape, generator=chooser) for shape in shapes[statistic.of]]


def test_every_statistic_has_its_twin():
    """The table below lists them all."""
    assert [one.name for one in STATISTICS] == list(TWINS)


@pytest.mark.parametrize("statistic", STATISTICS, ids=[one.name for one in STATISTICS])
def test_it_is_its_slow_twin_trial_by_trial(statistic):
    """A pack of K gives what NumPy gives of each trial by itself."""
    tensors = given(statistic)

    found = statistic.compute(*tensors)

    parts = found if isinstance(found, tuple) else (found,)
    for trial in range(K):
        wanted = TWINS[statistic.name](*(one[trial].double().numpy() for one in tensors))
        wanted = wanted if isinstance(found, tuple) else (wanted,)
        for part, number in zip(parts, wanted, strict=True):
            np.testing.assert_allclose(part[trial].numpy(), number, rtol=2e-5)


@pytest.mark.parametrize("statistic", STATISTICS, ids=[one.name for one in STATISTICS])
def test_it_leaves_what_it_is_given(statistic):
    """Nothing is changed in place."""
    tensors = given(statistic)
    before = [one.clone() for one in tensors]

    statistic.compute(*tensors)

    assert all(torch.equal(a, b) for a, b in zip(tensors, before, strict=True))
