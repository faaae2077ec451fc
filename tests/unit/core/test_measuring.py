"""Every measure against scikit-learn's, and what its intervals and paired differences promise."""

from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from practicum.core import metrics
from practicum.core.errors import ConfigError, DataError, ShapeError
from practicum.core.measures import names_for
from practicum.core.measuring import check_measurable, interval, paired_difference, row_errors, value
from practicum.core.seeds import stream

CASES = [(task, name) for task in ("binary", "multiclass", "regression") for name in names_for(task)]

SKLEARN = {
    ("binary", "error"): lambda y, p: 1 - sk.accuracy_score(y, p[:, 1] > 0.5),
    ("binary", "balanced_error"): lambda y, p: 1 - sk.balanced_accuracy_score(y, p[:, 1] > 0.5),
    ("binary", "log_loss"): lambda y, p: sk.log_loss(y, p, labels=[0, 1]),
    ("binary", "auc"): lambda y, p: 1 - sk.roc_auc_score(y, p[:, 1]),
    ("binary", "f1"): lambda y, p: 1 - sk.f1_score(y, p[:, 1] > 0.5, zero_division=0),
    ("multiclass", "error"): lambda y, p: 1 - sk.accuracy_score(y, p.argmax(1)),
    ("multiclass", "balanced_error"): lambda y, p: 1 - sk.balanced_accuracy_score(y, p.argmax(1)),
    ("multiclass", "log_loss"): lambda y, p: sk.log_loss(y, p, labels=[0, 1, 2]),
    ("multiclass", "auc"): lambda y, p: 1 - sk.roc_auc_score(y, p, multi_class="ovr"),
    ("multiclass", "f1"): lambda y, p: 1 - sk.f1_score(y, p.argmax(1), average="macro", zero_division=0),
    ("regression", "error"): lambda y, p: np.sqrt(1 - sk.r2_score(y, p[:, 0])),
    ("regression", "rmse"): lambda y, p: sk.root_mean_squared_error(y, p[:, 0]),
    ("regression", "mae"): lambda y, p: sk.mean_absolute_error(y, p[:, 0]),
}


