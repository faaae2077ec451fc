"""The page of a watched loop: verdict first, then each finding, then the figures; one file that works offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from practicum.core.finding import Finding
from practicum.core.guide import GUIDE
from practicum.diagnose.rules.every import RULES
from practicum.monitor.facts import Facts
from practicum.monitor.loop_record import LoopRecord
from practicum.report.loop_figures import loop_figures
from practicum.report.offline import embedded, own_text, plotly_script, policy


def write_loop_report(facts: Facts, findings: Sequence[Finding], path: Path) -> None:
    """Write the page of a loop to ``path``.

    Args:
        facts: what was seen.
        findings: what is wrong, the gravest first.
        path: the file, replaced if it exists.

    Source:
        Bengio 2012, 4.2-01, 4.2-02, 4.2-11, 4.2-13.
    """
    path.write_text(render_loop(facts, findings), encoding="utf-8", newline="\n")


def render_loop(facts: Facts, findings: Sequence[Finding]) -> str:
    """Return the page as text."""
    from jinja2 import Environment, StrictUndefined

    record = LoopRecord(facts)
    figures = loop_figures(facts, record)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    javascript = own_text("page.js")
    return environment.from_string(own_text("loop.html.j2")).render(
        facts=facts,
        findings=findings,
        figures=figures,
        headline=headline(facts, findings),
        titles={rule.id: rule.title for rule in RULES},
        faults={
            key.removeprefix("fault-"): one.title for key, one in GUIDE.items() if key.startswith("fault-")
        },
        settings=_last_settings(record),
        data=embedded(figures),
        plotly=plotly_script(),
        javascript=javascript,
        policy=policy(plotly_script(), javascript),
        css=own_text("style.css"),
    )


def _last_settings(record: LoopRecord) -> list[dict[str, object]]:
    """Return what each group was set to at the last look."""
    table = record.settings
    return [] if table.is_empty() else table.filter(table["step"] == table["step"].max()).to_dicts()


def headline(facts: Facts, findings: Sequence[Finding]) -> str:
    """Return the verdict in one sentence.

    Example:
        >>> headline(Facts(), ())
        'Nothing was seen.'
    """
    if not facts.num_steps:
        return "Nothing was seen."
    grave = [one for one in findings if one.severity != "info"]
    if not grave:
        return "It looks healthy."
    fault = grave[0].causes[0][0]
    more = f" ({len(grave)} findings)" if len(grave) > 1 else ""
    title = GUIDE[f"fault-{fault}"].title if f"fault-{fault}" in GUIDE else grave[0].rule
    return f"Something is wrong: {title.removesuffix('.')}{more}."
