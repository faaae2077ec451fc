"""The summary on the terminal: plain sections, readable at 80 columns, nothing said by colour alone.

Text of the user (names of columns, classes, paths) is never read as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from practicum.core.measures import MISSING
from practicum.core.summary import Summary
from practicum.report import words
from practicum.report.nested_text import name_of_test, nested_words
from practicum.report.search_text import search_section
from practicum.report.textchart import rate_chart

MOST_DRAWN = 24
"""With more trials the chart of rates is left to the report."""

Section = Callable[[Summary], Iterable[RenderableType]]


def print_summary(summary: Summary, console: Console) -> None:
    """Print everything a run has to say.

    Args:
        summary: of a finished or interrupted run.
        console: where to; its width decides the layout (made for 80 and more).

    Source:
        The report names 2.1-02 (rates), 3.2-37 (committee), 4.1-08 (fit) and 4.2-14 (error bars).
    """
    sections: list[tuple[str, Section]] = [
        ("Result", _result),
        ("Data", _data),
        ("Baselines", _baselines),
        ("Search", search_section),
        ("Learning rate", lambda found: _rates(found, console.width)),
        ("Recipe", _recipe),
        ("Errors", _errors),
        ("Nested cross-validation", lambda found: map(Text, nested_words(found))),
        ("Fit", _fit),
        ("Notes", lambda found: _bullets(found.notes)),
        ("Saved", _saved),
    ]
    for title, section in sections:
        parts = [part for part in section(summary) if not isinstance(part, Text) or part.plain]
        if parts:
            console.print(Text(title, style="bold"))
            console.print(Padding(Group(*parts), (0, 0, 1, 2), expand=False))


def _result(summary: Summary) -> Iterable[RenderableType]:
    score, _ = words.held_out(summary)
    yield Text(words.headline(summary), style="bold")
    if score is not None:
        yield Text(
            f"95% interval {summary.measure.interval_words(score.interval)}, from {score.num_rows:,} rows."
        )
    yield Text(words.regression_words(summary))
    yield Text(words.comparison(summary))
    if summary.interrupted:
        yield Text("Interrupted: this is the best found until then.")


def _data(summary: Summary) -> Iterable[RenderableType]:
    rows, split = summary.rows, summary.split
    kinds = ", ".join(f"{count} {kind}" for kind, count in summary.columns_by_kind.items()) or MISSING
    aside = [f"{column.name} ({column.note or column.kind})" for column in summary.set_aside]
    missing = sum(column.missing for column in summary.columns if column.role == "input")
    how = f"{split.method}" + (f" by {split.column}" if split.column else "")
    how += f", seed {split.seed}" if split.seed is not None else ""
    yield _pairs(
        [
            ("file", summary.source + (f"; test: {summary.test_source}" if summary.test_source else "")),
            ("predict", f"{summary.target} ({summary.task})"),
            ("classes", _few(summary.classes or [])),
            ("inputs", f"{kinds}; {missing:,} missing values"),
            ("set aside", _few(aside)),
            (
                "rows",
                f"{rows.total:,}" + f", {rows.without_target:,} without a target" * bool(rows.without_target),
            ),
            ("split", f"train {rows.train:,}, valid {rows.valid:,}, test {rows.test:,} ({how})"),
            ("copies", words.copies(split.duplicates_across)),
        ]
    )


def _baselines(summary: Summary) -> Iterable[RenderableType]:
    rows = []
    for baseline in summary.baselines:
        score = baseline.test if summary.test is not None else baseline.valid
        reached = MISSING
        if score is not None:
            ends = summary.measure.interval_words(score.interval)
            reached = f"{summary.measure.words(score.error)} ({ends}): "
        rows.append((baseline.name, reached + baseline.description))
    if rows:
        yield _pairs(rows)


def _rates(summary: Summary, width: int) -> Iterable[RenderableType]:
    rate = summary.learning_rate
    if rate is None:
        yield Text("fixed by the recipe, nothing searched")
        return
    if len(summary.search_trials) <= MOST_DRAWN:
        yield rate_chart(summary, width - 2)
    yield Text(rate.text)


def _recipe(summary: Summary) -> Iterable[RenderableType]:
    rows = words.recipe_rows(summary.recipe)
    chosen = [(name, value) for name, value, _, departs in rows if departs]
    rest = [f"{name} {value}" for name, value, _, departs in rows if not departs]
    if chosen:
        yield _pairs(chosen)
    if rest:
        yield Text(f"by default: {', '.join(rest)}", style="dim")


def _errors(summary: Summary) -> Iterable[RenderableType]:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False)
    for heading in ("", summary.measure.title, "95% interval", "rows"):
        table.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    entries = [("train", summary.train), ("valid (chosen on it: optimistic)", summary.valid)]
    for name, score in [*entries, (name_of_test(summary), summary.test)]:
        if score is None:
            table.add_row(Text(name), MISSING, MISSING, MISSING)
            continue
        table.add_row(
            Text(name, style="bold" if score is summary.test else ""),
            summary.measure.words(score.error),
            summary.measure.interval_words(score.interval),
            f"{score.num_rows:,}",
        )
    yield table
    yield Text(words.meaning(summary), style="dim")
    yield Text(words.committee_words(summary))
    if summary.test is not None:
        yield _pairs(
            [
                (words.METRIC.get(name, name), words.number(value))
                for name, value in summary.test.metrics.items()
            ]
        )


def _fit(summary: Summary) -> Iterable[RenderableType]:
    fitting = summary.fitting
    if fitting is None:
        return
    yield Text(f"{words.VERDICT[fitting.verdict]} [4.1-08].", style="bold")
    yield Text(fitting.text)
    yield from _bullets(fitting.advice)


def _saved(summary: Summary) -> Iterable[RenderableType]:
    budget = "" if summary.budget_seconds is None else f" of {words.duration(summary.budget_seconds)}"
    yield _pairs(
        [
            ("folder", summary.run),
            *((name, summary.files[name]) for name in ("report", "recipe") if name in summary.files),
            ("again", summary.command),
            ("time", words.duration(summary.seconds) + budget),
        ]
    )


def _pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Return names and values in two columns; empty values are left out, long ones folded."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(Text(name), Text(value))
    return table


def _bullets(texts: Iterable[str]) -> Iterable[RenderableType]:
    for text in texts:
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(width=1)
        table.add_column(overflow="fold")
        table.add_row("-", Text(text))
        yield table


def _few(names: list[str], most: int = 12) -> str:
    """Return the names, the first few of very many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
