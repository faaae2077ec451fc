"""Errors, their intervals and paired comparisons."""

from math import inf, isnan
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from practicum.core.errors import ShapeError
from practicum.core.metrics import error, interval, metrics, paired_difference, significantly_better
from practicum.core.seeds import stream


def _regression(rows: int, purpose: str, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    generator = stream(0, purpose)
    prediction = generator.normal(size=rows)
    return prediction + noise * generator.normal(size=rows), prediction


@pytest.mark.parametrize(
    ("task", "target", "prediction"),
    [
        ("binary", [0, 1, 1, 0], [0.1, 0.9, 0.4, 0.2]),
        ("binary", [[0.0], [1.0], [1.0], [0.0]], [[0.1], [0.9], [0.4], [0.2]]),
        ("binary", [0, 1, 1, 0], [[0.9, 0.1], [0.1, 0.9], [0.6, 0.4], [0.8, 0.2]]),
        ("multiclass", [0, 2, 1, 0], [[0.9, 0.1, 0], [0, 0, 1.0], [0.9, 0.1, 0], [0.5, 0.2, 0.3]]),
        (
            "multiclass",
            [[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]],
            [[0.9, 0.1, 0], [0, 0, 1.0], [0.9, 0.1, 0], [0.5, 0.2, 0.3]],
        ),
    ],
)
def test_error_is_the_misclassified_fraction_in_every_shape(task, target, prediction):
    """One row of four is wrong, however the arrays are laid out."""
    assert error(task, target, prediction) == 0.25


def test_probabilities_that_are_not_finite_count_as_wrong():
    """A nan is never a right answer, also where argmax would point at the right class."""
    assert error("binary", [0, 1], [np.nan, np.nan]) == 1.0


def test_regression_error_of_the_mean_is_one():
    """Predicting the mean of the rows evaluated gives exactly the deviation."""
    target, _ = _regression(100, "test mean")

    assert error("regression", target, np.full(100, target.mean())) == pytest.approx(1.0)


@given(st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
def test_regression_error_knows_no_unit(scale: float, shift: float):
    """Scaling and shifting target and prediction together changes nothing."""
    target, prediction = _regression(50, "test unit")
    plain = error("regression", target, prediction)

    assert error("regression", target * scale + shift, prediction * scale + shift) == pytest.approx(
        plain, rel=1e-6
    )


@pytest.mark.parametrize("target", [[5.0], [5.0, 5.0, 5.0], [0.1] * 7])
def test_a_constant_target_is_measured_in_the_given_scale(target: list[float]):
    """Where the rows have no deviation the root mean squared error is divided by target_scale."""
    prediction = np.asarray(target) + 1.0

    assert error("regression", target, prediction, target_scale=2.0) == pytest.approx(0.5)
    assert error("regression", target, target, target_scale=2.0) == 0.0


def test_regression_with_a_value_that_is_not_finite_is_infinitely_wrong():
    """No warning, no nan: inf, and an interval without an upper end."""
    assert error("regression", [1.0, 2.0, 3.0], [1.0, np.nan, 3.0]) == inf
    assert interval("regression", [1.0, 2.0, 3.0], [1.0, np.inf, 3.0]) == (0.0, inf)


@pytest.mark.parametrize("function", [error, interval, metrics])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_different_numbers_of_rows_are_refused(function, task):
    """Both counts stand in the message and on the error."""
    with pytest.raises(ShapeError, match=r"as many rows as `target`.* but got 2 and 3 rows") as caught:
        function(task, [0, 1, 1], [0.1, 0.2])

    assert caught.value.values == {"target": 3, "prediction": 2}


def test_no_rows_are_refused():
    """An error over nothing is no number."""
    with pytest.raises(ShapeError, match="at least one"):
        error("binary", [], [])


@pytest.mark.parametrize("noise", ["normal", "heavy-tailed"])
@pytest.mark.parametrize("rows", [20, 200])
def test_the_interval_of_a_ratio_covers_about_as_often_as_it_says(noise: str, rows: int):
    """In 1,000 simulations the 95 % interval covers the true ratio in at least 91 %."""
    generator = stream(1, f"test coverage {noise} {rows}")
    shape = (1000, rows)
    errors = (
        0.5 * generator.normal(size=shape) if noise == "normal" else 0.4 * generator.standard_t(8, size=shape)
    )
    variance = 0.25 if noise == "normal" else 0.16 * 8 / 6
    truth = np.sqrt(variance / (1.0 + variance))
    predictions = generator.normal(size=shape)
    found = [interval("regression", p + e, p) for p, e in zip(predictions, errors, strict=True)]

    assert np.mean([low <= truth <= high for low, high in found]) >= 0.91


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=30))
def test_every_interval_of_a_ratio_holds_its_error(rows: list[tuple[float, float]]):
    """0 ≤ low ≤ error ≤ high, without a warning, for any numbers."""
    target, prediction = np.array(rows).T
    low, high = interval("regression", target, prediction)

    assert 0.0 <= low <= error("regression", target, prediction) * (1 + 1e-9)
    assert error("regression", target, prediction) <= high * (1 + 1e-9)


