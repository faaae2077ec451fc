"""A page of figures alone: one HTML file that needs nothing else, as safe as the report."""

from __future__ import annotations

from collections.abc import Sequence

from practicum.report.charts import Figure
from practicum.report.offline import embedded, own_text, plotly_script, policy


def render_figures(title: str, figures: Sequence[Figure]) -> str:
    """Return a page of figures as text.

    Args:
        title: what they show.
        figures: in their order.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    javascript = own_text("page.js")
    return environment.from_string(own_text("figures.html.j2")).render(
        title=title,
        figures=figures,
        data=embedded(list(figures)),
        plotly=plotly_script(),
        javascript=javascript,
        policy=policy(plotly_script(), javascript),
        css=own_text("style.css"),
    )
