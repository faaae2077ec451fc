"""Ctrl-C is noted once and obeyed at the next rung."""

from __future__ import annotations

import signal
import threading

import pytest

from practicum.engine.interrupt import Interrupts


def press() -> None:
    """Press Ctrl-C in the main thread."""
    signal.raise_signal(signal.SIGINT)


def test_the_first_is_noted_the_second_interrupts() -> None:
    """Who presses twice means it."""
    with Interrupts() as interrupts:
        press()
        assert interrupts.asked

        with pytest.raises(KeyboardInterrupt):
            press()


def test_afterwards_ctrl_c_is_what_it_was() -> None:
    """Also after an exception."""
    with pytest.raises(ValueError, match="inside"), Interrupts():
        raise ValueError("inside")

    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_somebody_elses_handler_stays() -> None:
    """A program around us keeps its own way to stop."""
    seen: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        with Interrupts() as interrupts:
            press()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    assert (seen, interrupts.asked) == ([signal.SIGINT], False)


def test_in_another_thread_nothing_happens() -> None:
    """Only the main thread may handle signals."""
    asked: list[bool] = []

    def work() -> None:
        with Interrupts() as interrupts:
            asked.append(interrupts.asked)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert asked == [False]