def test_the_interval_of_a_ratio_without_one_row_is_the_slow_one():
    """The one-pass jackknife equals leaving each row out and calling error again."""
    target, prediction = _regression(12, "test slow twin")
    slow = [error("regression", np.delete(target, i), np.delete(prediction, i)) for i in range(12)]
    logs = np.log(slow)
    half = 2.200985160082949 * np.sqrt(11 / 12 * ((logs - logs.mean()) ** 2).sum())  # t of 11 degrees
    middle = error("regression", target, prediction)

    assert interval("regression", target, prediction) == pytest.approx(
        (middle * np.exp(-half), middle * np.exp(half)), rel=1e-9
    )


def test_fifty_thousand_rows_take_less_than_a_fifth_of_a_second():
    """The interval is one pass over the rows."""
    target, prediction = _regression(50_000, "test speed")
    start = process_time()
    interval("regression", target, prediction)

    assert process_time() - start < 0.2


def test_a_wider_level_gives_a_wider_interval():
    """99 % holds 95 %."""
    target, prediction = _regression(100, "test level")
    low, high = interval("regression", target, prediction, 0.95)
    wide_low, wide_high = interval("regression", target, prediction, 0.99)

    assert wide_low < low < high < wide_high


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_a_prediction_does_not_differ_from_itself(task):
    """Difference zero, and not clear."""
    target, prediction = _regression(80, "test same")
    target, prediction = (target > 0, prediction > 0) if task == "binary" else (target, prediction)
    found = paired_difference(task, target, prediction, prediction)

    assert found.value == 0.0
    assert not found.clear


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_pairs_show_a_difference_that_two_intervals_hide(task):
    """A small but steady gain is clear in pairs although the two intervals overlap."""
    generator = stream(2, "test pairs")
    target, better = _regression(400, "test pairs base", noise=1.0)
    worse = better + 0.4 * generator.normal(size=400)
    if task == "binary":
        target, better = target > 0, (target > 0) ^ (generator.random(400) < 0.20)
        worse = better ^ ((target == better) & (generator.random(400) < 0.05))
    _, high = interval(task, target, better)
    worse_low, _ = interval(task, target, worse)
    found = paired_difference(task, target, better, worse)

    assert worse_low < high
    assert found.clear
    assert found.value < 0.0
    assert found.value == pytest.approx(error(task, target, better) - error(task, target, worse))


def test_two_rows_give_no_interval_of_a_difference():
    """Unbounded on both sides, the value still told."""
    found = paired_difference("regression", [0.0, 1.0], [0.0, 1.0], [1.0, 0.0])

    assert (found.low, found.high) == (-inf, inf)
    assert found.value < 0


def test_a_difference_from_a_diverged_prediction_is_not_clear():
    """Not a number, unbounded."""
    found = paired_difference("regression", [0.0, 1.0, 2.0], [0.0, 1.0, np.inf], [1.0, 0.0, 1.0])

    assert isnan(found.value)
    assert not found.clear


