"""Errors as a sum of smooth effects."""

import numpy as np
import pytest

from practicum.core.seeds import stream
from practicum.tuning.analysis.additive import Effect, curve_columns, draw, fit, tamed


def test_curves_are_orthonormal_over_the_range():
    """Line, U and cubic have unit variance and no correlation, so that priors mean the same for each."""
    columns = curve_columns((np.arange(20_000) + 0.5) / 20_000)

    assert columns.T @ columns / 20_000 == pytest.approx(np.eye(3), abs=1e-3)


def test_tamed_errors_are_standard_and_keep_their_order():
    """Mean 0, deviation 1; a diverged trial is among the worst."""
    found = tamed(np.array([0.1, 0.2, 0.3, 0.4, np.inf]))

    assert found.mean() == pytest.approx(0.0)
    assert found.std() == pytest.approx(1.0)
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("errors", [[0.2, 0.2, 0.2], [np.inf, np.inf], [1 / 3] * 7])
def test_errors_that_are_alike_are_zeros(errors):
    """Nothing varies: nothing is to be explained."""
    assert not tamed(np.array(errors)).any()


def test_one_absurd_error_does_not_rule():
    """An error of a million changes the fit no more than one that is merely bad."""
    errors = np.linspace(0.1, 0.5, 20)

    assert tamed(np.r_[errors, 1e6]).max() < 5


def test_the_effect_that_is_there_is_found_and_the_others_fade():
    """A U in the first of four entries: its draws have their lowest point there, the others hardly any size."""
    units = stream(0, "test/additive").random((64, 4))
    target = tamed((units[:, 0] - 0.3) ** 2)

    posteriors = fit(target, [Effect(curve_columns(units[:, j]), True) for j in range(4)])
    draws = draw(posteriors, 200, stream(1, "test/additive"))

    grid = np.linspace(0, 1, 101)
    first = draws[:, :3] @ curve_columns(grid).T
    assert grid[first.argmin(axis=1)] == pytest.approx(0.3, abs=0.05)
    assert np.abs(draws[:, 3:]).mean() < 0.02 * np.abs(draws[:, :3]).mean()
    assert sum(one.weight for one in posteriors) == pytest.approx(1.0)