def _rows(task: str, seed: int, num_rows: int, *, tied: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Return targets and predictions of all classes; ``tied`` ones take few values."""
    generator = stream(seed, f"test measuring {task}")
    if task == "regression":
        target = generator.normal(size=num_rows).round(1 if tied else 9)
        return target, (target + generator.normal(size=num_rows)).round(1 if tied else 9)[:, None]
    shares = [0.7, 0.3] if task == "binary" else [0.6, 0.25, 0.15]
    num_classes = len(shares)
    target = np.concatenate(
        [
            np.arange(num_classes),
            generator.choice(num_classes, num_rows - num_classes, p=shares),
        ]
    )
    odds = (
        generator.integers(1, 4, (num_rows, num_classes))
        if tied
        else generator.exponential(size=(num_rows, num_classes))
    )
    odds = odds * (1.0 + (target[:, None] == np.arange(num_classes)))
    return target, odds / odds.sum(1, keepdims=True)


@pytest.mark.parametrize(("task", "name"), CASES)
@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), num_rows=st.integers(3, 60), tied=st.booleans())
def test_every_measure_is_scikit_learns(task: str, name: str, seed: int, num_rows: int, tied: bool):
    """On random rows, with and without ties; all classes are there."""
    target, prediction = _rows(task, seed, num_rows, tied=tied)
    assume(task != "regression" or target.std() > 0)
    if task == "multiclass":  # of two equal probabilities rounding may make either the larger
        ordered = np.sort(prediction, axis=1)
        assume((np.diff(ordered[:, -2:]) != 0).all() and (ordered[:, -1] - ordered[:, -2] > 1e-12).all())
    if task == "binary":
        assume((np.abs(prediction[:, 1] - 0.5) > 1e-12).all() or name in ("auc", "log_loss"))

    assert value(name, task, target, prediction) == pytest.approx(
        SKLEARN[task, name](target, prediction), abs=1e-9
    )


@pytest.mark.parametrize("name", names_for("binary"))
def test_targets_and_predictions_come_in_every_shape(name: str):
    """(N,) or (N, 1), one probability or two, class numbers or one-hot rows."""
    target, both = _rows("binary", 1, 40)
    expected = value(name, "binary", target, both)

    assert value(name, "binary", target[:, None], both[:, 1:]) == pytest.approx(expected)
    assert value(name, "binary", target.astype(float), both[:, 1]) == pytest.approx(expected)
    target, each = _rows("multiclass", 1, 40)
    assert value(name, "multiclass", np.eye(3)[target], each) == value(name, "multiclass", target, each)


@pytest.mark.parametrize(("task", "name"), CASES)
@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), num_rows=st.integers(3, 40), tied=st.booleans())
def test_every_interval_holds_its_error(task: str, name: str, seed: int, num_rows: int, tied: bool):
    """0 ≤ low ≤ error ≤ high, without a warning, and a wider level holds a narrower one."""
    target, prediction = _rows(task, seed, num_rows, tied=tied)
    error = value(name, task, target, prediction)
    low, high = interval(name, task, target, prediction)
    wide_low, wide_high = interval(name, task, target, prediction, 0.99)

    assert 0.0 <= low <= error + 1e-12
    assert error - 1e-12 <= high
    assert wide_low <= low + 1e-12
    assert high - 1e-12 <= wide_high
    assert task == "regression" or name == "log_loss" or high <= 1.0


@pytest.mark.parametrize(("task", "name"), CASES)
@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), num_rows=st.integers(3, 40))
def test_paired_differences_are_antisymmetric_and_hold_their_value(
    task: str, name: str, seed: int, num_rows: int
):
    """The value is the difference of the two errors; swapping the two turns every sign."""
    target, a = _rows(task, seed, num_rows)
    b = _rows(task, seed + 1, num_rows)[1]
    found = paired_difference(name, task, target, a, b)
    swapped = paired_difference(name, task, target, b, a)

    assert found.value == pytest.approx(value(name, task, target, a) - value(name, task, target, b), abs=1e-9)
    assert found.low - 1e-12 <= found.value <= found.high + 1e-12
    assert (swapped.value, swapped.low, swapped.high) == pytest.approx(
        (-found.value, -found.high, -found.low), abs=1e-9
    )


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_the_rows_errors_average_to_the_error(task: str):
    """Misclassified or not; of regression the squared difference."""
    generator = stream(0, "test/rows")
    target = generator.integers(0, 2 if task == "binary" else 3, 50)
    prediction = generator.random((50, 1 if task != "multiclass" else 3))
    rows = row_errors(task, target, prediction)
    expected = metrics.error(task, target, prediction, target_scale=1.0)
    if task == "regression":
        expected = (expected * target.std()) ** 2

    assert rows.shape == (50,)
    assert rows.mean() == pytest.approx(expected)


@pytest.mark.parametrize(("task", "name"), CASES)
def test_a_prediction_does_not_differ_from_itself(task: str, name: str):
    """Its difference is 0, and not clear."""
    target, prediction = _rows(task, 3, 60)
    found = paired_difference(name, task, target, prediction, prediction)

    assert found.value == 0.0
    assert not found.clear


@pytest.mark.parametrize(("task", "name"), CASES)
def test_a_far_better_prediction_is_clearly_better(task: str, name: str):
    """On 300 rows the truth beats noise beyond chance."""
    target, noise = _rows(task, 4, 300)
    good = (
        target[:, None] + 0.05 * noise
        if task == "regression"
        else 0.2 * noise + 0.8 * np.eye(noise.shape[1])[target]
    )
    found = paired_difference(name, task, target, good, np.roll(noise, 7, axis=0))

    assert found.high < 0.0


def _many(task: str, repetitions: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return targets and predictions drawn from one law, 150 rows each; the first is a very long one."""
    generator = stream(0, f"test coverage of {task}")
    sizes = [200_000] + [150] * repetitions
    if task == "regression":
        x = [generator.normal(size=size) for size in sizes]
        return [(one + 0.5 * generator.normal(size=len(one)), one[:, None]) for one in x]
    shares = [0.75, 0.25] if task == "binary" else [0.5, 0.3, 0.2]
    found = []
    for size in sizes:
        target = generator.choice(len(shares), size, p=shares)
        logits = generator.normal(size=(size, len(shares))) + np.log(shares)
        logits[np.arange(size), target] += 1.5
        found.append((target, np.exp(logits) / np.exp(logits).sum(1, keepdims=True)))
    return found


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_intervals_cover_about_as_often_as_they_say(task: str):
    """Of 300 simulated tests of 150 rows, 90 and 95 % intervals cover the truth in 85 to 98 %, for every measure."""
    (target, prediction), *some = _many(task, 300)
    for name in names_for(task):
        truth = value(name, task, target, prediction)
        for level in (0.90, 0.95):
            ends = [interval(name, task, *rows, level) for rows in some]
            covered = np.mean([low <= truth <= high for low, high in ends])

            assert 0.85 <= covered <= 0.98, (name, level, covered)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_paired_differences_cover_about_as_often_as_they_say(task: str):
    """The second prediction is the first with noise; 95 % intervals cover the true difference in 90 to 99 %."""
    rows = _many(task, 300)
    generator = stream(1, "test paired coverage")

    def noisy(prediction: np.ndarray) -> np.ndarray:
        if task == "regression":
            return prediction + 0.3 * generator.normal(size=prediction.shape)
        odds = prediction * np.exp(0.7 * generator.normal(size=prediction.shape))
        return odds / odds.sum(1, keepdims=True)

    second = [noisy(prediction) for _, prediction in rows]
    for name in names_for(task):
        truth = paired_difference(name, task, *rows[0], second[0]).value
        found = [
            paired_difference(name, task, *one, other)
            for one, other in zip(rows[1:], second[1:], strict=True)
        ]
        covered = np.mean([one.low <= truth <= one.high for one in found])

        assert 0.90 <= covered <= 0.995, (name, covered)


def test_the_default_is_what_it_was():
    """ "error" is practicum.core.metrics', interval and difference too."""
    for task in ("binary", "multiclass", "regression"):
        target, a = _rows(task, 5, 50)
        b = _rows(task, 6, 50)[1]

        assert value("error", task, target, a, target_scale=2.0) == metrics.error(task, target, a)
        assert interval("error", task, target, a) == metrics.interval(task, target, a)
        assert paired_difference("error", task, target, a, b) == metrics.paired_difference(task, target, a, b)


def test_rows_of_one_class_have_no_auc():
    """Nan, as scikit-learn says; the interval is everything, the difference unknown."""
    assert isnan(value("auc", "binary", [1, 1], [0.2, 0.9]))
    assert interval("auc", "binary", [1, 1], [0.2, 0.9]) == (0.0, 1.0)
    found = paired_difference("auc", "binary", [1, 1], [0.2, 0.9], [0.3, 0.4])
    assert isnan(found.value)
    assert not found.clear


def test_a_class_that_no_row_has_is_left_out_of_means():
    """Of three classes the rows have two: balanced error and AUC are means over those."""
    target = [0, 0, 1, 1]
    each = np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.4, 0.5, 0.1]])

    assert value("balanced_error", "multiclass", target, each) == 0.25
    assert value("auc", "multiclass", target, each) == pytest.approx(0.25)


