"""Facts about the time budget."""

import math
from types import SimpleNamespace

import pytest

from practicum.engine import clock as clock_module
from practicum.engine.clock import END_SECONDS, END_SHARE, Clock, Progress, ignore


@pytest.fixture
def now(monkeypatch):
    """A moment that only the test moves; the command began at 100 s."""
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(clock_module, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


@pytest.mark.parametrize("budget", [10.0, 60.0, 3600.0])
def test_training_ends_before_the_budget_does(now, budget):
    """Something is kept for the test set and the report: a share, and never less than a moment."""
    clock = Clock(100.0, budget)

    assert clock.training_ends == pytest.approx(100 + budget - max(END_SECONDS, END_SHARE * budget))


def test_a_share_is_of_the_training_time_left(now):
    """Half of what is left, and later half of what is left then."""
    clock = Clock(100.0, 100.0)
    first = clock.share(0.5)
    now.seconds = 148.0
    second = clock.share(0.5)

    assert first == pytest.approx(148.0)
    assert second == pytest.approx(172.0)


def test_nothing_is_left_after_the_end(now):
    """A share of it is now, not a moment in the past."""
    clock = Clock(100.0, 10.0)
    now.seconds = 200.0

    assert clock.share(0.5) == 200.0


def test_without_a_budget_there_is_no_end(now):
    """Every share of an unlimited time is unlimited."""
    clock = Clock(100.0, math.inf)

    assert clock.training_ends == clock.share(0.1) == math.inf


def test_the_command_may_have_begun_before_the_clock(now):
    """Importing libraries counts too."""
    clock = Clock(97.0, 60.0)

    assert clock.seconds() == 3.0


def test_phases_are_timed(now):
    """Entering one ends the one before; a phase entered twice is summed; between phases nothing counts."""
    clock = Clock(100.0, 60.0)
    clock.enter("wide")
    now.seconds = 103.0
    clock.enter("zoom")
    now.seconds = 104.0
    clock.enter("wide")
    now.seconds = 106.0
    clock.leave()
    now.seconds = 110.0
    clock.leave()

    assert clock.phase_seconds == {"wide": 5.0, "zoom": 1.0}


def test_progress_is_told_by_time(now):
    """With a budget, what has passed and what remains follow from the clock alone."""
    told = []
    clock = Clock(100.0, 60.0, told.append)
    now.seconds = 115.0
    clock.enter("wide", "16 trials")
    clock.say("half-way", fraction=0.9)

    assert told == [Progress("wide", 0.25, "16 trials", 45.0), Progress("wide", 0.25, "half-way", 45.0)]


def test_late_is_at_most_all(now):
    """Beyond the budget nothing remains, and no more than everything has passed."""
    told = []
    clock = Clock(100.0, 60.0, told.append)
    now.seconds = 200.0
    clock.say()

    assert (told[0].fraction, told[0].remaining_seconds) == (1.0, 0.0)


@pytest.mark.parametrize(("fraction", "remaining"), [(0.25, 30.0), (0.01, None), (None, None), (1.0, 0.0)])
def test_without_a_budget_progress_is_told_by_the_work_done(now, fraction, remaining):
    """A quarter in 10 s leaves 30 s; from next to nothing, nothing is foretold."""
    told = []
    clock = Clock(100.0, math.inf, told.append)
    now.seconds = 110.0
    clock.say(fraction=fraction)

    assert (told[0].fraction, told[0].remaining_seconds) == (fraction or 0.0, remaining)


def test_progress_never_goes_back(now):
    """A phase that begins, or does not know how far it is, leaves what was reached."""
    told = []
    clock = Clock(100.0, math.inf, told.append)
    now.seconds = 110.0
    for fraction in (0.3, None, 0.2, 0.6):
        clock.say(fraction=fraction)
    clock.enter("testing")

    assert [one.fraction for one in told] == [0.3, 0.3, 0.3, 0.6, 0.6]


def test_nobody_has_to_listen():
    """By default, word of progress goes nowhere."""
    assert ignore(Progress("wide", 0.5)) is None


def test_a_phase_may_begin_where_the_work_already_is(now):
    """Without a budget a fraction is told, else it would seem to start again; the phase can be asked for."""
    told = []
    clock = Clock(100.0, math.inf, told.append)
    clock.enter("fold 1/2", "search", 0.4)

    assert (told[-1].phase, told[-1].fraction, clock.phase) == ("fold 1/2", 0.4, "fold 1/2")
    clock.leave()
    assert clock.phase == ""
