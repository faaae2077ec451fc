"""Under- or overfitting: each verdict fires on a hand-made case, is silent on another, and at the limit."""

from math import inf, nan

import polars as pl
import pytest

from practicum.core.summary import Score
from practicum.diagnose.fitting import (
    CUT_SHORT_ADVICE,
    LARGE_GAP,
    OVERFITTING_ADVICE,
    STILL_FALLING,
    UNDERFITTING_ADVICE,
    Curve,
    curve_of,
    fitting_verdict,
    rate_ratio_text,
)


def _score(error: float, half: float = 0.005, rows: int = 10_000) -> Score:
    return Score(error=error, interval=(max(0.0, error - half), error + half), num_rows=rows)


@pytest.mark.parametrize(
    ("train", "held", "half", "verdict"),
    [
        (0.02, 0.10, 0.005, "overfits"),
        (0.00, 0.03, 0.005, "overfits"),
        (0.10, 0.105, 0.005, "balanced"),
        (0.10, 0.09, 0.005, "balanced"),
        (0.00, 0.00, 0.005, "balanced"),
        (0.10, 0.20, 0.200, "unclear"),
        (0.20, 0.21, 0.100, "unclear"),
    ],
)
def test_the_verdict_follows_gap_and_intervals(train: float, held: float, half: float, verdict: str):
    """Large and clear: overfits; small and clear: balanced; hidden in wide intervals: unclear."""
    found = fitting_verdict("binary", train=_score(train, half), valid=_score(0.5), test=_score(held, half))

    assert found.verdict == verdict


def test_a_gap_just_inside_the_limit_is_silent_and_at_the_limit_fires():
    """The limit is a quarter of the held-out error."""
    held = _score(0.4, half=0.001)
    inside = _score(0.4 * (1 - LARGE_GAP) + 1e-6, half=0.001)
    beyond = _score(0.4 * (1 - LARGE_GAP) - 1e-6, half=0.001)

    assert fitting_verdict("binary", train=inside, valid=held).verdict == "balanced"
    assert fitting_verdict("binary", train=beyond, valid=held).verdict == "overfits"


@pytest.mark.parametrize(("half", "verdict"), [(0.05, "overfits"), (0.09, "unclear")])
def test_a_large_gap_needs_intervals_that_leave_out_zero(half: float, verdict: str):
    """The same gap of 0.1 is a verdict with narrow intervals only."""
    found = fitting_verdict("binary", train=_score(0.1, half), valid=_score(0.2, half))

    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("constant", "linear", "curve", "verdict"),
    [
        (0.5, 0.28, None, "underfits"),
        (0.5, 0.30, None, "balanced"),
        (0.304, 0.4, None, "underfits"),
        (0.306, 0.4, None, "balanced"),
        (0.5, 0.4, Curve(cut_short=True, late_fall=STILL_FALLING + 1e-6, rise=0.0), "underfits"),
        (0.5, 0.4, Curve(cut_short=True, late_fall=STILL_FALLING, rise=0.0), "balanced"),
        (0.5, 0.4, Curve(cut_short=False, late_fall=0.2, rise=0.0), "balanced"),
    ],
)
def test_underfitting_has_three_signs(constant: float, linear: float, curve: Curve | None, verdict: str):
    """Worse than the line on its own rows, no better than the constant, cut short while falling."""
    found = fitting_verdict(
        "binary",
        train=_score(0.30),
        valid=_score(0.31),
        constant_error=constant,
        linear_error=linear,
        curve=curve,
    )

    assert found.verdict == verdict


@pytest.mark.parametrize(("error", "verdict"), [(0.0, "balanced"), (0.01, "underfits")])
def test_a_network_without_an_error_does_not_underfit(error: float, verdict: str):
    """A loss that still falls then only makes right answers surer; else more time is the first advice."""
    curve = Curve(cut_short=True, late_fall=0.2, rise=0.0)
    found = fitting_verdict("binary", train=_score(error), valid=_score(error), curve=curve)

    assert found.verdict == verdict
    assert (found.advice == list(CUT_SHORT_ADVICE)) is (verdict == "underfits")


def test_the_test_set_counts_before_the_validation_set():
    """Validation is optimistic; with a test set it has no say and is not named."""
    found = fitting_verdict("binary", train=_score(0.02), valid=_score(0.02), test=_score(0.10))

    assert found.verdict == "overfits"
    assert "test error 10.0%" in found.text
    assert "validation error" not in found.text


