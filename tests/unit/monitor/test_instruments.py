"""Facts about the instruments: they look on schedule, and leave nothing behind."""

import pytest
import torch
from torch import nn

from practicum.monitor.instruments import Instruments
from practicum.monitor.schedule import every


def parts(failed=None, schedule=None):
    """Return a model, its optimiser and instruments on both."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, optimizer, Instruments(model, [optimizer], schedule or every(1), failed or pytest.fail)


def step(model, optimizer, x):
    """Take one plain step."""
    optimizer.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def hooks(model, optimizer):
    """Count hooks."""
    own = sum(len(one._forward_hooks) + len(one._forward_pre_hooks) for one in model.modules())
    grown = sum(len(one._post_accumulate_grad_hooks or ()) for one in model.parameters())
    return own + grown + len(optimizer._optimizer_step_post_hooks) + len(optimizer._optimizer_step_pre_hooks)


def test_a_step_is_seen_whole():
    """Units in the order of the pass, parameters with their steps, settings."""
    model, optimizer, instruments = parts()
    x = torch.randn(8, 3)
    instruments.arm(1)
    look = instruments.take(1, 8, step(model, optimizer, x), (x,))()

    assert [one.kind for one in look.units] == ["linear", "tanh", "linear"]
    assert [one.name for one in look.parameters] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert all(one.gradient_rms > 0 for one in look.units)
    assert (look.step, look.age, look.elsewhere) == (1, 8, 0)


def test_nothing_lies_on_the_model_between_looks():
    """Hooks are there for the step that is looked at alone."""
    model, optimizer, instruments = parts(schedule=lambda step: step == 2)
    instruments.arm(1)
    assert hooks(model, optimizer) == 0
    instruments.arm(2)
    assert hooks(model, optimizer) > 0
    look = instruments.take(2, 1, step(model, optimizer, torch.randn(8, 3)), ())()

    assert look is not None
    assert hooks(model, optimizer) == 0


def test_passes_of_evaluation_are_not_heard():
    """Only the first training pass of a step is."""
    model, optimizer, instruments = parts()
    instruments.arm(1)
    with torch.no_grad():
        model(torch.randn(100, 3))
    look = instruments.take(1, 1, step(model, optimizer, torch.randn(8, 3)), ())()

    assert look.units[0].rows == 8


def test_a_pass_that_raises_leaves_no_mode_behind():
    """The listening ends with the pass, however it ends."""
    model, _, instruments = parts()
    instruments.arm(1)
    with pytest.raises(RuntimeError, match="shape"):
        model(torch.randn(8, 7))

    assert torch.overrides._get_current_function_mode_stack() == []
    instruments.close()


def test_instruments_that_stumble_are_put_away():
    """The run goes on; it is told once."""
    failures = []
    model, optimizer, instruments = parts(failures.append)
    instruments._parameters.before = lambda _: 1 / 0
    instruments.arm(1)
    look = instruments.take(1, 1, step(model, optimizer, torch.randn(8, 3)), ())
    instruments.arm(2)

    assert look is None
    assert [type(one) for one in failures] == [ZeroDivisionError]
    assert hooks(model, optimizer) == 0
