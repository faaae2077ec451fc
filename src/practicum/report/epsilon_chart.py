"""The picture of how finite differences err as ε shrinks: an SVG, or a page with a figure to point at.

Source: Bengio 2012, 4.1-02 and 4.1-03.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from practicum.checks.differences import EPSILON
from practicum.checks.epsilon_sweep import LOWEST, EpsilonSweep
from practicum.report.charts import Figure, Trace
from practicum.report.figures_page import render_figures

SERIES = (
    ("forward differences", 1, "--baseline", "square"),
    ("central differences", 2, "--network", "circle"),
)
"""Name, place in a row of the sweep, colour and mark of each curve."""

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 380, 64, 20, 56, 48
INK, FAINT, NOTE = "#333333", "#dddddd", "#b2182b"
COLOURS = {"--baseline": "#5f6873", "--network": "#0072b2"}


def epsilon_chart(sweep: EpsilonSweep, suffix: str) -> str:
    """Return the picture as the text of a file.

    Args:
        sweep: errors of forward and of central differences for each ε.
        suffix: ".svg", or ".html" for a page that needs nothing else.

    Source:
        Bengio 2012, 4.1-03.

    Example:
        >>> epsilon_chart(EpsilonSweep(1.0, ((1e-3, 1e-3, 1e-6), (1e-4, 1e-4, 1e-8))), ".svg")[:4]
        '<svg'
    """
    return (
        _svg(sweep)
        if suffix == ".svg"
        else render_figures("How finite differences err", [sweep_figure(sweep)])
    )


def seen(sweep: EpsilonSweep) -> str:
    """Return what is to be seen, in a sentence."""
    if sweep.agrees:
        return "The error falls with ε, then rises again for lack of digits."
    return "No ε brings the error down: the backward pass is wrong."


def sweep_figure(sweep: EpsilonSweep) -> Figure:
    """Return the two curves as a figure of the report; ε shrinks from left to right."""
    epsilons = [row[0] for row in sweep.rows]
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": epsilons,
            "y": [_drawn(row[place]) for row in sweep.rows],
            "line": {"color": colour, "dash": "dash" if place == 1 else "solid"},
            "marker": {"color": colour, "symbol": symbol, "size": 8},
            "hovertemplate": f"ε = %{{x:.0e}}: %{{y:.1e}}<extra>{name}</extra>",
        }
        for name, place, colour, symbol in SERIES
    ]
    return Figure(
        name="epsilon",
        title=seen(sweep),
        caption=f"{sweep.sentence.rpartition(' [')[0]}. Error of the derivative along the gradient, relative to the "
        "backward pass. Dotted: the chapter's step.",
        guide=("4.1-02", "4.1-03"),
        data=data,
        layout=_layout(),
        height=420,
    )


def _layout() -> dict[str, Any]:
    """Return both axes, ε shrinking to the right, and a line at the chapter's."""
    axis = {"type": "log", "exponentformat": "power"}
    line = {"color": "--highlight", "dash": "dot", "width": 2}
    place = {"yref": "paper", "y0": 0, "y1": 1, "x0": EPSILON, "x1": EPSILON}
    # Of a logarithmic axis a shape takes the value, a note its logarithm.
    corner = {"x": math.log10(EPSILON), "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "top"}
    return {
        "xaxis": {**axis, "autorange": "reversed", "title": {"text": "ε"}},
        "yaxis": {**axis, "title": {"text": "relative error"}},
        "shapes": [{"type": "line", "line": line, **place}],
        "annotations": [{"text": f"ε = {EPSILON:.0e}", "showarrow": False, **corner}],
    }


def _drawn(error: float) -> float | None:
    """Return an error as a logarithmic axis can have it."""
    return max(error, LOWEST) if math.isfinite(error) else None


def _svg(sweep: EpsilonSweep) -> str:
    """Return the picture as SVG."""
    errors = [drawn for row in sweep.rows for error in row[1:] if (drawn := _drawn(error)) is not None]
    low, high = math.floor(math.log10(min(errors))), math.ceil(math.log10(max(errors)))
    first, last = (math.log10(sweep.rows[place][0]) for place in (0, -1))

    def across(epsilon: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (first - math.log10(epsilon)) / (first - last or 1)

    def down(error: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(error) - low) / (high - low or 1)

    parts = [_text(LEFT, 20, seen(sweep), size=14)]
    for power in range(low, high + 1, 2):
        y = down(10.0**power)
        parts += [_line(LEFT, y, WIDTH - RIGHT, y, FAINT), _power(LEFT - 8, y + 4, power, "end")]
    for power in range(round(first), round(last) - 1, -2):
        parts += [_power(across(10.0**power), HEIGHT - BOTTOM + 18, power, "middle")]
    marked = across(EPSILON)
    parts += [_line(marked, TOP, marked, HEIGHT - BOTTOM, NOTE, dash="2 3")]
    parts += [_text(marked + 6, TOP + 14, f"ε = {EPSILON:.0e}", fill=NOTE)]
    parts += _curves(sweep, across, down)
    parts += [_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "ε", anchor="middle")]
    turned = f'transform="rotate(-90 16 {HEIGHT / 2})"'
    parts += [_text(16, HEIGHT / 2, "relative error", anchor="middle", more=turned)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="sans-serif">\n<title>{sweep.sentence}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _curves(
    sweep: EpsilonSweep, across: Callable[[float], float], down: Callable[[float], float]
) -> list[str]:
    """Return both curves with their marks, and the legend."""
    parts = []
    for name, place, named, symbol in SERIES:
        colour, dash = COLOURS[named], ' stroke-dasharray="6 4"' if place == 1 else ""
        places = [
            (across(row[0]), down(drawn)) for row in sweep.rows if (drawn := _drawn(row[place])) is not None
        ]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts += [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>']
        legend = LEFT + 8 if place == 1 else LEFT + 160
        for x, y in [*places, (legend, 34.0)]:
            if symbol == "square":
                parts += [f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="{colour}"/>']
            else:
                parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>']
        parts += [_text(legend + 10, 38, name, fill=colour)]
    return parts


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    anchor: str = "start",
    fill: str = INK,
    more: str = "",
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {place} {more}>{words}</text>" if more else f"<text {place}>{words}</text>"


def _power(x: float, y: float, power: int, anchor: str) -> str:
    """Return 10 to a power, as a label."""
    return _text(x, y, f'10<tspan dy="-5" font-size="9">{power}</tspan>', anchor=anchor)


def _line(x: float, y: float, to_x: float, to_y: float, ink: str, *, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}" stroke-width="1.5"' if dash else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{ink}"{dashes}/>'
