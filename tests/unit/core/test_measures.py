"""The table of measures: names, tasks, words."""

from math import inf, nan

import pytest

from practicum.core.errors import ConfigError
from practicum.core.measures import MEASURES, NAMES, check_metric, measure_called, names_for

TASKS = ("binary", "multiclass", "regression")


def test_every_task_has_each_of_its_measures_once():
    """A name and a task give one measure at most; the default fits every task."""
    pairs = [(measure.name, task) for measure in MEASURES for task in measure.tasks]

    assert len(pairs) == len(set(pairs))
    assert all(("error", task) in pairs for task in TASKS)


def test_the_names_of_each_task():
    """As the command's help says them."""
    assert (
        names_for("binary") == names_for("multiclass") == ("error", "balanced_error", "log_loss", "auc", "f1")
    )
    assert names_for("regression") == ("error", "rmse", "mae")
    assert set(NAMES) == set(names_for("binary")) | set(names_for("regression"))


@pytest.mark.parametrize(
    ("name", "task", "message"),
    [
        (
            "acu",
            "auto",
            "`metric` must be one of error, balanced_error, log_loss, auc, f1, rmse, mae, but got metric=acu. "
            'Did you mean "auc"?',
        ),
        ("auc", "regression", "`metric` must be one of error, rmse, mae for regression, but got metric=auc."),
        (
            "mae",
            "binary",
            "`metric` must be one of error, balanced_error, log_loss, auc, f1 for a binary target, but got metric=mae.",
        ),
        (
            "logloss",
            "multiclass",
            "`metric` must be one of error, balanced_error, log_loss, auc, f1 for a multiclass target, but got "
            'metric=logloss. Did you mean "log_loss"?',
        ),
    ],
)
def test_a_name_that_does_not_fit_is_refused(name, task, message):
    """The message lists what fits, and offers the nearest for a typo, not for a measure of another task."""
    with pytest.raises(ConfigError) as caught:
        check_metric(name, task)

    assert str(caught.value) == message
    assert caught.value.values == {"metric": name, "task": task}


def test_before_the_task_is_known_every_name_passes():
    """Only a typo is refused."""
    for name in NAMES:
        check_metric(name)


@pytest.mark.parametrize(
    ("name", "task", "error", "words"),
    [
        ("error", "binary", 0.1438, "14.4%"),
        ("error", "regression", 0.4312, "0.431"),
        ("balanced_error", "multiclass", 0.0042, "0.42%"),
        ("log_loss", "binary", 0.31234, "0.3123"),
        ("auc", "binary", 0.07, "0.930"),
        ("auc", "binary", 0.0004, "0.9996"),
        ("f1", "multiclass", 1.0, "0.000"),
        ("rmse", "regression", 48231.2, "48,231"),
        ("mae", "regression", 0.012345, "0.01235"),
    ],
)
def test_an_error_is_shown_in_the_form_that_people_know(name, task, error, words):
    """AUC and F1 are turned back; fractions are per cent; near perfection there is one digit more."""
    assert measure_called(name, task).words(error) == words


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: f"{measure.name}-{measure.tasks[0]}")
@pytest.mark.parametrize("value", [None, nan, inf])
def test_what_is_not_finite_is_a_dash(measure, value):
    """And no number on an axis."""
    assert measure.words(value) == "–"
    assert measure.shown(value) is None


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: f"{measure.name}-{measure.tasks[0]}")
def test_an_axis_shows_what_the_words_say(measure):
    """The number on the axis, written out, begins as the words do."""
    shown = measure.shown(0.25)

    assert measure.words(0.25).startswith(f"{shown:g}")


def test_the_lower_end_of_an_interval_stands_first():
    """Turned to AUC, the upper end of the error is the lower of the AUC."""
    assert measure_called("auc", "binary").interval_words((0.05, 0.09)) == "0.910 to 0.950"
    assert measure_called("error", "binary").interval_words((0.05, 0.09)) == "5.0% to 9.0%"


@pytest.mark.parametrize(
    ("name", "task", "words"),
    [
        ("error", "binary", "1.2 points"),
        ("error", "regression", "0.012"),
        ("auc", "binary", "0.012"),
        ("rmse", "regression", "0.01234"),
    ],
)
def test_a_difference_is_in_points_or_in_the_unit(name, task, words):
    """A difference of two fractions is said in percentage points."""
    assert measure_called(name, task).difference_words(0.01234) == words
    assert measure_called(name, task).difference_words(nan) == "–"
