"""The later answers of a run on the terminal: tables and small charts in letters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from practicum.core.measures import MISSING, Measure
from practicum.core.summary import Summary
from practicum.report.answers import (
    conclusion_of,
    coupling_text,
    front_of,
    matters_of,
    ranked,
    status_of,
)
from practicum.report.search_tables import batch_sizes_section, grid_section
from practicum.report.search_text import counts_text, values_text
from practicum.report.tried import search_of_run, tried_of_run
from practicum.report.words import duration
from practicum.tuning.analysis.conclusion import Conclusion
from practicum.tuning.analysis.marginals import Marginal
from practicum.tuning.analysis.outlook import Convergence
from practicum.tuning.trial import Tried

LETTERS = 24
"""Width of a chart; tables stay readable at 80 columns."""


def search_page(summary: Summary) -> Iterable[RenderableType]:
    """Yield the whole search: what it says, every setting, every entry, the best of N.

    Raises:
        ConfigError: if the run did not search.
    """
    search, measure = search_of_run(summary), summary.measure
    tried, found = ranked(tried_of_run(summary)), conclusion_of(summary)
    yield Text(counts_text(search))
    for sentence in search.sentences:
        yield Text(f"- {sentence}")
    yield from _titled("All settings, the best first", [settings_table(tried, measure)])
    yield from _titled("Which entries matter", _importances(found))
    for marginal in found.marginals:
        yield from _titled(f"{marginal.name}: error by its value", [_marginal(marginal, measure)])
    yield from _titled("The best of N settings", _best_of(found.convergence, measure))
    yield from _titled("Values near the best", _crowds(found))
    yield from _titled("Batch sizes at equal time", batch_sizes_section(summary))
    yield from _titled("A small grid around the chosen setting", grid_section(summary))


def pareto_page(summary: Summary) -> Iterable[RenderableType]:
    """Yield the settings that no other beats in both error and cost [3.3-06].

    Raises:
        ConfigError: if the run did not search.
    """
    front = front_of(summary)
    yield settings_table(front.trials, summary.measure)
    yield Text(front.text)
    if any(one.halted for one in front.trials):
        yield Text("No training was whole: these were ended early, and weigh what they reached until then.")


def matters_page(summary: Summary, name: str | None = None) -> Iterable[RenderableType]:
    """Yield whether entries matter, with what each value reaches at its best [3.4-07].

    Raises:
        ConfigError: as for :func:`practicum.report.answers.matters_of`.
    """
    measure = summary.measure
    for found in matters_of(summary, name):
        yield Text(f"Does {found.name} matter? {found.verdict.capitalize()}.", style="bold")
        if found.levels:
            table = _table("value", "settings", f"best of {found.num_each}", "deviation", "")
            low, high = found.levels[0].best, found.levels[-1].best
            for level in found.levels:
                table.add_row(
                    level.label,
                    str(level.count),
                    measure.words(level.best),
                    measure.difference_words(level.deviation),
                    Text(bar(level.best, low, high)),
                )
            yield table
        yield Text(found.text)
        yield Text(coupling_text(summary, found.name))


def settings_table(tried: Iterable[Tried], measure: Measure) -> Table:
    """Return a table of settings: error with its standard error, core time, how it ended, values."""
    table = _table("setting", f"valid {measure.title}", "±", "core time", "ended", "values", folded="values")
    for one in tried:
        table.add_row(
            str(one.number),
            MISSING if one.diverged else measure.words(one.error),
            MISSING if one.diverged else measure.difference_words(one.standard_error),
            duration(one.cost),
            status_of(one),
            Text(values_text(one.values)),
        )
    return table


def bar(value: float, low: float, high: float, letters: int = LETTERS) -> str:
    """Return a mark on a scale from ``low`` to ``high``, nothing where there is no number.

    Example:
        >>> bar(0.5, 0.0, 1.0, 5), bar(float("nan"), 0.0, 1.0, 5)
        ('|  o  |', '')
    """
    if not math.isfinite(value):
        return ""
    place = round((letters - 1) * (value - low) / (high - low)) if high > low else 0
    return f"|{' ' * place}o{' ' * (letters - 1 - place)}|"


def _importances(found: Conclusion) -> Iterable[RenderableType]:
    if not found.importances:
        yield Text("Which entries matter cannot be told from so few settings.")
        return
    table = _table("entry", "share", "±", "")
    for one in found.importances:
        table.add_row(
            one.name,
            f"{100 * one.share:.0f} %",
            f"{100 * one.deviation:.0f}",
            Text("#" * round(LETTERS * max(one.share, 0.0)) + ("" if one.clear else " could be chance")),
        )
    yield table


def _marginal(marginal: Marginal, measure: Measure) -> Table:
    """Return the mean and the best error in each bin of an entry [3.4-03]."""
    table = _table("value", "settings", "diverged", "mean", "±", "best", "mean on a scale")
    means = [one.mean for one in marginal.bins if math.isfinite(one.mean)]
    low, high = (min(means), max(means)) if means else (0.0, 0.0)
    for one in marginal.bins:
        table.add_row(
            one.label,
            str(one.count),
            str(one.num_diverged or ""),
            measure.words(one.mean),
            measure.difference_words(one.standard_error),
            measure.words(one.best),
            Text(bar(one.mean, low, high, LETTERS // 2)),
        )
    return table


def _best_of(curve: Convergence, measure: Measure) -> Iterable[RenderableType]:
    """Yield the expected best among N settings, at sizes that double [3.4-04]."""
    if not len(curve.sizes):
        return
    low, high = float(curve.mean.min()), float(curve.mean.max())
    table = _table("N", "expected best", "deviation", "")
    for place in doubling(curve.sizes.tolist()):
        mean = float(curve.mean[place])
        table.add_row(
            str(curve.sizes[place]),
            measure.words(mean),
            measure.difference_words(float(curve.deviation[place])),
            Text(bar(mean, low, high)),
        )
    yield table
    yield Text(
        "Over all subsets of the settings that were drawn from the whole space; a longer search follows this curve."
    )


def doubling(sizes: Sequence[int]) -> list[int]:
    """Return the places of 1, 2, 4, … (or the next size there is) and of the last.

    Example:
        >>> doubling([1, 2, 3, 4, 5, 6])
        [0, 1, 3, 5]
    """
    places, wanted = [], 1
    for place, size in enumerate(sizes):
        if size >= wanted or place == len(sizes) - 1:
            places.append(place)
            wanted = 2 * size
    return places


def _crowds(found: Conclusion) -> Iterable[RenderableType]:
    if not found.crowds:
        return
    table = _table("entry", "best", "values near it", "")
    for one in found.crowds:
        table.add_row(
            one.name,
            f"{one.best:.3g}",
            str(one.num_near),
            "" if one.enough else f"{one.num_needed} are needed [3.3-04]",
        )
    yield table


def _titled(title: str, parts: Iterable[RenderableType]) -> Iterable[RenderableType]:
    """Yield a title and parts after it; nothing where there are none."""
    some = list(parts)
    if some:
        yield Text("")
        yield Text(title, style="bold")
        yield from some


def _table(*names: str, folded: str | None = None) -> Table:
    """Return a table without lines; numbers stand right, the last column and text left."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False)
    for place, name in enumerate(names):
        left = place in (0, len(names) - 1) or name == "ended"
        if name == folded:
            table.add_column(name, overflow="fold")
        else:
            table.add_column(name, justify="left" if left else "right", no_wrap=True)
    return table
