"""A crew of threads in this process: data shared, exceptions as they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

import torch

from practicum.engine.crew.bench import Bench, Order
from practicum.engine.crew.crew import Trouble, trouble_of
from practicum.engine.saved.told import Told

MOST_SECONDS_TO_DIE = 1.0
"""A thread that has nothing more to do is gone in less than a millisecond."""


class Threads:
    """Workers that are threads.

    Args:
        num_workers: how many; so many orders are done at a time, however many are hired.
        new_bench: makes the bench of each.
        num_threads: that each uses in one operation.
    """

    def __init__(self, num_workers: int, new_bench: Callable[[], Bench], num_threads: int = 1) -> None:
        self.num_workers, self._num_threads = num_workers, num_threads
        # Threads inside an operation are quick in the calling thread only (measured: 1.4 times slower elsewhere).
        self._alone = num_workers == 1 and num_threads > 1
        self._order: tuple[int, Order] | None = None
        self._new_bench = new_bench
        self._benches = {worker: new_bench() for worker in range(num_workers)}
        self._next = num_workers
        self._ids: list[int] = []
        self._pool = ThreadPoolExecutor(num_workers, "practicum", self._begin)
        self._busy: dict[Future[Told | Trouble], int] = {}

    def give(self, worker: int, order: Order) -> None:
        """Let an idle worker begin with ``order``."""
        if self._alone:
            self._order = (worker, order)
            return
        self._busy[self._pool.submit(_do, self._benches[worker], order)] = worker

    def take(self) -> list[tuple[int, Told | Trouble]]:
        """Wait until at least one busy worker has an answer and return all that are there."""
        if self._order is not None:
            (worker, order), self._order = self._order, None
            return [(worker, _do(self._benches[worker], order))]
        done, _ = wait(self._busy, return_when=FIRST_COMPLETED)
        return [(self._busy.pop(future), future.result()) for future in list(self._busy) if future in done]

    def replace(self, worker: int) -> None:
        """Do nothing: a thread does not die alone."""

    def hire(self) -> int:
        """Put up another bench and return its number."""
        worker, self._next = self._next, self._next + 1
        self._benches[worker] = self._new_bench()
        return worker

    def dismiss(self, worker: int) -> None:
        """Clear a bench away."""
        self._benches.pop(worker).close()

    def close(self) -> None:
        """Wait for what is under way and send all workers home."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        for bench in self._benches.values():
            bench.close()
        # Python is done with a thread a moment before the system is. Until then MKL may hold a lock, which a process
        # forked in that moment would wait for without end (measured: one fork in 20).
        ends = time.monotonic() + MOST_SECONDS_TO_DIE
        while any(Path(f"/proc/self/task/{thread}").exists() for thread in self._ids):
            if time.monotonic() > ends:
                break
            time.sleep(0)

    abandon = close

    def _begin(self) -> None:
        """Be a worker thread."""
        self._ids.append(threading.get_native_id())
        torch.set_num_threads(self._num_threads)


def _do(bench: Bench, order: Order) -> Told | Trouble:
    """Do ``order``; after an exception the pack is half-way through an update and must not go on."""
    try:
        told = bench.do(order)
        bench.settle(order, told)
    except BaseException as error:  # noqa: BLE001 - handed to who waits
        bench.drop(order.piece)
        return trouble_of(error)
    return told
