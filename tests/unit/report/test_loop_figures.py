"""Facts about the figures of a loop."""

import json
import math

import numpy as np
import torch
from tests.made_facts import a_look, a_parameter, a_setting, a_unit

from practicum.monitor.facts import Facts
from practicum.monitor.loop_record import LoopRecord
from practicum.report.loop_figures import LINES, POINTS, loop_figures


def figures(facts):
    """Return the figures by name."""
    found = loop_figures(facts, LoopRecord(facts))
    json.dumps([one.data for one in found], allow_nan=False)
    return {one.name: one for one in found}


def test_nothing_measured_is_no_figure():
    """Not an empty one."""
    assert figures(Facts()) == {}


def test_losses_lie_over_age_and_are_thinned():
    """Their last point is the last step's age."""
    count = 10 * POINTS
    facts = Facts(
        num_steps=count, num_examples_seen=32 * count, losses=[1.0] * count, validations=[(5, 0.5, None)]
    )
    training, validation = figures(facts)["losses"].data

    assert len(training["x"]) <= POINTS
    assert training["x"][-1] == 32 * count
    assert (validation["x"], validation["y"]) == ([160], [0.5])


def test_losses_that_are_no_numbers_are_left_out():
    """A log axis has no place for those below zero either."""
    figure = figures(Facts(num_steps=3, losses=[1.0, math.nan, -1.0]))["losses"]

    assert figure.data[0]["y"] == [1.0, -1.0]
    assert "type" not in figure.layout["yaxis"]


def test_a_rate_that_never_changed_has_no_figure():
    """One that did has a line a group."""
    constant = [a_look(step=step) for step in (1, 2)]
    falling = [a_look(step=step, settings=(a_setting(learning_rate=0.1 / step),)) for step in (1, 2)]

    assert "rates" not in figures(Facts(looks=constant))
    assert len(figures(Facts(looks=falling))["rates"].data) == 1


def test_many_weights_share_few_lines():
    """The first and the last are among them."""
    weights = tuple(a_parameter(name=f"{number}.weight") for number in range(40))
    data = figures(Facts(looks=[a_look(parameters=weights)]))["ratios"].data

    assert len(data) == LINES
    assert (data[0]["name"], data[-1]["name"]) == ("0.weight", "39.weight")


def test_signal_runs_through_the_layers():
    """Zero and NaN are gaps on a log axis."""
    units = (a_unit(rms=0.0), a_unit(place=2, gradient_rms=math.nan), a_unit(place=3))
    data = figures(Facts(looks=[a_look(units=units)]))["signal"].data

    assert data[0]["y"] == [None, 0.7, 0.7]
    assert data[1]["y"][1] is None


def test_silent_units_are_shares():
    """Half of the layer here."""
    figure = figures(Facts(looks=[a_look(units=(a_unit(firing=(0, 0, 3, 4)),))]))["units"]

    assert figure.data[0]["y"] == [0.5]
    assert "50%" in figure.title


def test_the_way_of_the_function_is_its_principal_directions():
    """On a straight line the first direction is all there is."""
    start, way = torch.randn(3, 2), torch.randn(3, 2)
    facts = Facts(trajectory=[(step, step, start + step * way) for step in range(5)])
    trace = figures(facts)["trajectory"].data[0]

    steps = np.diff(trace["x"])
    np.testing.assert_allclose(np.abs(steps), float(way.norm()), rtol=1e-4)
    np.testing.assert_allclose(trace["y"], 0, atol=1e-4)


def test_outputs_of_other_shapes_have_no_way():
    """Nor have few points, or those that are no numbers."""
    few = [(1, 1, torch.ones(3, 2))] * 3
    odd = [*few, (4, 4, torch.ones(2, 2))]
    bad = [*few, (4, 4, torch.full((3, 2), math.nan))]

    assert all("trajectory" not in figures(Facts(trajectory=one)) for one in (few, odd, bad))


def test_one_number_has_one_direction():
    """A network of one output that was asked about one row."""
    facts = Facts(trajectory=[(step, step, torch.full((1, 1), float(step))) for step in range(4)])
    trace = figures(facts)["trajectory"].data[0]

    np.testing.assert_allclose(np.abs(np.diff(trace["x"])), 1.0, rtol=1e-5)
    assert trace["y"] == [0.0] * 4
