"""The report: one HTML page that needs nothing else, safe whatever the names of columns and classes are.

User text is escaped by Jinja2, the figures' JSON so that no tag can end its script, and a content security policy
lets only the page's own two scripts run and nothing be fetched.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from practicum.core.summary import Summary
from practicum.report import words
from practicum.report.charts import errors_figure, members_figure
from practicum.report.curves import curves_figure
from practicum.report.layers import layers_figure
from practicum.report.nested_text import name_of_test, nested_words
from practicum.report.offline import embedded, own_text, plotly_script, policy
from practicum.report.predicted import Predictions, predicted_figure
from practicum.report.rates import rates_figure
from practicum.report.search_text import counts_text, values_text

MAX_LISTED = 40


def write_report(
    summary: Summary,
    record_frame: pl.DataFrame,
    path: Path,
    predictions: Predictions | None = None,
    statistics: pl.DataFrame | None = None,
) -> None:
    """Write the report of a run to ``path``.

    Args:
        summary: everything the run has to say.
        record_frame: rows of the record (:data:`practicum.core.record.SCHEMA`); may be empty.
        path: the file, replaced if it exists.
        predictions: truth and prediction of the test rows, for one more figure.
        statistics: what was measured by layer (:data:`practicum.core.record.STATISTICS`), for another.

    Source:
        Bengio 2012, 4.2-01/02 (curves over age), 2.1-02, 3.1-01, 3.2-37, 4.1-08.
    """
    path.write_text(render(summary, record_frame, predictions, statistics), encoding="utf-8", newline="\n")


def render(
    summary: Summary,
    record_frame: pl.DataFrame,
    predictions: Predictions | None = None,
    statistics: pl.DataFrame | None = None,
) -> str:
    """Return the report as text; arguments as for :func:`write_report`."""
    from jinja2 import Environment, StrictUndefined

    found = [
        errors_figure(summary),
        rates_figure(summary),
        curves_figure(summary, record_frame),
        members_figure(summary),
        None if statistics is None else layers_figure(summary, statistics),
    ]
    if predictions is not None:
        found.append(predicted_figure(summary.task, summary.target, summary.classes, predictions))
    figures = {figure.name: figure for figure in found if figure is not None}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    held, held_name = words.held_out(summary)
    javascript = own_text("page.js")
    return environment.from_string(own_text("template.html.j2")).render(
        summary=summary,
        figures={
            name: figures.get(name)
            for name in ("errors", "rates", "curves", "layers", "members", "predicted")
        },
        data=embedded(list(figures.values())),
        plotly=plotly_script(),
        javascript=javascript,
        policy=policy(plotly_script(), javascript),
        css=own_text("style.css"),
        headline=words.headline(summary),
        comparison=f"{words.regression_words(summary)} {words.comparison(summary)}".strip(),
        committee=words.committee_words(summary),
        verdict=words.VERDICT[summary.fitting.verdict] if summary.fitting else "",
        held=held,
        held_name=held_name,
        test_name=name_of_test(summary),
        nested_words=nested_words(summary),
        recipe=words.recipe_rows(summary.recipe),
        error=summary.measure.words,
        interval=summary.measure.interval_words,
        meaning=words.meaning(summary),
        number=words.number,
        duration=words.duration,
        few=_few,
        copies=words.copies(summary.split.duplicates_across),
        status=words.STATUS,
        counts=counts_text(summary.search) if summary.search else "",
        values_text=values_text,
        metric_names=words.METRIC,
    )


def _few(names: list[str]) -> str:
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more
