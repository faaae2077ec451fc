"""How long rungs are, on a clock that only the test moves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from practicum.engine import pace as pace_module
from practicum.engine.pace import FIRST_STRIDE, Stride


@pytest.fixture
def clock(monkeypatch):
    """A clock that starts at zero."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(pace_module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_a_pack_finds_its_stride(clock):
    """A few updates first, then longer and longer, up to half a second, in whole intervals."""
    stride, step, reached = Stride(10), 0, []
    for _ in range(6):
        until = stride.next(step)
        clock.now += 0.005 * (until - step)
        stride.after()
        step = until
        reached.append(step)

    assert reached == [10, 50, 150, 250, 350, 450]


def test_a_long_interval_is_cut(clock):
    """So that Ctrl-C is heard and checkpoints are written."""
    stride = Stride(10_000)
    first = stride.next(0)
    clock.now += 0.1 * first
    stride.after()

    assert first == FIRST_STRIDE
    assert stride.next(first) == first + 5
    assert stride.next(9_998) == 10_000


def test_a_stride_ends_at_the_deadline(clock):
    """As near as the pace can tell; one update is always done."""
    stride = Stride(10_000)
    stride.next(0)
    clock.now = 1.6
    stride.after()

    assert stride.next(16, deadline=1.85) == 18
    assert stride.next(18, deadline=0.0) == 19


def test_a_stride_goes_no_further_than_it_may(clock):
    """Its pace is that of what it did; it says how long it took."""
    stride = Stride(10)
    until = stride.next(0, most=5)
    clock.now += 1.0

    assert (until, stride.after()) == (5, 1.0)
    assert stride.next(5) == 7
