"""Optuna's journal file, written a batch at a time, and mended after a kill.

Optuna locks, writes and syncs the file for every trial; here a batch of trials is locked, written and synced once.
Imported where it is needed: importing Optuna takes a while.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

STALE_LOCK_SECONDS = 10.0
"""A lock this old was left by a process that was killed: a batch is written in less than a second."""


class BatchedJournal(JournalFileBackend):
    """A journal file whose writes inside :meth:`batch` reach the disk together.

    Args:
        path: of the file; made if absent, and mended unless ``mend`` says otherwise.
        mend: cut off a last line that a killed process left half-written, and remove its lock.

    Example:
        >>> import tempfile
        >>> backend = BatchedJournal(Path(tempfile.mkdtemp()) / "study.journal")
        >>> with backend.batch():
        ...     backend.append_logs([{"op_code": 0}])
        >>> list(backend.read_logs(0))
        [{'op_code': 0}]
    """

    def __init__(self, path: Path, *, mend: bool = True) -> None:
        self._file_lock = JournalFileOpenLock(str(path))
        super().__init__(str(path), self._file_lock)
        self._path = path
        self._pending: list[str] | None = None
        self._num_before = -1
        if mend:
            self._remove_stale_lock()
            with self._locked():
                cut_off_torn_line(path)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Keep other writers out, and write what is appended within at the end."""
        with self._locked():
            self._pending, self._num_before = [], -1
            try:
                yield
            finally:
                lines, self._pending = self._pending, None
                if lines:
                    self._write(lines)

    def append_logs(self, logs: list[dict[str, Any]]) -> None:  # noqa: D102
        if self._pending is None:
            super().append_logs(logs)
        else:
            self._pending += [json.dumps(log, separators=(",", ":")) for log in logs]

    def read_logs(self, log_number_from: int) -> Generator[dict[str, Any], None, None]:  # noqa: D102
        if self._pending is None:
            yield from super().read_logs(log_number_from)
            return
        if self._num_before < 0:  # nobody else writes during a batch, so the file needs reading once
            written = list(super().read_logs(log_number_from))
            self._num_before = log_number_from + len(written)
            yield from written
        for line in self._pending[max(0, log_number_from - self._num_before) :]:
            yield json.loads(line)

    def _write(self, lines: list[str]) -> None:
        """Append lines to the file and see them on the disk."""
        with self._path.open("ab") as file:
            file.write(("\n".join(lines) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock that all writers of the file respect, the dashboard too."""
        self._file_lock.acquire()
        try:
            yield
        finally:
            self._file_lock.release()

    def _remove_stale_lock(self) -> None:
        """Remove a lock that nobody will release; Optuna would wait half a minute."""
        lock = Path(f"{self._path}.lock")
        with suppress(OSError):
            if time.time() - lock.lstat().st_mtime > STALE_LOCK_SECONDS:
                lock.unlink()


def cut_off_torn_line(path: Path) -> None:
    r"""Remove what follows the last line end: a line that was being written when its process was killed.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "torn"
        >>> _ = path.write_text('{"whole": 1}\n{"ha')
        >>> cut_off_torn_line(path)
        >>> path.read_text()
        '{"whole": 1}\n'
    """
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        keep = end
        while keep > 0:
            start = max(0, keep - 65536)
            file.seek(start)
            last = file.read(keep - start).rfind(b"\n")
            if last >= 0:
                keep = start + last + 1
                break
            keep = start
        if keep < end:
            file.truncate(keep)
