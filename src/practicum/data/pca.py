"""Principal components of the prepared inputs: fewer inputs that keep a stated part of the variance [3.2-39].

From the covariance matrix, gathered block by block, so that no second copy of the inputs is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from practicum.core.errors import ConfigError, DataError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """A projection on principal components.

    All components are divided by one number, so that their mean variance is 1: the scale suits the first layer,
    their sizes relative to each other stay, and directions of almost no variance are not blown up as whitening
    would do.

    Attributes:
        weight: float32, shape (I, C).
        bias: float32, shape (C,).
        kept: fraction of the variance that the components keep.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    kept: float

    def apply(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return components, shape (N, C), of inputs, shape (N, I)."""
        components: NDArray[np.float32] = x @ self.weight + self.bias
        return components


def fit_projection(blocks: Iterable[NDArray[np.float32]], fraction: float) -> Projection:
    """Return the projection on the fewest components that keep ``fraction`` of the variance.

    Args:
        blocks: training inputs, each of shape (n, I).
        fraction: of the total variance, in (0, 1].

    Raises:
        ConfigError: if ``fraction`` is outside (0, 1].
        DataError: if the inputs have no variance.

    Source:
        Bengio 2012, 3.2-39.

    Example:
        >>> x = np.array([[1, 1], [-1, -1], [2, 2], [-2, -2]], dtype=np.float32)
        >>> fit_projection([x], 0.9).weight.shape
        (2, 1)
    """
    if not 0 < fraction <= 1:
        raise ConfigError(
            f"`pca_variance` must lie in (0, 1], but got pca_variance={fraction}. Use 0.95, or none for no PCA.",
            pca_variance=fraction,
        )
    mean, covariance = _moments(blocks)
    variances, directions = np.linalg.eigh(covariance)
    variances, directions = np.maximum(variances[::-1], 0.0), directions[:, ::-1]
    if variances.sum() <= 0:
        raise DataError("The inputs must vary for PCA, but all are constant. Leave `pca_variance` out.")
    # Rounding leaves directions of no variance slightly above 0; they are no components.
    meant = max(int(np.count_nonzero(variances > variances[0] * 1e-10)), 1)
    explained = np.cumsum(variances) / variances.sum()
    count = min(int(np.searchsorted(explained, fraction - 1e-12)) + 1, meant)
    weight = _signed(directions[:, :count]) / np.sqrt(variances[:count].mean())
    return Projection(
        np.ascontiguousarray(weight, dtype=np.float32),
        (-mean @ weight).astype(np.float32),
        float(explained[count - 1]),
    )


def _moments(blocks: Iterable[NDArray[np.float32]]) -> tuple[Floats, Floats]:
    """Return mean, shape (I,), and covariance, shape (I, I); deviations are taken from the first row."""
    rows = 0
    origin, total, products = (np.zeros(()) for _ in range(3))
    for block in blocks:
        origin = origin if rows else block[0].astype(np.float64)
        x = block - origin
        rows, total, products = rows + len(x), total + x.sum(axis=0), products + x.T @ x
    mean = total / rows
    return mean + origin, products / rows - np.outer(mean, mean)


def _signed(directions: Floats) -> Floats:
    """Return directions whose largest part is positive, so that the sign does not depend on the solver."""
    largest = np.abs(directions).argmax(axis=0)
    signs = np.sign(directions[largest, np.arange(directions.shape[1])])
    flipped: Floats = directions * signs
    return flipped
