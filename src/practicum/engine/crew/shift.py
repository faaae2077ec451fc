"""A shift: a crew and its foreman for some plans, from the first order to the last."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from practicum.engine.crew.bench import Bench
from practicum.engine.crew.crew import Crew
from practicum.engine.crew.foreman import Foreman
from practicum.engine.crew.forks import Forks, can_fork
from practicum.engine.crew.threads import Threads
from practicum.engine.plans.plan import Plan
from practicum.engine.saved.checkpoint import Checkpoints

Kind = Literal["auto", "threads", "processes"]


def chosen_kind(kind: Kind, num_workers: int) -> Literal["threads", "processes"]:
    """Return what "auto" means: processes where they can be forked and there are several, else threads.

    Example:
        >>> chosen_kind("auto", 1)
        'threads'
    """
    if kind == "auto":
        return "processes" if num_workers > 1 and can_fork() else "threads"
    return kind


class Shift:
    """Workers for some plans. Nothing is started before :attr:`foreman` is asked for.

    Without plans it begins without workers: each plan that comes later gets one of its own (:meth:`add`,
    :meth:`Foreman.hire`), since only a process forked after a plan was made knows it.

    Args:
        num_workers: how many; without plans, how many work at a time.
        kind: what they are.
        plans: what is to be trained.
        checkpoints: where and how often; ``None`` for a folder that is removed in the end.
        data: what the caller says of its data, for the fingerprints of the files.
        num_threads: that each worker uses in one operation; more than one only in threads, whatever ``kind`` says.
        keep_weights: whether results have the weights at the best.

    Attributes:
        plans: what is to be trained, by index.
        fingerprints: of the plans, also of those that are over.
    """

    def __init__(
        self,
        num_workers: int,
        kind: Kind,
        plans: Sequence[Plan],
        checkpoints: Checkpoints | None = None,
        data: str = "",
        num_threads: int = 1,
        *,
        keep_weights: bool = True,
    ) -> None:
        self.num_workers, self.plans = num_workers, dict(enumerate(plans))
        # A forked child must not start the threads of a library whose threads its parent had running.
        self.kind = "threads" if num_threads > 1 else chosen_kind(kind, num_workers)
        self.fingerprints = [plan.fingerprint(data) for plan in plans]
        self._data, self._keep_weights = data, keep_weights
        self._checkpoints, self._num_threads = checkpoints, num_threads
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._crew: Crew | None = None
        self._foreman: Foreman | None = None

    @property
    def begun(self) -> bool:
        """Whether workers have started."""
        return self._foreman is not None

    @property
    def foreman(self) -> Foreman:
        """The foreman; the first time, the workers start."""
        if self._foreman is None:
            self._foreman = self._start()
        return self._foreman

    def add(self, plan: Plan) -> int:
        """Take in another plan, for workers that are hired from now on; return its index."""
        index = len(self.fingerprints)
        self.plans[index] = plan
        self.fingerprints.append(plan.fingerprint(self._data))
        return index

    def drop(self, index: int) -> None:
        """Let go of a plan that is over, and of its data."""
        del self.plans[index]

    def close(self) -> None:
        """Send the workers home; what they have been ordered to do is done by threads and given up by processes."""
        try:
            if self._crew is not None:
                self._crew.close()
        finally:
            self._crew = self._foreman = None
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _start(self) -> Foreman:
        checkpoints = self._checkpoints
        if checkpoints is None:
            self._folder = tempfile.TemporaryDirectory(prefix="practicum-", ignore_cleanup_errors=True)
            checkpoints = Checkpoints(Path(self._folder.name), lasting=False)

        def new_bench() -> Bench:
            return Bench(self.plans, self.fingerprints, checkpoints, keep_weights=self._keep_weights)

        if self.kind == "processes":
            self._crew = Forks(min(self.num_workers, len(self.plans)), new_bench, self.plans)
        else:
            self._crew = Threads(self.num_workers, new_bench, self._num_threads)
        return Foreman(self._crew, self.plans, self.fingerprints, checkpoints)
