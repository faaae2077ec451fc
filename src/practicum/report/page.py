"""The report: one HTML page that needs nothing else, safe whatever the names of columns and classes are.

User text is escaped by Jinja2, the figures' JSON so that no tag can end its script, and a content security policy
lets only the page's own two scripts run and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from practicum.core.summary import Summary
from practicum.report import words
from practicum.report.charts import Figure, errors_figure, members_figure
from practicum.report.curves import curves_figure
from practicum.report.nested_text import name_of_test, nested_words
from practicum.report.predicted import Predictions, predicted_figure
from practicum.report.rates import rates_figure
from practicum.report.search_text import counts_text, values_text

MAX_LISTED = 40


def write_report(
    summary: Summary, record_frame: pl.DataFrame, path: Path, predictions: Predictions | None = None
) -> None:
    """Write the report of a run to ``path``.

    Args:
        summary: everything the run has to say.
        record_frame: rows of the record (:data:`practicum.core.record.SCHEMA`); may be empty.
        path: the file, replaced if it exists.
        predictions: truth and prediction of the test rows, for one more figure.

    Source:
        Bengio 2012, 4.2-01/02 (curves over age), 2.1-02, 3.1-01, 3.2-37, 4.1-08.
    """
    path.write_text(render(summary, record_frame, predictions), encoding="utf-8", newline="\n")


def render(summary: Summary, record_frame: pl.DataFrame, predictions: Predictions | None = None) -> str:
    """Return the report as text; arguments as for :func:`write_report`."""
    from jinja2 import Environment, StrictUndefined

    found = [
        errors_figure(summary),
        rates_figure(summary),
        curves_figure(summary, record_frame),
        members_figure(summary),
    ]
    if predictions is not None:
        found.append(predicted_figure(summary.task, summary.target, summary.classes, predictions))
    figures = {figure.name: figure for figure in found if figure is not None}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    held, held_name = words.held_out(summary)
    javascript = _own("page.js")
    return environment.from_string(_own("template.html.j2")).render(
        summary=summary,
        figures={name: figures.get(name) for name in ("errors", "rates", "curves", "members", "predicted")},
        data=embedded(list(figures.values())),
        plotly=_plotly(),
        javascript=javascript,
        policy=_policy(_plotly(), javascript),
        css=_own("style.css"),
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


def embedded(figures: list[Figure]) -> str:
    """Return the figures as JSON that may stand inside a script element: no character of it can end or open one.

    Example:
        >>> "</script>" in embedded([Figure("a", "</script><!--", "", (), [])])
        False
    """
    kept = [
        {key: value for key, value in asdict(each).items() if key not in ("caption", "guide")}
        for each in figures
    ]
    text = json.dumps(kept, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(*scripts: str) -> str:
    """Return the content security policy: only these scripts, nothing fetched from anywhere."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:"


def _few(names: list[str]) -> str:
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more


@cache
def _own(name: str) -> str:
    """Return a text file that lies beside this module."""
    return files("practicum.report").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    text: str = get_plotlyjs()
    return text
