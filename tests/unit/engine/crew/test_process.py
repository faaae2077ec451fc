"""Facts about processes: each end is told as it was."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Pipe

import pytest

from practicum.engine.crew.process import die_with, end, reap, why

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "waitid"), reason="no such system call here"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),  # the test's own, from Python 3.12 on
]


def child(do):
    """Return the number of a process that does something and ends with exit status 3."""
    pid = os.fork()
    if pid == 0:
        try:
            do()
        finally:
            os._exit(3)
    return pid


@pytest.mark.parametrize(
    ("do", "words"),
    [
        (lambda: None, "ended with exit status 3"),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), "was ended by SIGTERM"),
        (
            lambda: os.kill(os.getpid(), signal.SIGKILL),
            "was ended by SIGKILL, as the system does when memory is full",
        ),
    ],
)
def test_an_end_has_its_words(do, words):
    """They can be asked for again, until the child is reaped."""
    pid = child(do)
    told = [why(pid), why(pid)]
    status = reap(pid)

    assert told == [words, words]
    assert status is not None
    assert (why(pid), reap(pid)) == ("is gone", None)


def test_a_child_at_work_is_ended():
    """Its pipe is closed."""
    ours, _ = Pipe()
    pid = child(lambda: time.sleep(60))
    end(pid, ours)

    assert ours.closed
    assert reap(pid) is None


def test_a_child_ends_at_once_where_the_parent_is_gone():
    """The one it should end with is not its parent any more."""
    pid = child(lambda: die_with(os.getpid()))

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