@pytest.mark.parametrize(
    ("new", "best", "expected"),
    [
        ([0.1, 0.2, 0.1, 0.2], [0.5, 0.7, 0.6, 0.5], True),
        ([0.5, 0.7, 0.6, 0.5], [0.1, 0.2, 0.1, 0.2], False),
        ([0.1, 0.9, 0.1, 0.9], [0.3, 0.8, 0.3, 0.8], False),
        ([0.5, 0.5], [0.5, 0.5], False),
        ([0.1], [0.9], False),
        ([np.nan, 0.1, 0.1], [0.9, 0.9, 0.9], False),
    ],
)
def test_only_a_gain_beyond_chance_is_significant(new, best, expected):
    """Lower everywhere: yes. Higher, mixed, equal, one row, nan: no."""
    assert significantly_better(new, best) is expected


def test_no_gain_passes_about_one_time_in_twenty():
    """Under no difference the one-sided test at 95 % fires in 3 to 7 % of 2,000 simulations."""
    generator = stream(0, "test z")
    fired = [significantly_better(*generator.normal(size=(2, 100))) for _ in range(2000)]

    assert 0.03 <= np.mean(fired) <= 0.07


def test_binary_metrics_are_those_of_scikit_learn():
    """Balanced error, log loss and area under the curve agree with direct calls."""
    generator = stream(0, "test binary metrics")
    target = generator.integers(0, 2, size=200)
    probability = np.clip(0.3 * target + 0.7 * generator.random(200), 0.01, 0.99)
    found = metrics("binary", target, probability)

    assert found["balanced_error"] == pytest.approx(
        1 - sk.balanced_accuracy_score(target, probability > 0.5), abs=1e-12
    )
    assert found["log_loss"] == pytest.approx(sk.log_loss(target, probability), abs=1e-12)
    assert found["auc"] == pytest.approx(sk.roc_auc_score(target, probability), abs=1e-12)


def test_a_class_that_the_rows_lack_is_no_trouble():
    """No warning, no area under the curve where there is one class; log loss still counts all classes."""
    assert "auc" not in metrics("binary", [1, 1], [0.9, 0.8])
    found = metrics("multiclass", [0, 0], [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]])

    assert found == pytest.approx({"balanced_error": 0.0, "log_loss": np.log(2)})


def test_certain_and_wrong_has_a_finite_log_loss():
    """A probability of zero is floored, and float32 rows that sum to nearly one raise no warning."""
    rows = np.array([[1.0, 0.0, 0.0], [0.1, 0.3, 0.6000001]], dtype=np.float32)

    assert np.isfinite(metrics("multiclass", [1, 2], rows)["log_loss"])


def test_regression_metrics_come_in_the_targets_unit():
    """Mean absolute and root mean squared error double with the unit; R² stays."""
    target, prediction = _regression(50, "test regression metrics")
    found, doubled = (
        metrics("regression", target, prediction),
        metrics("regression", 2 * target, 2 * prediction),
    )

    assert doubled["mae"] == pytest.approx(2 * found["mae"])
    assert doubled["r2"] == pytest.approx(found["r2"])
    assert found["r2"] == pytest.approx(1 - error("regression", target, prediction) ** 2)


def test_a_constant_target_has_no_r2():
    """Undefined measures are absent, not nan."""
    assert "r2" not in metrics("regression", [1.0, 1.0], [1.0, 2.0])
    assert metrics("regression", [1.0, 2.0], [np.nan, 2.0]) == {}


def test_a_perfect_prediction_has_an_interval_of_no_width():
    """Every row is right, so no row left out changes anything."""
    assert interval("regression", [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0]) == (0.0, 0.0)


def test_the_interval_of_a_constant_target_is_in_the_given_scale():
    """Twice the scale halves both ends."""
    target, prediction = [0.1] * 5, [0.2, 0.3, 0.2, 0.1, 0.4]
    low, high = interval("regression", target, prediction, target_scale=1.0)

    assert interval("regression", target, prediction, target_scale=2.0) == pytest.approx((low / 2, high / 2))
    assert low < error("regression", target, prediction) < high


def test_one_row_that_alone_is_off_by_next_to_nothing_gives_an_interval_without_end():
    """No overflow: the other rows are exact, so the ratio may be anything."""
    low, high = interval("regression", [0.0, 0.0, 1e-115], [0.0, 0.0, 0.0])

    assert low == pytest.approx(0.0, abs=1e-9)
    assert high > 1e9
