"""A page of figures: safe, and whole without anything else."""

from __future__ import annotations

import html
import json
import re

from practicum.report.charts import Figure
from practicum.report.figures_page import render_figures

EVIL = "</script><img src=x onerror=alert(1)>"
FIGURES = [
    Figure(
        "first", f"One {EVIL}.", "How to read it.", ("4.1-03",), [{"type": "scatter", "x": [1], "y": [2]}]
    ),
    Figure("second", "Two.", EVIL, (), []),
]


def test_each_figure_has_its_place_title_and_caption():
    """In their order; keys of the guide stand beside."""
    page = render_figures("Both", FIGURES)

    assert re.findall(r'<div class="plot" id="(\w+)"', page) == ["first", "second"]
    assert 'How to read it. <span class="guide">[4.1-03]</span>' in page
    assert "<title>Both – practicum</title>" in page


def test_no_text_becomes_a_tag():
    """Neither in the page nor in the figures' data, which are read again as they were."""
    page = render_figures(EVIL, FIGURES)
    data = re.search(r'<script type="application/json" id="figures">(.*?)</script>', page)

    assert "<img" not in page.split("<script", 1)[0]
    assert json.loads(data[1])[0]["title"] == FIGURES[0].title


def test_only_its_own_scripts_may_run():
    """Nothing is fetched from anywhere."""
    page = html.unescape(render_figures("Both", FIGURES))

    assert "default-src 'none'; script-src 'sha256-" in page
    assert page.count("<script") == 3
