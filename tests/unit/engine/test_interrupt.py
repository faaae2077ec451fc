"""Ctrl-C is noted once and obeyed at the next rung."""

from __future__ import annotations

import signal
import threading

import pytest

from practicum.engine.interrupt import Held, Interrupts


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


def test_held_presses_are_heard_on_leaving() -> None:
    """What is under way ends whole; then the usual thing happens."""
    ended = []

    def work() -> None:
        with Held() as held:
            press()
            ended.append(held.presses)

    with pytest.raises(KeyboardInterrupt):
        work()

    assert ended == [1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_held_presses_are_passed_on_to_who_listens() -> None:
    """One of them is noted, two interrupt."""
    with Interrupts() as interrupts:
        with Held():
            press()
            assert not interrupts.asked

        assert interrupts.asked
        with pytest.raises(KeyboardInterrupt), Held():
            press()


def test_the_third_press_is_not_held() -> None:
    """Who presses three times does not want to wait."""
    presses = []

    def work() -> None:
        with Held() as held:
            for _ in range(3):
                press()
                presses.append(held.presses)

    with pytest.raises(KeyboardInterrupt):
        work()

    assert presses == [1, 2]


def test_an_error_is_not_hidden_by_a_held_press() -> None:
    """The error comes out."""

    def work() -> None:
        with Held():
            press()
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        work()


def test_nothing_is_held_in_another_thread() -> None:
    """Only the main thread may handle signals."""
    presses: list[int] = []

    def work() -> None:
        with Held() as held:
            presses.append(held.presses)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert presses == [0]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
