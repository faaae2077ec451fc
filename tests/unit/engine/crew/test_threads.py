"""Facts about a crew of threads."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch

from practicum.engine.crew import threads as threads_module
from practicum.engine.crew.bench import Order
from practicum.engine.crew.threads import Threads
from practicum.engine.saved.told import Told

WORK = Order("pack-000", 0, (0,), ("pack-000",), until=10)


class FakeBench:
    """Does what the test says and keeps a list."""

    def __init__(self, do, settle=lambda: None):
        self._do, self._settle, self.seen = do, settle, []

    def do(self, order):
        """Do it."""
        return self._do()

    def settle(self, order, told):
        """Note it."""
        self._settle()
        self.seen.append("settled")

    def drop(self, piece):
        """Note it."""
        self.seen.append("dropped")

    def close(self):
        """Note it."""
        self.seen.append("closed")


def test_answers_come_from_who_was_asked():
    """One or all that are there."""
    benches = iter([FakeBench(lambda: Told(1, ())), FakeBench(lambda: Told(2, ()))])
    crew = Threads(2, lambda: next(benches))
    crew.give(0, WORK)
    crew.give(1, WORK)
    answers = crew.take()
    if len(answers) < 2:
        answers += crew.take()
    crew.close()

    assert sorted(answers) == [(0, Told(1, ())), (1, Told(2, ()))]


def test_every_worker_has_one_thread_of_pytorch():
    """PyTorch's setting is looked at from within each worker, while both are at work."""
    seen, together = [], threading.Barrier(2, timeout=10)

    def look():
        together.wait()
        seen.append(torch.get_num_threads())

    crew = Threads(2, lambda: FakeBench(look))
    crew.give(0, WORK)
    crew.give(1, WORK)
    crew.close()

    assert seen == [1, 1]


def test_a_lone_worker_whose_operations_use_several_threads_is_the_calling_thread():
    """Elsewhere PyTorch would need a second set of threads."""
    seen = []

    def look():
        seen.append(threading.current_thread() is threading.main_thread())
        return Told(1, ())

    crew = Threads(1, lambda: FakeBench(look), num_threads=2)
    crew.give(0, WORK)
    answers = crew.take()
    crew.close()

    assert (seen, answers) == ([True], [(0, Told(1, ()))])


@pytest.mark.parametrize("where", ["do", "settle"])
def test_an_exception_is_an_answer(where):
    """The piece is dropped; memory that is full is told apart."""
    errors = iter([ZeroDivisionError("here"), MemoryError()])

    def fail():
        raise next(errors)

    bench = FakeBench(fail) if where == "do" else FakeBench(lambda: None, fail)
    crew = Threads(1, lambda: bench)
    found = []
    for _ in range(2):
        crew.give(0, WORK)
        found += crew.take()
    crew.close()

    assert [trouble.kind for _, trouble in found] == ["error", "memory"]
    assert isinstance(found[0][1].error, ZeroDivisionError)
    assert bench.seen == ["dropped", "dropped", "closed"]


def test_going_home_waits_for_what_is_under_way():
    """A thread cannot be ended from outside."""
    bench = FakeBench(lambda: threading.Event().wait(0.05))
    crew = Threads(1, lambda: bench)
    crew.replace(0)
    crew.give(0, WORK)
    crew.abandon()

    assert bench.seen == ["settled", "closed"]


def test_a_thread_that_went_home_is_gone():
    """Not only for Python: the system has ended it, so that nothing of it is in the way of a fork."""
    crew = Threads(2, lambda: FakeBench(lambda: None))
    crew.give(0, WORK)
    crew.close()

    assert crew._ids
    assert not any(Path(f"/proc/self/task/{thread}").exists() for thread in crew._ids)


def test_a_thread_that_does_not_go_is_not_waited_for(monkeypatch):
    """For long."""
    monkeypatch.setattr(threads_module, "MOST_SECONDS_TO_DIE", 0.05)
    crew = Threads(1, lambda: FakeBench(lambda: None))
    crew._ids.append(threading.get_native_id())
    crew.close()

    assert crew._ids == [threading.get_native_id()]


@pytest.mark.parametrize("num_threads", [1, 2])
def test_a_bench_may_be_put_up_later(num_threads):
    """And cleared away; its number is not given again."""
    benches = [FakeBench(lambda n=n: Told(n, ())) for n in range(3)]
    ready = iter(benches)
    crew = Threads(1, lambda: next(ready), num_threads)
    first = crew.hire()
    crew.give(first, WORK)
    found = crew.take()
    crew.dismiss(first)
    second = crew.hire()
    crew.give(second, WORK)
    found += crew.take()
    crew.close()

    assert found == [(1, Told(1, ())), (2, Told(2, ()))]
    assert [bench.seen[-1] for bench in benches] == ["closed"] * 3