def test_f1_without_a_row_of_the_class_is_zero():
    """No row of the second class, and none predicted: F1 is 0, and nothing is known about it."""
    assert value("f1", "binary", [0, 0, 0], [0.1, 0.2, 0.3]) == 1.0
    assert interval("f1", "binary", [0, 0, 0], [0.1, 0.2, 0.3]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("name", "task", "expected"),
    [
        ("balanced_error", "binary", 1.0),
        ("f1", "binary", 1.0),
        ("auc", "binary", 1.0),
        ("log_loss", "binary", inf),
        ("f1", "multiclass", 1.0),
        ("auc", "multiclass", 1.0),
        ("log_loss", "multiclass", inf),
        ("rmse", "regression", inf),
        ("mae", "regression", inf),
    ],
)
def test_predictions_that_are_not_finite_are_as_bad_as_can_be(name: str, task: str, expected: float):
    """No warning, no nan, and a difference that nobody takes for clear."""
    target, prediction = _rows(task, 7, 30)
    broken = np.full_like(prediction, nan)
    found = paired_difference(name, task, target, prediction, broken)

    assert value(name, task, target, broken) == expected
    assert interval(name, task, target, broken)[1] >= min(expected, 1.0)
    assert isnan(found.value) or found.value <= 0.0


def test_a_perfect_prediction_is_not_taken_for_certain():
    """No wrong row among few says little: the interval of every fraction reaches above 0."""
    target = np.array([0, 1] * 10)
    for name in ("error", "balanced_error", "auc", "f1"):
        low, high = interval(name, "binary", target, target.astype(float))

        assert low == 0.0
        assert 0.05 < high < 0.5, name
        low, high = interval(name, "multiclass", target, np.eye(2)[target])
        assert low == 0.0
        assert 0.05 < high < 0.5, name


