"""Facts about the regressor alone."""

from __future__ import annotations

import numpy as np
import pytest

from practicum import Recipe, Regressor
from practicum.core.seeds import stream

RECIPE = Recipe(num_steps=200, hidden_sizes=(8,), learning_rate=0.1, validate_every_steps=50)


def rows(num_rows: int = 150):
    """Return inputs and a target far from 0."""
    x = stream(0, "tests/regressor").normal(size=(num_rows, 2))
    return x, 1000 + 50 * x[:, 0] - 20 * x[:, 1]


def quick(**settings):
    """Return a regressor that fits at once."""
    return Regressor(**{"recipe": RECIPE, "seeds": 1, **settings})


def test_values_come_back_in_their_unit():
    """R² is nearly 1, and the error on rows held out is told in the measure that was asked for."""
    x, y = rows()
    regressor = quick(metric="rmse").fit(x, y)

    assert regressor.score(x, y) > 0.98
    assert 0 < regressor.valid_error_ < 12


def test_another_unit_gives_the_same_in_that_unit():
    """Standardised targets leave nothing of the unit."""
    x, y = rows()

    np.testing.assert_allclose(
        quick().fit(x, 0.001 * y + 7).predict(x), 0.001 * quick().fit(x, y).predict(x) + 7, rtol=1e-3
    )


def test_weights_decide_whom_to_please():
    """Where rows contradict each other, the answer is their weighted mean."""
    x, _ = rows(200)
    y = np.where(np.arange(200) % 2 == 0, 0.0, 10.0)
    found = [
        quick().fit(x, y, sample_weight=np.where(y > 0, share, 1.05)).predict(x).mean()
        for share in (0.35, 3.15)
    ]

    assert found == pytest.approx([2.5, 7.5], abs=0.8)


def test_passes_learn_without_a_search():
    """The first rows decide scale and preparation; later ones may be few."""
    x, y = rows()
    regressor = quick()
    for _ in range(15):
        regressor.partial_fit(x, y)
    regressor.partial_fit(x[:1], y[:1])

    assert regressor.score(x, y) > 0.9
    assert np.isnan(regressor.valid_error_)


def test_passes_after_a_constant_begin_anew():
    """One value was all there was to know; now there is more."""
    x, y = rows()
    regressor = quick().fit(x, np.full(len(x), 5.0)).partial_fit(x, y)

    assert regressor.n_members_ == 1
    assert regressor.predict(x).std() > 0


def test_passes_of_one_value_are_learned_too():
    """A first batch whose targets are alike has no scale; 1 stands for it."""
    x, _ = rows(20)

    assert quick().partial_fit(x, np.full(20, 5.0)).predict(x) == pytest.approx(5.0, abs=0.5)
