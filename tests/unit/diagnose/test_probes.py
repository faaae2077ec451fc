"""Facts about probes: they are ridge regression, whichever way it is solved; similar features are similar."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from practicum.diagnose.probes import RIDGE, probed, similarity

RNG = np.random.default_rng(0)


def features(rows, units):
    return torch.from_numpy(RNG.normal(size=(rows, units)))


@pytest.mark.parametrize("units", [5, 60])
def test_a_probe_is_ridge_regression_on_standardised_features(units):
    """With fewer units than rows and with more."""
    x, z = features(40, units) * 3 + 1, features(10, units)
    y = features(40, 2)
    mean, deviation = x.mean(0), x.std(0)
    twin = Ridge(alpha=RIDGE * 40).fit((x - mean) / deviation, y - y.mean(0))
    expected = twin.predict((z - mean) / deviation) + y.mean(0).numpy()

    np.testing.assert_allclose(probed("regression", x, y, z), expected, rtol=1e-6, atol=1e-8)


def test_classes_are_told_apart_by_what_separates_them():
    """Two by one output, several by one each."""
    x = torch.tensor([[-1.0], [1.0]]).repeat(10, 1)
    y = (x > 0).float()

    assert probed("binary", x, y, torch.tensor([[-2.0], [2.0]])).tolist() == [[0.0], [1.0]]
    assert probed("multiclass", x, torch.hstack([1 - y, y]), torch.tensor([[2.0]])).tolist() == [[0.0, 1.0]]


def test_a_constant_unit_does_no_harm():
    """It has no deviation to divide by."""
    x = torch.hstack([features(20, 1), torch.ones(20, 1)])

    assert np.isfinite(probed("regression", x, x[:, :1], x)).all()


def test_similarity_is_one_for_rotated_features_and_small_for_others():
    """And 1 where both are constant, 0 where one is."""
    x, other = features(200, 6), features(200, 6)
    rotation = torch.linalg.qr(features(6, 6))[0]

    assert similarity(x, 2 * x @ rotation + 1) == pytest.approx(1.0)
    assert similarity(x, other) < 0.2
    assert similarity(torch.ones(5, 2), torch.zeros(5, 2)) == 1.0
    assert similarity(x, torch.ones(200, 2)) == 0.0
