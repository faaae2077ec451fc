"""Workers: one Python thread per core, one intra-operation thread each.

PyTorch leaves the interpreter lock inside every operation, so threads share the data without copying it. One
intra-operation thread is faster than two on small nets, does not collapse when another process is busy, and keeps
the bits (measured: `docs/experiments.md`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import torch

from practicum.core.events import Event
from practicum.recipe import Recipe
from practicum.train.loop import run
from practicum.train.pack import Pack
from practicum.train.program import Task


def num_cores(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return the number of cores that this process may use; a container's quota counts.

    Args:
        quota: where Linux writes "microseconds of processor time" and "period", or "max".

    Example:
        >>> num_cores() >= 1
        True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        granted, period = quota.read_text(encoding="ascii").split()
        return min(cores, max(1, round(int(granted) / int(period))))
    except (OSError, ValueError):  # no such file, or "max"
        return cores


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, raised when the rung has ended; ``told`` holds the events of each pack."""

    def __init__(self, told: list[list[Event]]) -> None:
        super().__init__()
        self.told = told


class Workers:
    """A pool that trains packs side by side, rung by rung.

    Use it as a context manager; PyTorch's number of threads is set inside and restored after.

    Args:
        num_workers: threads; one per core by default.

    Example:
        >>> with Workers(num_workers=1) as workers:
        ...     workers.advance([], until=100)
        []
    """

    def __init__(self, num_workers: int | None = None) -> None:
        self.num_workers = num_workers or num_cores()

    def __enter__(self) -> Self:
        """Start the threads."""
        self._threads_before = torch.get_num_threads()
        torch.set_num_threads(1)
        self._pool = ThreadPoolExecutor(self.num_workers, "practicum", lambda: torch.set_num_threads(1))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the threads and restore PyTorch's setting."""
        self._pool.shutdown(wait=True)
        torch.set_num_threads(self._threads_before)

    def advance(self, packs: Sequence[Pack], until: int) -> list[list[Event]]:
        """Train every pack to ``until`` updates and return the events of each, in the order of ``packs``.

        Ctrl-C waits for the rung to end, so that every pack is whole, and is then raised as :class:`Interrupted`.
        """
        futures: list[Future[list[Event]]] = []
        try:
            for pack in packs:  # one by one: Ctrl-C here must know those under way
                futures.append(self._pool.submit(_advance, pack, until))  # noqa: PERF401
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            raise Interrupted([[] if future.exception() else future.result() for future in futures]) from None

    def split(self, recipes: Sequence[Recipe], task: Task, first_trial: int = 0) -> list[Pack]:
        """Deal ``recipes`` of equal structure out into one pack per worker, numbering trials from ``first_trial``."""
        count = min(self.num_workers, len(recipes))
        numbers = range(first_trial, first_trial + len(recipes))
        return [Pack(recipes[i::count], task, numbers[i::count]) for i in range(count)]


def _advance(pack: Pack, until: int) -> list[Event]:
    return list(run(pack, until))
