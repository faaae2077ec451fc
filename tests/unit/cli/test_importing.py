"""Facts about importing the heavy packages: Ctrl-C waits, the collector rests."""

import gc
import signal
import threading

import pytest

from practicum.cli.importing import heavy_imports


@pytest.fixture(autouse=True)
def python_handler():
    """Python's own handler, whoever started the tests."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_for_the_end():
    """What stands inside is finished first."""
    done = []

    def importing():
        with heavy_imports():
            signal.raise_signal(signal.SIGINT)
            done.append("import")

    with pytest.raises(KeyboardInterrupt):
        importing()

    assert done == ["import"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_goes_before_an_error():
    """A user who pressed Ctrl-C wants out, whatever else happened."""

    def failing():
        with heavy_imports():
            signal.raise_signal(signal.SIGINT)
            raise ZeroDivisionError

    with pytest.raises(KeyboardInterrupt):
        failing()


def test_without_an_interrupt_nothing_happens():
    """The handler is Python's again."""
    with heavy_imports():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler

    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_ignored_interrupt_stays_ignored():
    """A command started in the background is not woken."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with heavy_imports():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_other_threads_may_enter():
    """Only the main thread may set handlers; elsewhere there is nothing to hold."""
    passed = []

    def work():
        with heavy_imports():
            passed.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert passed == [True]


def test_the_collector_rests():
    """Inside only."""
    with heavy_imports():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    """It is the caller's choice."""
    gc.disable()
    try:
        with heavy_imports():
            pass

        assert not gc.isenabled()
    finally:
        gc.enable()
