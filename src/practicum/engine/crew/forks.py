"""A crew of forked processes: they share the parent's memory as it was, and speak with it over pipes.

A child has data, recipes and whatever a user's `build` closes over, without a copy and without pickle; orders and
answers are messages of :mod:`practicum.engine.saved.wire`. Python's interpreter lock is then no bottleneck (measured:
`docs/experiments.md`), and the death of a child is news, not the end. Linux only, and not where CUDA is in use: its
state does not survive a fork.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import NoReturn
from weakref import WeakSet

import torch

from practicum.engine.crew.bench import Bench, Order
from practicum.engine.crew.crew import Trouble, error_told, told_error
from practicum.engine.crew.process import die_with, end, reap, why
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import wire
from practicum.engine.saved.told import Told, from_wire, to_wire

MORE_LIKELY_VICTIM = "500"
"""Of the kernel's choice when memory is full, −1000 to 1000: children before the parent, which holds the results."""

HOME: bytes = b""
"""The message that sends a child home."""

GREETING: bytes = b""
"""What a child says when it can compute."""

GREETING_SECONDS = 10.0
"""A child that has not said so by then waits for a lock that a thread of the parent held at the fork."""

MOST_TRIES = 3

_open: WeakSet[Connection] = WeakSet()
"""Our ends of the pipes of all crews; a child must close them, or the others would never hear that we are gone."""


def can_fork() -> bool:
    """Return whether processes may be forked here: on Linux, without CUDA."""
    return sys.platform == "linux" and not torch.cuda.is_available()


class Forks:
    """Workers that are forked processes.

    Args:
        num_workers: how many; more can be hired.
        new_bench: makes the bench of each, in the child.
        plans: of all orders to come, by index.
    """

    def __init__(
        self,
        num_workers: int,
        new_bench: Callable[[], Bench],
        plans: Sequence[Plan] | Mapping[int, Plan],
    ) -> None:
        self.num_workers = num_workers
        self._new_bench, self._plans = new_bench, plans
        self._children: dict[int, tuple[int, Connection]] = {}
        self._next = num_workers
        self._busy: dict[int, Order] = {}
        try:
            for worker in range(num_workers):
                self._children[worker] = self._fork()
            for worker in range(num_workers):
                self._greet(worker)
        except BaseException:
            self.abandon()
            raise

    def give(self, worker: int, order: Order) -> None:
        """Let an idle worker begin with ``order``."""
        self._busy[worker] = order
        with contextlib.suppress(OSError):  # it is dead, which `take` will see
            self._children[worker][1].send_bytes(wire.encode({"order": asdict(order)}, {}))

    def take(self) -> list[tuple[int, Told | Trouble]]:
        """Wait until at least one busy worker has an answer and return all that are there."""
        pipes = {self._children[worker][1]: worker for worker in self._busy}
        return [
            (pipes[pipe], self._answer(pipes[pipe], pipe))
            for pipe in wait(list(pipes))
            if isinstance(pipe, Connection)
        ]

    def _answer(self, worker: int, pipe: Connection) -> Told | Trouble:
        """Return what ``worker`` has to say, or that it is dead."""
        order = self._busy.pop(worker)
        try:
            message = pipe.recv_bytes()
        except (EOFError, OSError):
            return Trouble("died", f"The worker process {why(self._children[worker][0])}.")
        meta, tensors = wire.decode(message)
        if "error" in meta:
            told = meta["error"]
            memory = told.pop("memory")
            text = f"{told['name']}: {told['text']}"
            return Trouble("memory" if memory else "error", text, error_told(**told))
        return from_wire(meta, tensors, self._plans[order.plan].by_trial)

    def replace(self, worker: int) -> None:
        """Put a new process in the place of one that died."""
        pid, pipe = self._children[worker]
        pipe.close()
        reap(pid)
        self._children[worker] = self._fork()
        self._greet(worker)

    def hire(self) -> int:
        """Let another process begin, who knows the plans that there are by now; return its number."""
        worker, self._next = self._next, self._next + 1
        self._children[worker] = self._fork()
        self._greet(worker)
        return worker

    def dismiss(self, worker: int) -> None:
        """Send an idle child home and wait until it is gone.

        Raises:
            BaseException: what went wrong in it after its last answer.
        """
        _send_home([self._children.pop(worker)])

    def close(self) -> None:
        """Send all children home and wait until they are gone.

        Raises:
            BaseException: what went wrong in a child after its last answer.
        """
        if self._busy:
            self.abandon()
        children, self._children, self._busy = self._children, {}, {}
        _send_home(list(children.values()))

    def abandon(self) -> None:
        """End all children, whatever they are doing."""
        for pid, pipe in self._children.values():
            end(pid, pipe)
        self._children, self._busy = {}, {}

    def _greet(self, worker: int) -> None:
        """Wait until a new child can compute; end one that cannot and try another."""
        for _ in range(MOST_TRIES):
            pid, pipe = self._children[worker]
            if pipe.poll(GREETING_SECONDS):
                with contextlib.suppress(EOFError, OSError):  # it is dead, which `take` will see
                    pipe.recv_bytes()
                return
            end(pid, pipe)
            self._children[worker] = self._fork()
        raise RuntimeError(
            f"A worker process must be able to compute, but none of {MOST_TRIES} did within {GREETING_SECONDS:g} s. "
            'Use threads: kind="threads".'
        )

    def _fork(self) -> tuple[int, Connection]:
        """Return process number and pipe of a new child."""
        ours, theirs = Pipe()
        parent, main = os.getpid(), threading.current_thread() is threading.main_thread()
        with warnings.catch_warnings():
            # Python 3.12 on: threads of ours may hold locks. A child uses none that a thread of ours takes.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            _child(theirs, ours, self._new_bench, parent if main else None)
        theirs.close()
        _open.add(ours)
        return pid, ours


