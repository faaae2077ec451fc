"""Who may write to a study: one run at a time.

For a file, a lock of the operating system, which goes when its process goes, however it ended. For a database, which
several machines share, an attribute of the study that says who it is and when it was last heard of.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from practicum.core.errors import ConfigError

if TYPE_CHECKING:
    from optuna.study import Study

OWNER = "owner"
"""Attribute of a study that names its run."""

SILENT_SECONDS = 600.0
"""A run that was not heard of for this long is taken for dead."""

BEAT_SECONDS = 15.0
"""A run need not be heard of more often than this."""

WAIT_SECONDS = 2.0
"""Patience with a lock whose process is just being killed."""

_LIVE: set[str] = set()
"""Tokens of the studies that this process owns."""


class Owner(Protocol):
    """Holds a study for one run."""

    def beat(self) -> None:
        """Say that the run is alive; raises :class:`ConfigError` if another took the study."""

    def release(self) -> None:
        """Let others have the study."""


class Nobody:
    """Owns a study that no other process can see.

    Example:
        >>> Nobody().beat()
    """

    def beat(self) -> None:  # noqa: D102
        return

    def release(self) -> None:  # noqa: D102
        return


class FileOwner:
    """Owns a study in a file, through a locked file beside it.

    Args:
        path: of the journal.
        name: of the study.

    Raises:
        ConfigError: if a living process owns it.
    """

    def __init__(self, path: Path, name: str) -> None:
        digest = hashlib.blake2b(name.encode(), digest_size=4).hexdigest()
        self._path = Path(f"{path}.{digest}.owner")
        self._file: BinaryIO | None = None
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._take():
            if time.monotonic() > deadline:
                raise _in_use(name, str(path), f"process {self._path.read_text() or '?'} uses it")
            time.sleep(0.05)

    def beat(self) -> None:  # noqa: D102
        return

    def release(self) -> None:  # noqa: D102
        if self._file is not None:
            self._path.unlink(
                missing_ok=True
            )  # while it is locked: whoever locks it next sees that it is gone
            self._file.close()
            self._file = None

    def _take(self) -> bool:
        """Try to lock; return whether it worked."""
        try:
            import fcntl
        except ImportError:  # Windows: two runs on one file are not noticed there
            return True
        file = self._path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = self._path.exists() and os.fstat(file.fileno()).st_ino == self._path.stat().st_ino
        except OSError:
            held = False
        if not held:
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        self._file = file
        return True


class AttributeOwner:
    """Owns a study in a database.

    Args:
        study: whose attribute names the owner.
        where: the storage, without secrets, for messages.

    Raises:
        ConfigError: if a run owns it that lives, or was heard of within :data:`SILENT_SECONDS`.
    """

    def __init__(self, study: Study, where: str) -> None:
        self._study, self._where = study, where
        self._token = uuid.uuid4().hex
        self._last_beat = -float("inf")
        present = study.user_attrs.get(OWNER)
        if present and is_alive(present):
            ago = max(0, round(time.time() - present["time"]))
            raise _in_use(
                study.study_name,
                where,
                f"process {present['pid']} on {present['host']} uses it, last heard of {ago} s ago; "
                f"after {SILENT_SECONDS:.0f} s of silence it is free",
            )
        self._write()
        _LIVE.add(self._token)

    def beat(self) -> None:  # noqa: D102
        if time.monotonic() - self._last_beat < BEAT_SECONDS:
            return
        present = self._study.user_attrs.get(OWNER) or {}
        if present.get("token") != self._token:
            raise _in_use(self._study.study_name, self._where, f"another run took it over: {present}")
        self._write()

    def release(self) -> None:  # noqa: D102
        _LIVE.discard(self._token)
        if (self._study.user_attrs.get(OWNER) or {}).get("token") == self._token:
            self._study.set_user_attr(OWNER, None)

    def _write(self) -> None:
        """Write who we are and when we were alive."""
        self._last_beat = time.monotonic()
        me = {"token": self._token, "host": socket.gethostname(), "pid": os.getpid(), "time": time.time()}
        self._study.set_user_attr(OWNER, me)


def is_alive(owner: Mapping[str, Any]) -> bool:
    """Return whether a run may still be writing; on this machine a process that is gone is not.

    Example:
        >>> import time
        >>> is_alive({"token": "", "host": "another", "pid": 1, "time": time.time() - 2 * SILENT_SECONDS})
        False
    """
    if time.time() - owner["time"] > SILENT_SECONDS:
        return False
    if owner["host"] != socket.gethostname():
        return True
    if owner["pid"] == os.getpid():
        return owner["token"] in _LIVE
    try:
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _in_use(name: str, where: str, who: str) -> ConfigError:
    """Return the complaint about a study that another run owns."""
    return ConfigError(
        f'A study must have one run at a time, but "{name}" in {where} is in use ({who}). '
        "Wait until that run has ended, or give this one another name.",
        name=name,
        storage=where,
    )
