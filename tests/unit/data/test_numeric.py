"""Numbers: reading and scaling."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from sklearn.preprocessing import MinMaxScaler, QuantileTransformer, StandardScaler

from practicum.core.errors import DataError
from practicum.data.numeric import CLIP_DEVIATIONS, MAX_KNOTS, fit_scaling, fit_two_valued, read_numbers

RANDOM = np.random.default_rng(0)
VALUES = RANDOM.gamma(4.0, size=500)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pl.Series([1, None]), [1.0, np.nan]),
        (pl.Series([True, False]), [1.0, 0.0]),
        (pl.Series([" 2 ", "NA"]), [2.0, np.nan]),
        (pl.Series([timedelta(minutes=1), None]), [60.0, np.nan]),
        (pl.Series([time(6, 30), None]), [6.5, np.nan]),
        (pl.Series([Decimal("1.5"), None]), [1.5, np.nan]),
        (pl.Series([None, None]), [np.nan, np.nan]),
    ],
)
def test_numbers_of_every_type_are_read(cells: pl.Series, expected: list[float]) -> None:
    """Each numeric type becomes float64 with NaN where missing."""
    np.testing.assert_array_equal(read_numbers(cells), expected)


def test_text_among_numbers_is_shown() -> None:
    """The message names column, cell and row."""
    with pytest.raises(DataError, match=r'`age` must hold numbers, but got "old" .row 2'):
        read_numbers(pl.Series("age", ["1", "old"]))


def test_text_among_numbers_is_missing_if_allowed() -> None:
    """Lenient reading makes NaN of words."""
    np.testing.assert_array_equal(read_numbers(pl.Series(["1", "old"]), lenient=True), [1.0, np.nan])


@pytest.mark.parametrize("bad", [float("inf"), float("-inf"), 1e101])
def test_infinities_are_refused(bad: float) -> None:
    """The message says how many there are and where the first is."""
    with pytest.raises(DataError, match=r"`age` must hold finite numbers.* in 2 rows .the first is row 2"):
        read_numbers(pl.Series("age", [1.0, bad, bad]))


def test_dates_are_no_numbers() -> None:
    """A column of moments is refused."""
    with pytest.raises(DataError, match=r"`day` must hold numbers, but got Date"):
        read_numbers(pl.Series("day", ["2011-01-01"]).str.to_date())


def test_standardising_is_that_of_scikit_learn() -> None:
    """Mean and deviation agree with StandardScaler."""
    scaling = fit_scaling(VALUES, "standardise")
    expected = StandardScaler().fit_transform(VALUES[:, None])[:, 0]

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(VALUES), expected, rtol=1e-12)


def test_unit_is_that_of_scikit_learn() -> None:
    """Least and greatest value agree with MinMaxScaler, clipping included."""
    scaling = fit_scaling(VALUES, "unit")
    new = np.array([-5.0, 3.0, 99.0])
    reference = MinMaxScaler(clip=True).fit(VALUES[:, None])

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(new), reference.transform(new[:, None])[:, 0], rtol=1e-12)


def test_uniformising_is_that_of_scikit_learn() -> None:
    """The estimated distribution function agrees with QuantileTransformer, ties included."""
    values = np.round(VALUES, 1)
    reference = QuantileTransformer(n_quantiles=500, subsample=None).fit(values[:, None])
    scaling = fit_scaling(values, "uniformise")

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(values), reference.transform(values[:, None])[:, 0], atol=2e-3)


def test_uniformised_training_values_are_uniform() -> None:
    """Without ties, the output is the normalised rank [3.2-40]."""
    scaling = fit_scaling(VALUES, "uniformise")

    assert scaling is not None
    np.testing.assert_allclose(np.sort(scaling.apply(VALUES)), np.linspace(0, 1, 500), atol=1e-12)


def test_uniformising_interpolates_and_clips_new_values() -> None:
    """Between two values lies the middle; beyond the ends 0 and 1."""
    scaling = fit_scaling(np.array([0.0, 1.0, 2.0]), "uniformise")

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(np.array([-9.0, 0.5, 9.0])), [0.0, 0.25, 1.0])


def test_many_values_are_kept_as_a_thousand_knots() -> None:
    """A thinned distribution function is still uniform to a per mille."""
    values = RANDOM.standard_normal(20_000)
    scaling = fit_scaling(values, "uniformise")

    assert scaling is not None
    assert scaling.knots is not None
    assert scaling.knots.size <= MAX_KNOTS
    np.testing.assert_allclose(np.sort(scaling.apply(values)), np.linspace(0, 1, 20_000), atol=1.1e-3)


def test_pixels_are_divided_by_their_greatest_possible_value() -> None:
    """A byte column that never reaches 255 keeps the scale of the others."""
    scaling = fit_scaling(np.array([0.0, 51.0]), "unit", pixels=True)

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(np.array([51.0, 255.0])), [0.2, 1.0])


def test_none_leaves_values_alone_and_fills_the_mean() -> None:
    """Only missing cells change."""
    scaling = fit_scaling(np.array([1.0, 4.0, np.nan]), "none")

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(np.array([7.0, np.nan])), [7.0, 2.5])


@pytest.mark.parametrize(
    ("preprocess", "fill"), [("standardise", 0.0), ("uniformise", 0.5), ("unit", 0.5), ("none", 1.0)]
)
def test_missing_values_take_the_mean(preprocess: str, fill: float) -> None:
    """Under every treatment a missing cell lies at the mean of the training cells."""
    scaling = fit_scaling(np.array([0.0, 1.0, 2.0, np.nan]), preprocess)  # type: ignore[arg-type]

    assert scaling is not None
    assert scaling.apply(np.array([np.nan]))[0] == pytest.approx(fill)


def test_far_values_are_clipped_and_counted() -> None:
    """A training cell 31 deviations out is taken as 10, and so is a new one."""
    values = np.zeros(1000)
    values[0] = 1e30
    scaling = fit_scaling(values, "standardise")

    assert scaling is not None
    assert scaling.num_clipped == 1
    assert scaling.apply(np.array([1e30, -1e99])).tolist() == [CLIP_DEVIATIONS, -CLIP_DEVIATIONS]


@pytest.mark.parametrize("values", [[], [np.nan], [3.0, 3.0], [1e9, 1e9 + 1e-7], [0.1 + 0.2, 0.3]])
def test_values_that_are_alike_have_no_scaling(values: list[float]) -> None:
    """Nothing, one value and rounding noise are constant."""
    assert fit_scaling(np.array(values), "standardise") is None
    assert fit_two_valued(np.array(values)) is None


@pytest.mark.parametrize("tails", ["log", "sqrt"])
def test_long_tails_are_shortened(tails: str) -> None:
    """A log-normal column becomes less skewed; its scaled values keep their order [3.2-41]."""
    values = np.exp(2 * RANDOM.standard_normal(1000))
    scaling = fit_scaling(values, "standardise", tails)  # type: ignore[arg-type]

    assert scaling is not None
    assert scaling.tail == tails
    scaled = scaling.apply(values)
    assert np.mean(scaled**3) < 0.5 * np.mean(((values - values.mean()) / values.std()) ** 3)
    assert (np.argsort(scaled, kind="stable") == np.argsort(values, kind="stable")).all()


def test_short_tails_are_left_alone() -> None:
    """A Gaussian column has no tail to shorten."""
    scaling = fit_scaling(RANDOM.standard_normal(1000), "standardise", "log")

    assert scaling is not None
    assert scaling.tail == "none"


def test_a_tail_on_the_other_side_is_left_alone() -> None:
    """Logarithms lengthen a left tail, so they are not taken."""
    scaling = fit_scaling(100 - np.exp(RANDOM.standard_normal(1000)), "standardise", "log")

    assert scaling is not None
    assert scaling.tail == "none"


def test_a_tail_over_tiny_values_does_not_overflow() -> None:
    """The unit of the logarithm is never lost in rounding."""
    scaling = fit_scaling(np.array([1.0, *[1e-300] * 20]), "none", "log")

    assert scaling is not None
    assert np.isfinite(scaling.apply(np.array([1e99, -1e99]))).all()


def test_shortening_does_not_depend_on_the_unit() -> None:
    """Metres and kilometres give the same inputs."""
    metres = np.exp(2 * RANDOM.standard_normal(1000))
    first, second = (
        fit_scaling(metres, "standardise", "log"),
        fit_scaling(metres / 1000, "standardise", "log"),
    )

    assert first is not None
    assert second is not None
    np.testing.assert_allclose(first.apply(metres), second.apply(metres / 1000), rtol=1e-9)


def test_flags_stay_0_and_1() -> None:
    """A rare flag is not blown up, as standardising would; missing is the mean."""
    flags = np.zeros(10_000)
    flags[0] = 1.0
    scaling = fit_two_valued(flags)

    assert scaling is not None
    np.testing.assert_allclose(scaling.apply(np.array([0.0, 1.0, np.nan])), [0.0, 1.0, 1e-4])
