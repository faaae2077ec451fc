"""The picture of the sweep over ε: as a figure, as a page, as SVG [4.1-03]."""

from __future__ import annotations

import html
import math
import re
import xml.etree.ElementTree as ET

import pytest

from practicum.checks.epsilon_sweep import EpsilonSweep
from practicum.report.epsilon_chart import epsilon_chart, sweep_figure

RIGHT = EpsilonSweep(
    2.0,
    tuple((10.0**-k, max(10.0**-k, 1e-16 * 10**k), max(10.0 ** (-2 * k), 1e-16 * 10**k)) for k in range(13)),
)
WRONG = EpsilonSweep(2.0, tuple((10.0**-k, 0.2, 0.1) for k in range(13)))
SVG = "{http://www.w3.org/2000/svg}"


def marks(text):
    """Return how far down the marks of both curves lie, from left to right, those of the legend left out."""
    tree = ET.fromstring(text)
    squares = [float(one.get("y")) for one in tree.iter(f"{SVG}rect") if one.get("width") == "7"]
    circles = [float(one.get("cy")) for one in tree.iter(f"{SVG}circle")]
    return squares[:-1], circles[:-1]


def test_the_figure_is_valid(check_valid):
    """Both axes logarithmic, ε shrinking to the right, the chapter's step marked."""
    figure = sweep_figure(RIGHT)

    check_valid(figure)
    assert [trace["name"] for trace in figure.data] == ["forward differences", "central differences"]
    assert figure.layout["xaxis"]["autorange"] == "reversed"
    assert figure.layout["shapes"][0]["x0"] == 1e-4
    assert figure.guide == ("4.1-02", "4.1-03")


def test_errors_fall_and_rise_in_the_svg():
    """Central ones below forward ones as far as digits reach; lower is further down."""
    forward, central = marks(epsilon_chart(RIGHT, ".svg"))
    lowest = central.index(max(central))

    assert len(forward) == len(central) == 13
    assert 0 < lowest < 12
    assert central[: lowest + 1] == sorted(central[: lowest + 1])
    assert central[lowest:] == sorted(central[lowest:], reverse=True)
    assert all(c > f for f, c in zip(forward[1:lowest], central[1:lowest], strict=True))


def test_the_chapters_step_is_marked_in_the_svg():
    """By a dotted line at its place, and in words."""
    tree = ET.fromstring(epsilon_chart(RIGHT, ".svg"))
    [line] = [one for one in tree.iter(f"{SVG}line") if one.get("stroke-dasharray")]
    circles = [one.get("cx") for one in tree.iter(f"{SVG}circle")]

    assert line.get("x1") == circles[4]
    assert "ε = 1e-04" in [one.text for one in tree.iter(f"{SVG}text")]


def test_a_wrong_backward_pass_is_not_praised():
    """The title says what is seen."""
    for suffix in (".svg", ".html"):
        assert "No ε brings the error down" in epsilon_chart(WRONG, suffix)
        assert "The error falls" not in epsilon_chart(WRONG, suffix)


def test_the_page_needs_nothing_else():
    """No address in it is fetched, and its scripts are the only ones that may run."""
    page = epsilon_chart(RIGHT, ".html")

    assert "default-src 'none'" in html.unescape(page)
    assert not re.search(r'(src|href)="', page.split("<script", 1)[0])
    assert '<div class="plot" id="epsilon"' in page


@pytest.mark.parametrize("suffix", [".svg", ".html"])
def test_errors_that_no_axis_can_have_break_nothing(suffix):
    """Nought is drawn at the last digit of a double, infinity is left out."""
    odd = EpsilonSweep(1.0, ((1e-3, math.inf, 1e-6), (1e-4, math.nan, 0.0)))

    assert "1e-04" in epsilon_chart(odd, suffix)
    assert sweep_figure(odd).data[0]["y"] == [None, None]
