"""The curve of error over learning rate in letters: one row a rate, a mark on a scale of errors."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from practicum.core.measures import MISSING
from practicum.core.summary import Summary, Trial
from practicum.report.words import best_search_trial, finite, number, ties_words

MARKS = {"wide": "o", "extended": "e", "zoom": "z"}
"""The mark of each phase; the best is a star, a diverged trial an x at the right."""

FIXED_WIDTH = 32  # of the other columns
MIN_SCALE, MAX_SCALE = 10, 60


def rate_chart(summary: Summary, width: int) -> Table:
    """Return the chart as a table without lines.

    Args:
        summary: of the run; the trials of its search are drawn, slowest rate first.
        width: letters a line may have.
    """
    trials, best = summary.search_trials, best_search_trial(summary)
    errors = [trial.valid_error for trial in trials if _shown(trial) and trial.valid_error is not None]
    low, high = (min(errors), max(errors)) if errors else (0.0, 0.0)
    letters = max(MIN_SCALE, min(MAX_SCALE, width - FIXED_WIDTH))
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("rate", justify="right", no_wrap=True)
    table.add_column(f"valid {summary.measure.title}", justify="right", no_wrap=True)
    table.add_column(_axis(summary, low, high, letters), no_wrap=True)
    table.add_column("", no_wrap=True)
    for trial in trials:
        is_best = best is not None and trial.number == best.number
        if trial.diverged:
            told, line = "diverged", " " * (letters - 1) + "x"
        elif _shown(trial) and trial.valid_error is not None:
            told = summary.measure.words(trial.valid_error)
            place = round((letters - 1) * (trial.valid_error - low) / (high - low)) if high > low else 0
            line = " " * place + ("*" if is_best else MARKS[trial.phase])
        else:
            told, line = MISSING, ""
        style = "bold" if is_best else ""
        table.add_row(
            number(trial.learning_rate),
            told,
            Text(f"|{line:<{letters}}|"),
            "best" if is_best else "",
            style=style,
        )
    used = [
        f"{mark} {phase}" for phase, mark in MARKS.items() if any(trial.phase == phase for trial in trials)
    ]
    legend = ", ".join([*used, "* best", "x diverged"])
    table.caption = Text(f"{legend}. {ties_words(summary)}".rstrip())
    table.caption_justify = "left"
    return table


def _shown(trial: Trial) -> bool:
    return not trial.diverged and finite(trial.valid_error)


def _axis(summary: Summary, low: float, high: float, letters: int) -> Text:
    """Return the scale's two ends."""
    if high <= low:
        return Text(" ")
    left, right = summary.measure.words(low), summary.measure.words(high)
    return Text(f" {left}{right:>{max(letters - len(left), len(right) + 1)}}")
