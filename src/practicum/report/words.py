"""Numbers and findings of a summary in plain words, the same on the terminal and on the page.

What is missing or not finite is written as a dash, never as nan.
"""

from __future__ import annotations

import math
from typing import Any

from practicum.core.guide.settings import SETTINGS
from practicum.core.measures import DEFAULT, MISSING, Measure
from practicum.core.summary import Score, Summary, Trial

STATUS = {
    "patience": "stopped early",
    "diverged": "diverged",
    "num_steps": "all steps done",
    "budget": "out of time",
    "stopped": "stopped",
    "halted": "halted: others were better",
    "failed": "failed",
}
"""Why a trial ended, in words."""

VERDICT = {
    "underfits": "It underfits",
    "overfits": "It overfits",
    "balanced": "Neither under- nor overfitting stands out",
    "unclear": "Under- or overfitting: the data cannot tell",
}
"""What the fitting verdict is called."""

METRIC = {
    "error": "error (rows with the wrong class, or RMSE over the deviation)",
    "balanced_error": "balanced error (mean over the classes)",
    "log_loss": "log loss (nats a row)",
    "auc": "area under the ROC curve",
    "f1": "F1 (of the second class, or the mean over the classes)",
    "r2": "R² (share of the variance explained)",
    "mae": "mean absolute error (target's unit)",
    "rmse": "root mean squared error (target's unit)",
}
"""What the further measures are called."""


def finite(value: float | None) -> bool:
    """Return whether there is a number to show."""
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with ``digits`` significant digits, or a dash.

    Example:
        >>> number(0.0012345), number(None), number(123456.0), number(float("nan"))
        ('0.00123', '–', '123,456', '–')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.{digits}g}"


def duration(seconds: float | None) -> str:
    """Return a time as a person says it.

    Example:
        >>> duration(7.94), duration(125), duration(7322)
        ('7.9 s', '2 min 5 s', '2 h 2 min')
    """
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    if seconds < 99.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def copies(count: int) -> str:
    """Return how many rows have an exact copy in another part of the split; nothing for none.

    Example:
        >>> copies(1), copies(0)
        ('1 row has an exact copy in another part', '')
    """
    if not count:
        return ""
    return f"{count:,} {'row has' if count == 1 else 'rows have'} an exact copy in another part"


def held_out(summary: Summary) -> tuple[Score | None, str]:
    """Return the score that counts and what its rows are called: test rows, or else validation rows."""
    return (summary.test, "test") if summary.test is not None else (summary.valid, "validation")


def headline(summary: Summary) -> str:
    """Return the result in one sentence: how wrong the network is on rows that it has not seen."""
    score, rows = held_out(summary)
    if score is None or not finite(score.error):
        return (
            "No network could be trained." if summary.best_trial is None else "The network was not evaluated."
        )
    seen = "rows that it has never seen" if rows == "test" else "the validation rows"
    measure = summary.measure
    error = measure.words(score.error)
    if measure.name != DEFAULT:
        return f"On {seen} the network's {measure.title} is {error}{_of_class(summary)}{_in_unit(measure)}."
    if summary.is_regression:
        return f"On {seen} the network is off by {error} of the target's standard deviation."
    return f"The network misclassifies {error} of {seen}."


def _of_class(summary: Summary) -> str:
    """Return which class the number is of, where it is of one."""
    if summary.task != "binary" or summary.metric not in ("auc", "f1") or not summary.classes:
        return ""
    return f' (class "{summary.classes[1]}")'


def _in_unit(measure: Measure) -> str:
    return {"nats a row": " nats a row", "the target's unit": " in the target's unit"}.get(measure.unit, "")


def meaning(summary: Summary) -> str:
    """Return what the errors are, in one line."""
    return f"{summary.measure.title}: {summary.measure.meaning}"