def _child(
    pipe: Connection, ours: Connection, new_bench: Callable[[], Bench], parent: int | None
) -> NoReturn:
    """Be a worker until sent home; never return into the parent's program."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if parent is not None:  # the signal comes when the thread that forked ends
            die_with(parent)
        gc.freeze()  # looking for garbage among the parent's objects would copy them
        ours.close()
        for other in list(_open):
            other.close()
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(MORE_LIKELY_VICTIM, encoding="ascii")
        torch.set_num_threads(1)
        _compute()
        pipe.send_bytes(GREETING)
        _serve(pipe, new_bench())
        status = 0
    finally:
        os._exit(status)


def _serve(pipe: Connection, bench: Bench) -> None:
    """Do the orders that come through ``pipe`` until there are no more."""
    late: BaseException | None = None
    while True:
        try:
            message = pipe.recv_bytes()
        except (EOFError, OSError):  # the parent is gone
            return
        if message == HOME:
            bench.close()
            if late is not None:
                pipe.send_bytes(wire.encode({"error": told_error(late)}, {}))
            return
        if late is not None:
            pipe.send_bytes(wire.encode({"error": told_error(late)}, {}))
            late = None
            continue
        late = _do(pipe, bench, Order.from_plain(wire.decode(message)[0]["order"]))


def _do(pipe: Connection, bench: Bench, order: Order) -> BaseException | None:
    """Do ``order`` and tell what came out; return what went wrong after that, to be told with the next."""
    try:
        told = bench.do(order)
        answer = wire.encode(*to_wire(told))
    except BaseException as error:  # noqa: BLE001 - handed to the parent
        bench.drop(order.piece)
        pipe.send_bytes(wire.encode({"error": told_error(error)}, {}))
        return None
    pipe.send_bytes(answer)
    try:
        bench.settle(order, told)
    except BaseException as error:  # noqa: BLE001 - handed to the parent
        bench.drop(order.piece)
        return error
    return None


def _send_home(children: Sequence[tuple[int, Connection]]) -> None:
    """Send ``children`` home, wait until they are gone, and raise what went wrong after a last answer."""
    late: list[BaseException] = []
    for _, pipe in children:
        with contextlib.suppress(OSError):
            pipe.send_bytes(HOME)
    for pid, pipe in children:
        with contextlib.suppress(EOFError, OSError):
            told = wire.decode(pipe.recv_bytes())[0]["error"]
            late.append(error_told(told["name"], told["text"], told["trace"]))
        pipe.close()
        reap(pid)
    if late:
        raise late[0]


def _compute() -> None:
    """Take the locks that computing takes."""
    ones = torch.ones(2, 16, 16)
    torch.bmm(ones, ones)
