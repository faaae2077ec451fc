"""The sweep over ε: errors fall, then rise again, and a wrong backward pass shows as a floor [4.1-03]."""

from __future__ import annotations

import json
import math

import pytest
import torch
from tests.oracles.wrong_backwards import planted
from torch import nn

from practicum.checks.criterion import Criterion
from practicum.checks.differences import EPSILON
from practicum.checks.epsilon_sweep import EPSILONS, EpsilonSweep, sweep_epsilon

X = torch.linspace(-1, 1, 24).reshape(8, 3)
Y = X.sin().sum(1, keepdim=True) + 1


def criterion():
    """Return that of a small smooth net, the same each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    return Criterion(model, nn.functional.mse_loss, X, Y)


@pytest.fixture(scope="module")
def found():
    """Return the sweep of a right net."""
    return sweep_epsilon(criterion())


def test_errors_fall_and_then_rise_again(found):
    """Both kinds; central ones are one order better until digits run out."""
    forward, central = ([row[place] for row in found.rows] for place in (1, 2))

    assert [row[0] for row in found.rows] == list(EPSILONS)
    for errors in (forward, central):
        lowest = errors.index(min(errors))
        assert 0 < lowest < len(errors) - 1
        assert min(errors) < 1e-3 * min(errors[0], errors[-1])
    assert all(b < a / 10 for a, b in zip(forward[1:6], central[1:6], strict=True))
    assert found.agrees


def test_a_tenth_of_the_step_is_a_hundredth_of_the_central_error(found):
    """Where the step is neither long nor short [4.1-02]."""
    errors = {row[0]: row for row in found.rows}

    assert errors[1e-2][2] / errors[1e-3][2] == pytest.approx(100, rel=0.05)
    assert errors[1e-2][1] / errors[1e-3][1] == pytest.approx(10, rel=0.05)


def test_the_derivative_is_the_length_of_the_gradient(found):
    """Along the gradient, which is never flat."""
    one = criterion()
    gradients = torch.autograd.grad(one.value(), list(one.parameters.values()))

    assert found.derivative == pytest.approx(float(torch.cat([each.flatten() for each in gradients]).norm()))


def test_parameters_are_put_back():
    """To the bit."""
    one = criterion()
    before = [each.detach().clone() for each in one.parameters.values()]
    sweep_epsilon(one)

    assert all(torch.equal(a, b) for a, b in zip(before, one.parameters.values(), strict=True))


def test_a_wrong_backward_pass_is_a_floor():
    """No step comes near it, and the sentence says so."""
    model, _, loss, x, y = planted(1)
    found = sweep_epsilon(Criterion(model, loss, x, y))

    assert not found.agrees
    assert min(row[2] for row in found.rows) > 1e-3
    assert found.sentence.startswith("No ε brings differences to the backward pass")


def test_where_the_gradient_is_nothing_there_is_no_sweep():
    """At a minimum."""
    model = nn.Linear(3, 1)
    with torch.no_grad():
        [one.zero_() for one in model.parameters()]

    assert sweep_epsilon(Criterion(model, nn.functional.mse_loss, X, torch.zeros(8, 1))) is None


def test_the_chart_has_a_line_for_each_step_and_marks_the_chapters(found):
    """Central errors stand to the left of forward ones at the chapter's ε."""
    lines = found.text.splitlines()
    rows = [line for line in lines if "|" in line]
    [marked] = [line for line in rows if line.endswith("the chapter's ε")]

    assert len(rows) == len(EPSILONS)
    assert marked.startswith(f"{EPSILON:.0e}")
    assert marked.index("c", 30) < marked.index("f", 30)
    assert lines[0] == found.sentence


def test_both_at_one_place_are_one_mark():
    """A star; errors of nothing and of infinity break nothing."""
    text = EpsilonSweep(1.0, ((1e-3, 1e-3, 1e-3), (1e-4, float("inf"), 0.0))).text

    assert "*|" in text
    assert "|c" in text


def test_steps_at_which_the_loss_is_no_number_do_not_count():
    """A long one may leave where the loss is defined; where all do, there is no sweep."""

    def undefined_beyond(distance):
        one = criterion()
        start = [each.detach().clone() for each in one.parameters.values()]
        value = one.value

        def cut():
            moved = sum(
                float((a - b.detach()).square().sum())
                for a, b in zip(start, one.parameters.values(), strict=True)
            )
            return value() * (float("nan") if moved > distance**2 else 1.0)

        one.value = cut
        return sweep_epsilon(one)

    some = undefined_beyond(0.5)

    assert math.isnan(some.rows[0][2])
    assert some.agrees
    assert "nan" in some.text
    assert undefined_beyond(1e-14) is None


def test_it_goes_into_json(found):
    """With a name for each number."""
    data = json.loads(json.dumps(found.as_mapping()))

    assert data["best_epsilon"] == found.best
    assert data["rows"][4] == {
        "epsilon": 1e-4,
        "forward_error": found.rows[4][1],
        "central_error": found.rows[4][2],
    }
