"""How long rungs are, on a clock that only the test moves."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from practicum.engine import pace as pace_module
from practicum.engine.pace import FIRST_STRIDE, RUNG_SECONDS, Pace, Stride


@pytest.fixture
def clock(monkeypatch):
    """A clock that starts at zero."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(pace_module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_packs_that_go_together_stop_at_validations(clock):
    """One interval to see how fast they are, then half a second of them."""
    pace = Pace(25, math.inf)
    first = pace.next_rung(0)
    clock.now = 0.05  # 2 ms an update
    pace.after(first)

    assert first == 25
    assert pace.next_rung(25) == RUNG_SECONDS / 0.002 == 250


def test_a_slow_pack_does_one_interval_at_a_time(clock):
    """However long that is."""
    pace = Pace(25, math.inf)
    clock.now = 100.0
    pace.after(25)

    assert pace.next_rung(25) == 25


def test_the_last_rung_fits_into_the_time_left(clock):
    """And there is none where not one interval fits."""
    pace = Pace(25, 0.2)
    clock.now = 0.05
    pace.after(25)

    assert pace.next_rung(25) == 75
    clock.now = 0.16
    assert pace.next_rung(100) == 0


def test_progress_is_by_time_or_by_updates(clock):
    """Whichever is further; all is done where nobody trains."""
    pace = Pace(25, 10.0)
    clock.now = 4.0

    assert pace.fraction(100, 1000) == 0.4
    assert pace.fraction(900, 1000) == 0.9
    assert pace.fraction(100, 0.0) == 1.0
    assert Pace(25, math.inf).fraction(1, math.inf) == 0.0


def test_a_pack_that_goes_alone_finds_its_stride(clock):
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
