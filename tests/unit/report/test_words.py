"""Numbers and findings in plain words."""

from math import inf, nan

import pytest

from practicum.core.summary import BaselineScore, Paired, Score, TestScore
from practicum.report import words


def _test_score(**changes):
    given = {
        "error": 0.1438,
        "interval": (0.1355, 0.1525),
        "num_rows": 6512,
        "members": [0.15, 0.14],
        "committee": 0.1438,
        "member_mean": 0.145,
    }
    return TestScore(**(given | changes))


@pytest.mark.parametrize("function", [words.number, words.duration])
@pytest.mark.parametrize("value", [None, nan, inf])
def test_what_is_missing_is_a_dash(function, value):
    """None, nan and inf are never printed."""
    assert function(value) == "–"


def test_the_headline_says_the_error_on_unseen_rows(make_summary):
    """Classification counts rows, regression deviations."""
    assert words.headline(make_summary()) == "The network misclassifies 14.4% of rows that it has never seen."
    assert "off by 0.144 of the target's standard deviation" in words.headline(
        make_summary(task="regression")
    )


@pytest.mark.parametrize(
    ("task", "metric", "text"),
    [
        ("binary", "auc", 'the network\'s AUC is 0.856 (class ">50K").'),
        ("multiclass", "f1", "the network's macro F1 is 0.856."),
        ("binary", "balanced_error", "the network's balanced error is 14.4%."),
        ("binary", "log_loss", "the network's log loss is 0.1438 nats a row."),
        ("regression", "rmse", "the network's RMSE is 0.1438 in the target's unit."),
    ],
)
def test_the_headline_names_the_measure_that_was_chosen(make_summary, task, metric, text):
    """In its usual form, with its unit, and with the class it is of."""
    found = words.headline(make_summary(task=task, metric=metric))

    assert found == f"On rows that it has never seen {text}"


def test_a_higher_score_is_said_to_be_better(make_summary):
    """AUC and F1 are errors inside only: the network lies above what it beats."""
    summary = make_summary(metric="auc")

    assert words.comparison(summary).startswith("It is better than the linear model (0.843)")
    assert "reaches 0.856; its members alone 0.854 on average (0.853 to 0.855)" in words.committee_words(
        summary
    )
    assert "lies 0.002 above its first member" in words.committee_words(summary)
    assert words.meaning(summary).startswith("AUC: area under the ROC curve")


def test_without_a_test_set_the_headline_speaks_of_validation_rows(make_summary):
    """They have been seen by the choice, so they are named."""
    assert (
        words.headline(make_summary(test=None)) == "The network misclassifies 14.2% of the validation rows."
    )


def test_the_headline_of_nothing_is_honest(make_summary):
    """No trial: nothing trained; trials but no score: not evaluated."""
    assert words.headline(make_summary(test=None, valid=None, trials=[])) == "No network could be trained."
    assert words.headline(make_summary(test=None, valid=None)) == "The network was not evaluated."


@pytest.mark.parametrize(
    ("error", "difference", "text"),
    [
        (0.20, Paired(value=-0.05, interval=(-0.06, -0.04)), "It is better than the linear model (20.0%)."),
        (0.15, Paired(value=-0.01, interval=(-0.02, 0.01)), "(15.0%), though chance could explain it."),
        (0.15, None, "(15.0%), though the intervals overlap."),
        (0.20, None, "It is better than the linear model (20.0%)."),
        (0.10, None, "It is worse than the linear model (10.0%)."),
        (0.1438, None, "It is no different from the linear model (14.4%)."),
    ],
)
def test_the_comparison_is_row_by_row_where_it_can_be(make_summary, error, difference, text):
    """A paired interval decides; without it the two intervals do."""
    score = Score(error=error, interval=(error - 0.01, error + 0.01), num_rows=6512)
    linear = BaselineScore(name="linear", description="", test=score, difference=difference)

    assert words.comparison(make_summary(baselines=[linear])).endswith(text)


def test_without_baselines_there_is_no_comparison(make_summary):
    """Nothing to compare with, nothing said."""
    assert words.comparison(make_summary(baselines=[])) == ""


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "its members alone 14.5% on average (14.0% to 15.0%)."),
        ({"members": [nan, 0.15]}, "(15.0% to 15.0%)."),
        ({"members": [0.15]}, "A single network, no committee."),
        (
            {"difference": Paired(value=-0.01, interval=(-0.02, -0.001))},
            "Row by row it lies 1.0 points below its first member: beyond what chance explains.",
        ),
        (
            {"difference": Paired(value=0.01, interval=(-0.02, 0.03))},
            "1.0 points above its first member: within what",
        ),
    ],
)
def test_the_committee_stands_beside_its_members(make_summary, changes, text):
    """Mean, spread, and whether chance explains the difference."""
    assert text in words.committee_words(make_summary(test=_test_score(**changes)))


def test_r2_is_told_for_regression_only(make_summary):
    """With the typical error in the target's unit; silent for classes and without R²."""
    measures = {"r2": 0.815, "mae": 31234.0}
    regression = make_summary(task="regression", test=_test_score(metrics=measures))

    assert (
        "R² is 0.815: it explains 82% of the variance; on average it is off by 31,234"
        in words.regression_words(regression)
    )
    assert words.regression_words(make_summary()) == ""
    assert words.regression_words(make_summary(task="regression", test=_test_score())) == ""
    assert "explains nothing" in words.regression_words(
        make_summary(task="regression", test=_test_score(metrics={"r2": -0.2}))
    )


def test_settings_that_depart_from_the_default_come_first():
    """A default given as a list in JSON is still the default; an unknown setting departs."""
    from practicum.core.guide.settings import SETTINGS

    usual = SETTINGS["hidden_sizes"].default
    rows = words.recipe_rows({"hidden_sizes": list(usual), "momentum": 0.9, "new": None})

    assert [(name, departs) for name, _, _, departs in rows] == [
        ("momentum", True),
        ("new", True),
        ("hidden_sizes", False),
    ]
    assert rows[0][2] == "3.1-15"
    assert rows[1][1] == "none"


def test_the_best_search_trial_is_that_of_the_chosen_setting(make_summary):
    """Members are no part of the search, even where their error is lower; rates do not matter."""
    best = words.best_search_trial(make_summary())

    assert best is not None
    assert (best.phase, best.learning_rate) == ("zoom", 0.1)
    assert words.best_search_trial(make_summary(trials=[])) is None