def test_the_text_gives_the_numbers_and_the_chapters_advice():
    """Both errors, the gap with its interval, its share; more data leads the list."""
    found = fitting_verdict(
        "binary",
        train=_score(0.02),
        valid=_score(0.10),
        curve=Curve(cut_short=False, late_fall=0.0, rise=0.3),
    )

    assert (
        "Training error 2.0%, validation error 10.0%: a gap of 8.0 points (95% interval 7.3 points"
        in found.text
    )
    assert "80% of the validation error" in found.text
    assert "ended 30% above its minimum" in found.text
    assert found.advice == list(OVERFITTING_ADVICE)
    assert "more training rows" in found.advice[0]


def test_regression_is_worded_as_a_share_of_the_deviation():
    """No per cent sign on a ratio of deviations, apart from the interval's level."""
    found = fitting_verdict("regression", train=_score(0.30), valid=_score(0.31))

    assert "Training error 0.300, validation error 0.310" in found.text
    assert "points" not in found.text


@pytest.mark.parametrize("error", [nan, inf])
def test_a_diverged_network_is_a_difficulty_of_optimisation(error: float):
    """The advice starts with bugs."""
    found = fitting_verdict(
        "binary", train=Score(error=error, interval=(0, 1), num_rows=5), valid=_score(0.1)
    )

    assert found.verdict == "underfits"
    assert found.advice == list(UNDERFITTING_ADVICE)


def test_an_unbounded_interval_is_unclear():
    """Two rows of regression say nothing, in words."""
    held = Score(error=0.5, interval=(0.0, inf), num_rows=2)
    found = fitting_verdict("regression", train=_score(0.49), valid=held)

    assert found.verdict == "unclear"
    assert "to unbounded)" in found.text


def _frame(losses: list[float]) -> pl.DataFrame:
    return pl.DataFrame(
        {"trial": [3] * len(losses), "age": [10 * i for i in range(len(losses))], "valid_loss": losses}
    )


def test_a_curve_that_rises_again_shows_its_rise_and_no_late_fall():
    """The minimum lies early; the end is twice as high."""
    assert curve_of(_frame([5.0, 2.0, 1.0, 1.5, 1.8, 2.0]), 3, cut_short=False) == Curve(False, 0.0, 1.0)


def test_a_curve_that_still_falls_shows_by_how_much():
    """From 2 before the last fifth to 1 in it: one half."""
    assert curve_of(_frame([5.0, 4.0, 3.0, 2.5, 2.0, 1.0]), 3, cut_short=True) == Curve(True, 0.5, 0.0)


@pytest.mark.parametrize("losses", [[], [1.0, 0.5, 0.4, 0.3], [1.0, nan, nan, nan, nan, nan]])
def test_too_few_validations_say_nothing(losses: list[float]):
    """Fewer than five finite losses: None; so do those of another trial."""
    assert curve_of(_frame(losses), 3, cut_short=False) is None
    assert curve_of(_frame([1.0] * 9), 0, cut_short=False) is None


def test_a_loss_of_zero_is_no_trouble():
    """Nothing is divided by zero."""
    assert curve_of(_frame([1.0, 0.0, 0.0, 0.0, 0.0]), 3, cut_short=False) == Curve(False, 0.0, 0.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.5, 0.5, 1.0), "1 times the largest that did not diverge, 0.5: within the factor of 2"),
        ((0.25, 0.5, 1.0), "within the factor of 2"),
        ((0.24, 0.5, 1.0, 2.0), "neighbouring rates differ by a factor of 2, so that agrees"),
        ((0.24, 0.5, 1.0, 1.0), "lower than the factor of 2"),
        ((0.01, 0.5, 1.0, 2.0), "0.02 times .* lower than the factor of 2"),
        ((0.1, 1.0, None), "No rate up to 1 diverged, so the largest stable one is not known"),
        ((0.1, None, 0.1), "Every rate tried diverged"),
    ],
)
def test_the_ratio_of_rates_is_told_in_words(arguments: tuple[float, ...], words: str):
    """At the limit, just inside it, beyond it, and where one side is not known."""
    import re

    assert re.search(words, rate_ratio_text(*arguments))


def test_the_verdict_speaks_of_the_measure_that_was_chosen():
    """The gap is judged by what is minimised and told as people know it."""
    found = fitting_verdict("binary", train=_score(0.02), test=_score(0.10), valid=_score(0.10), metric="auc")

    assert found.verdict == "overfits"
    assert found.text.startswith("Training AUC 0.980, test AUC 0.900: a gap of 0.080")
    assert "of what the test AUC lacks to 1" in found.text