def test_one_row_of_a_class_tells_little_about_the_auc():
    """The interval is nearly everything."""
    low, high = interval("auc", "binary", [1] + [0] * 50, [0.5] + [0.1] * 45 + [0.9] * 5)

    assert low < 0.01
    assert high > 0.8


def test_binary_intervals_of_auc_are_delongs():
    """Half the Wilson width is DeLong's normal one where rows are many."""
    target, prediction = _rows("binary", 8, 5000)
    score = prediction[:, 1]
    positive, negative = score[target == 1], score[target == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = wins.mean(1).var(ddof=1) / len(positive) + wins.mean(0).var(ddof=1) / len(negative)
    low, high = interval("auc", "binary", target, prediction)

    assert 1 - value("auc", "binary", target, prediction) == pytest.approx(wins.mean())
    assert (high - low) / 2 == pytest.approx(1.96 * np.sqrt(variance), rel=0.01)


def test_a_measure_of_another_task_is_refused():
    """The table says which fit."""
    with pytest.raises(
        ConfigError, match="must be one of error, rmse, mae for regression, but got metric=auc"
    ):
        value("auc", "regression", [1.0], [1.0])


@pytest.mark.parametrize("name", ["auc", "f1", "log_loss"])
def test_different_numbers_of_rows_are_refused(name: str):
    """As for the default."""
    with pytest.raises(ShapeError, match="as many rows as `target`"):
        value(name, "binary", [0, 1, 1], [0.1, 0.2])


@pytest.mark.parametrize(
    ("metric", "task", "target"),
    [
        ("auc", "binary", [1, 1]),
        ("f1", "binary", [0, 0]),
        ("auc", "multiclass", [2, 2]),
        ("f1", "multiclass", [[0, 1], [0, 1]]),
    ],
)
def test_validation_rows_of_one_class_are_refused_where_classes_are_compared(metric, task, target):
    """Nothing could be selected by it."""
    with pytest.raises(
        DataError, match=rf"`metric` must be defined on the validation rows, but got metric={metric}"
    ):
        check_measurable(metric, task, target)


def test_what_can_be_measured_passes():
    """Rows of both classes; one class for a measure that needs no other; values."""
    check_measurable("auc", "binary", [0, 1])
    check_measurable("f1", "binary", [1, 1])
    check_measurable("balanced_error", "binary", [1, 1])
    check_measurable("mae", "regression", [1.0, 1.0])
    with pytest.raises(ConfigError, match="for a binary target"):
        check_measurable("mae", "binary", [0, 1])
