"""Facts about pace: time of waiting and of work, and learning rates."""

import pytest
import torch
from torch import nn

from practicum.monitor import pace as module
from practicum.monitor.facts import Facts
from practicum.monitor.pace import Pace


@pytest.fixture
def net():
    return nn.Linear(2, 1)


@pytest.fixture
def clock():
    """Seconds that a test sets."""
    return [0.0]


@pytest.fixture
def timed(net, clock):
    """A pace that watches the net, by the clock of the test."""
    one = Pace(Facts(num_steps=1), [torch.optim.SGD(net.parameters(), lr=0.5)], lambda: clock[0])
    one.open(net)
    return one


def step(pace, net, clock, wait, work, *, counts=True):
    """Wait for rows, then work."""
    clock[0] += wait
    net(torch.ones(1, 2))
    clock[0] += work
    pace.worked(counts=counts)
    pace.left()


def test_waiting_and_work_are_told_apart(timed, net, clock):
    """From the second step on; before the first nobody knows when the loop began."""
    for _ in range(3):
        step(timed, net, clock, 2.0, 1.0)

    assert timed._facts.waits == [2.0, 2.0]
    assert timed._facts.works == [1.0, 1.0]


def test_what_comes_between_steps_is_no_wait(timed, net, clock):
    """A validation, told or seen, and a step that was looked at closely."""
    step(timed, net, clock, 2.0, 1.0)
    timed.interrupted()
    step(timed, net, clock, 9.0, 1.0)
    with torch.no_grad():
        net(torch.ones(1, 2))
    step(timed, net, clock, 9.0, 1.0)
    step(timed, net, clock, 2.0, 9.0, counts=False)

    assert timed._facts.waits == []


def test_timing_ends_and_leaves_no_hook(timed, net, clock, monkeypatch):
    """After the first steps."""
    monkeypatch.setattr(module, "TIMED", 4)
    for _ in range(9):
        step(timed, net, clock, 2.0, 1.0)

    assert len(timed._facts.works) == 4
    assert not net._forward_pre_hooks


def test_rates_are_noted_where_they_change(timed):
    """And only there."""
    group = timed._optimizers[0].param_groups[0]
    for number, rate in enumerate((0.5, 0.5, 0.1, 0.1, 0.5), start=1):
        group["lr"], timed._facts.num_steps = rate, number
        timed.worked(counts=True)

    assert timed._facts.rates == [(1, 0.5), (3, 0.1), (5, 0.5)]
