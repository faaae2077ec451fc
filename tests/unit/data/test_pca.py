"""Principal components [3.2-39]."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from practicum.core.errors import ConfigError, DataError
from practicum.data.pca import fit_projection

RANDOM = np.random.default_rng(0)
X = (RANDOM.standard_normal((400, 6)) @ RANDOM.standard_normal((6, 6)) + 3).astype(np.float32)


@pytest.mark.parametrize("fraction", [0.5, 0.8, 0.95, 0.999])
def test_components_are_those_of_scikit_learn(fraction: float) -> None:
    """Same number, same directions up to sign, one common scale."""
    projection = fit_projection([X[:150], X[150:]], fraction)
    reference = PCA(fraction, svd_solver="full").fit(X.astype(np.float64))
    expected = reference.transform(X.astype(np.float64))
    expected /= np.sqrt(reference.explained_variance_.mean() * 399 / 400)

    assert projection.weight.shape == (6, reference.n_components_)
    np.testing.assert_allclose(np.abs(projection.apply(X)), np.abs(expected), atol=2e-4)
    assert projection.kept == pytest.approx(reference.explained_variance_ratio_.sum())


def test_all_variance_keeps_all_directions_that_have_some() -> None:
    """A copied column adds no component."""
    projection = fit_projection([np.hstack([X, X[:, :1]])], 1.0)

    assert projection.weight.shape == (7, 6)


def test_mean_variance_of_components_is_one() -> None:
    """The scale suits the first layer."""
    components = fit_projection([X], 0.9).apply(X)

    np.testing.assert_allclose(components.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(components.var(axis=0).mean(), 1, rtol=1e-4)


def test_a_large_offset_does_not_hide_the_variance() -> None:
    """Deviations are taken near the mean: an offset of 10,000 leaves the components alone."""
    near, far = fit_projection([X], 0.9), fit_projection([X + np.float32(1e4)], 0.9)

    np.testing.assert_allclose(far.weight, near.weight, atol=2e-3)


@pytest.mark.parametrize("fraction", [0.0, -1.0, 1.5])
def test_a_fraction_outside_its_range_is_refused(fraction: float) -> None:
    """The range is stated."""
    with pytest.raises(ConfigError, match=r"`pca_variance` must lie in \(0, 1\]"):
        fit_projection([X], fraction)


def test_constant_inputs_have_no_components() -> None:
    """There is no variance to keep."""
    with pytest.raises(DataError, match="must vary for PCA"):
        fit_projection([np.ones((5, 2), dtype=np.float32)], 0.9)
