"""Facts about progress: live on a terminal, plain lines elsewhere, never on stdout."""

import io
from dataclasses import dataclass

import pytest
from rich.console import Console

from practicum.faces import progress
from practicum.faces.progress import Display, remaining


@dataclass
class Step:
    """One report, as the experiment makes it."""

    phase: str
    fraction: float = 0.5
    message: str = ""
    remaining_seconds: float | None = None


class Clock:
    """A clock that is moved by hand."""

    now = 0.0

    def monotonic(self):
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """The clock of the module under test."""
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def plain(clock, steps):
    """Return the lines that steps at given times leave in a log file."""
    console = Console(file=io.StringIO(), width=40)
    with Display(console) as display:
        for when, step in steps:
            clock.now = when
            display.show(step)
    return console.file.getvalue().splitlines()


def test_a_log_gets_one_line_a_phase(clock):
    """Within a phase nothing is repeated; long lines are not wrapped, brackets are not markup."""
    steps = [
        (0, Step("read", 0)),
        (0.5, Step("prepare", 0)),
        (1, Step("search", 0.1, "16 rates [3.1-02], all of them at once", 54)),
        (2, Step("search")),
    ]

    assert plain(clock, steps) == [
        "prepare      0 %",
        "search      10 %     54 s left  16 rates [3.1-02], all of them at once",
    ]


def test_a_log_is_not_flooded(clock):
    """Phases that follow each other within a blink are passed over."""
    assert len(plain(clock, [(0.01 * k, Step(f"phase {k}")) for k in range(100)])) == 4


def test_a_long_phase_gives_signs_of_life(clock):
    """Half a minute without a word gets a line."""
    assert len(plain(clock, [(k, Step("search")) for k in range(100)])) == 4


def test_a_mistake_found_at_once_is_told_alone(clock):
    """The first reports give no line: what fails at once leaves nothing but its message."""
    assert plain(clock, [(0, Step("read")), (0.1, Step("prepare"))]) == []


def test_a_terminal_sees_one_line_that_goes_away():
    """The live line shows phase, time left and message, and is erased at the end."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    with Display(console) as display:
        display.show(Step("search", 0.25, "16 rates [3.1-02]", 40))

    written = console.file.getvalue()
    assert "search" in written
    assert "40 s left  16 rates [3.1-02]" in written
    assert written.rstrip("\r").endswith("\x1b[2K")


def test_without_a_console_it_is_stderr(capsys, clock):
    """stdout is kept for the summary."""
    with Display() as display:
        display.show(Step("read"))
        clock.now = 1.0
        display.show(Step("prepare"))

    said = capsys.readouterr()
    assert said.out == ""
    assert "prepare" in said.err


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.2, "    0 s left"),
        (-3, "    0 s left"),
        (99.4, "   99 s left"),
        (99.6, "1:40 min left"),
        (3661, "61:01 min left"),
    ],
)
def test_remaining_time_is_short(seconds, text):
    """Seconds up to a hundred, then minutes."""
    assert remaining(seconds) == text
