"""The figure of what each layer of a watched network knows: linear probes before the first step and now."""

from __future__ import annotations

from practicum.diagnose.derived.probed import Probe, probes_of
from practicum.monitor.facts import Facts
from practicum.report.charts import Figure, Trace, safe


def probes_figure(facts: Facts) -> Figure | None:
    """Return the probes' errors by layer, from the input on; None where no layer could be probed.

    Source:
        Bengio 2012, 4.1-09, 4.2-12.
    """
    try:
        probes = probes_of(facts)
    except Exception:  # noqa: BLE001 (a network that cannot be run so has no probes; the page has the rest)
        return None
    if not probes:
        return None
    clear = [one.name for one in probes if one.difference.high < 0]
    known = f"{len(clear)} of {len(probes)} layers know clearly more than before training"
    bars = [one.difference for one in probes]
    after = _line("now", [one.at_end for one in probes], probes, "--network", "solid")
    after["error_y"] = {
        "type": "data",
        "symmetric": False,
        "array": [one.high - one.value for one in bars],
        "arrayminus": [one.value - one.low for one in bars],
        "thickness": 1,
    }
    return Figure(
        name="probes",
        title=f"{known}.",
        caption="Validation error of a linear probe on what each layer returns (a misjudged share; of numbers the root "
        "of 1 - R²). Bars are 95 % intervals of the difference to the start, row by row. A lower layer that knows no "
        "more than it did has not learnt.",
        guide=("4.1-09", "4.2-12"),
        data=[
            _line("before the first step", [one.at_start for one in probes], probes, "--muted", "dot"),
            after,
        ],
        layout={
            "xaxis": {"title": {"text": "layer, from the input"}, "type": "category"},
            "yaxis": {"title": {"text": "error of a linear probe"}, "rangemode": "tozero"},
        },
    )


def _line(name: str, values: list[float], probes: tuple[Probe, ...], colour: str, dash: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [safe(f"{one.name} ({one.kind})") for one in probes],
        "y": values,
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"color": colour, "size": 7},
    }
