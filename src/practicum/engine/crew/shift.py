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

    Args:
        num_workers: how many.
        kind: what they are.
        plans: what is to be trained.
        checkpoints: where and how often; ``None`` for a folder that is removed in the end.
        data: what the caller says of its data, for the fingerprints of the files.
        num_threads: that each worker uses in one operation; more than one only in threads, whatever ``kind`` says.

    Attributes:
        fingerprints: of the plans.
    """

    def __init__(
        self,
        num_workers: int,
        kind: Kind,
        plans: Sequence[Plan],
        checkpoints: Checkpoints | None = None,
        data: str = "",
        num_threads: int = 1,
    ) -> None:
        self.num_workers, self.plans = num_workers, plans
        # A forked child must not start the threads of a library whose threads its parent had running.
        self.kind = "threads" if num_threads > 1 else chosen_kind(kind, num_workers)
        self.fingerprints = [plan.fingerprint(data) for plan in plans]
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
            return Bench(self.plans, self.fingerprints, checkpoints)

        if self.kind == "processes":
            self._crew = Forks(self.num_workers, new_bench, self.plans)
        else:
            self._crew = Threads(self.num_workers, new_bench, self._num_threads)
        return Foreman(self._crew, self.plans, self.fingerprints, checkpoints)
