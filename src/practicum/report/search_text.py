"""The search on the terminal: what was tried, what it says, the finals; and its tables, asked for one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from practicum.core.measures import MISSING
from practicum.core.summary import Search, Summary, Trial
from practicum.report.search_tables import grid_section
from practicum.report.words import duration, finite, value_words

NUM_SHOWN = 5
"""Best settings listed in the summary."""


def search_section(summary: Summary) -> Iterable[RenderableType]:
    """Yield what the summary says of the search; nothing where none was made."""
    search = summary.search
    if search is None:
        return
    yield Text(counts_text(search))
    for sentence in search.sentences:
        yield Text(f"- {sentence}")
    yield settings_table(summary, best_settings(summary)[:NUM_SHOWN])
    if search.batch_sizes is not None:
        yield Text(search.batch_sizes.text)
    yield from finals_section(summary, search)
    yield from grid_section(summary)


def counts_text(search: Search) -> str:
    """Return how many settings were tried, how many left early or diverged, and why the search ended.

    Example:
        >>> counts_text(Search(strategy="zoom", num_settings=48, num_halted=30, num_diverged=4, end="enough was tried"))
        '48 settings (zoom): 30 halted since others were better, 4 diverged. It ended because enough was tried.'
    """
    folds = f", each in {search.num_folds} folds" if search.num_folds > 1 else ""
    text = f"{search.num_settings} settings ({search.strategy}{folds}): {search.num_halted} halted since others were "
    text += f"better{_stopped_text(search)}, {search.num_diverged} diverged."
    return text + (f" It ended because {search.end}." if search.end else "")


def _stopped_text(search: Search) -> str:
    """Return how many settings a diagnosis stopped, and for what; empty for none."""
    if not search.stopped:
        return ""
    faults = Counter(reason.partition(":")[0] for reason in search.stopped.values())
    told = "; ".join(f"{count} {fault}" for fault, count in faults.most_common())
    return f", {len(search.stopped)} stopped by diagnosis ({told})"


def best_settings(summary: Summary) -> list[Trial]:
    """Return the settings of the search, the best first, those that were given up after the others.

    Each is its first training; where settings were trained in folds, with the mean error and all that it cost.
    """
    num_folds = 1 if summary.search is None else summary.search.num_folds
    settings: dict[int, list[Trial]] = {}
    for trial in sorted(summary.search_trials, key=lambda one: one.number):
        settings.setdefault(trial.number // num_folds, []).append(trial)
    usable = [
        _together(some) for some in settings.values() if len(some) == num_folds and all(map(_reached, some))
    ]
    return sorted(usable, key=lambda one: (one.status == "halted", one.valid_error, one.number))


def _reached(trial: Trial) -> bool:
    return finite(trial.valid_error) and not trial.diverged


def _together(folds: list[Trial]) -> Trial:
    """Return the first of a setting's trainings, with the mean of their errors and the sum of their costs."""
    errors = [trial.valid_error for trial in folds if trial.valid_error is not None]
    halted = next((trial for trial in folds if trial.status == "halted"), folds[0])
    found = {"valid_error": sum(errors) / len(errors), "seconds": sum(trial.seconds for trial in folds)}
    return folds[0].model_copy(update={**found, "status": halted.status})


def settings_table(summary: Summary, trials: Iterable[Trial]) -> Table:
    """Return a table of trials: number, validation error, cost, and values."""
    trials = list(trials)
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("trial", justify="right", no_wrap=True)
    table.add_column(f"valid {summary.measure.title}", justify="right", no_wrap=True)
    table.add_column("core time", justify="right", no_wrap=True)
    table.add_column("values", overflow="fold")
    for trial in trials:
        error = MISSING if trial.valid_error is None else summary.measure.words(trial.valid_error)
        table.add_row(str(trial.number), error, duration(trial.seconds), Text(values_text(trial.values)))
    return table


def values_text(values: Mapping[str, Any]) -> str:
    """Return values as a person reads them.

    Example:
        >>> values_text({"learning_rate": 0.031622, "activation": "relu"})
        'learning_rate 0.0316, activation relu'
    """
    return ", ".join(f"{name} {value_words(value)}" for name, value in values.items())


def finals_section(summary: Summary, search: Search) -> Iterable[RenderableType]:
    """Yield the finalists with their intervals over seeds, and how they compare."""
    if not search.finalists:
        return
    count = len(search.finalists[0].errors)
    times = "once" if count == 1 else f"{count} times"
    yield Text(f"Finals: the best {len(search.finalists)}, each trained {times}.", style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column(f"mean valid {summary.measure.title}", justify="right", no_wrap=True)
    table.add_column("95% interval over seeds", justify="right", no_wrap=True)
    table.add_column("values", overflow="fold")
    for finalist in search.finalists:
        table.add_row(
            "chosen" if finalist.chosen else "",
            summary.measure.words(finalist.mean),
            summary.measure.interval_words(finalist.interval) if count > 1 else MISSING,
            Text(values_text(finalist.values)),
        )
    yield table
    yield Text(search.comparison)