def comparison(summary: Summary) -> str:
    """Return how the network stands to the linear model and the constant, and whether chance could explain it."""
    score, rows = held_out(summary)
    told = []
    for name, called in (("linear", "the linear model"), ("constant", "the constant")):
        baseline = summary.baseline(name)
        other = None if baseline is None else baseline.test if rows == "test" else baseline.valid
        if (
            score is None
            or baseline is None
            or other is None
            or not (finite(score.error) and finite(other.error))
        ):
            continue
        reached = summary.measure.words(other.error)
        if score.error == other.error:
            told.append(f"no different from {called} ({reached})")
            continue
        apart = score.interval[1] < other.interval[0] or other.interval[1] < score.interval[0]
        doubt = "" if apart else ", though the intervals overlap"
        if rows == "test" and baseline.difference is not None:
            doubt = "" if baseline.difference.clear else ", though chance could explain it"
        told.append(f"{'better' if score.error < other.error else 'worse'} than {called} ({reached}){doubt}")
    return f"It is {'; '.join(told)}." if told else ""


def regression_words(summary: Summary) -> str:
    """Return the share of variance explained and the typical error in the target's unit; nothing for classes."""
    found = summary.test.metrics if summary.test is not None and summary.is_regression else {}
    r2, mae = found.get("r2"), found.get("mae")
    if r2 is None or not math.isfinite(r2):
        return ""
    text = f"R² is {r2:.3f}" + (
        f": it explains {r2:.0%} of the variance" if r2 > 0 else ": it explains nothing"
    )
    return text + (f"; on average it is off by {number(mae)} in the target's unit." if finite(mae) else ".")


def committee_words(summary: Summary) -> str:
    """Return the committee's error against its members', or nothing without a test set."""
    test = summary.test
    if test is None or not test.members:
        return ""
    if len(test.members) == 1:
        return "A single network, no committee."
    measure, some = summary.measure, [member for member in test.members if math.isfinite(member)]
    spread = f" ({measure.interval_words((min(some), max(some)))})" if some else ""
    text = (
        f"The committee of {len(test.members)} reaches {measure.words(test.committee)}; its members alone "
        f"{measure.words(test.member_mean)} on average{spread}."
    )
    paired = test.difference
    if paired is None or not math.isfinite(paired.value):
        return text
    side = "below" if (paired.value < 0) != measure.higher_is_better else "above"
    return (
        f"{text} Row by row it lies {measure.difference_words(abs(paired.value))} {side} its first member: "
        f"{'beyond' if paired.clear else 'within'} what chance explains."
    )


def recipe_rows(recipe: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Return (name, value, guide id, whether it departs from the default), those that depart first."""
    rows = []
    for name, value in recipe.items():
        setting = SETTINGS.get(name)
        default = None if setting is None else setting.default
        departs = setting is None or _plain(value) != _plain(default)
        rows.append((name, value_words(value), "" if setting is None else setting.guide, departs))
    return sorted(rows, key=lambda row: not row[3])


def value_words(value: Any) -> str:
    """Return a recipe's value for people.

    Example:
        >>> value_words([128, 64]), value_words(None), value_words(True), value_words(0.031622)
        ('128, 64', 'none', 'yes', '0.0316')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(each) for each in value) or "none"
    return str(value)


def best_search_trial(summary: Summary) -> Trial | None:
    """Return the trial of the search whose setting was chosen, in its best fold; or the best of those not given up."""
    search = summary.search
    chosen = {one.number for one in search.finalists if one.chosen} if search else set()
    found = [one for one in summary.search_trials if finite(one.valid_error) and not one.diverged]
    its = [one for one in found if search and one.number // search.num_folds in chosen]
    return min(
        its or found,
        key=lambda trial: (trial.status == "halted", trial.valid_error, trial.number),
        default=None,
    )


def ties_words(summary: Summary) -> str:
    """Return why a trial with a lower error than the chosen one was not chosen; empty where there is none."""
    best = best_search_trial(summary)
    if best is None or best.valid_error is None:
        return ""
    errors = [trial.valid_error for trial in summary.search_trials if not trial.diverged]
    lower = any(error is not None and error < best.valid_error for error in errors)
    told = (
        "A lower error was not chosen: within chance, from a shorter training, or worse over several seeds."
    )
    return told if lower else ""


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
