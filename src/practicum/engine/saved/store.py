"""The folder of a run that may be killed: what was trained in which pieces, and all that they told.

A run that is begun again in the same folder, with the same recipes and data, goes on from there.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from practicum.core.errors import ConfigError
from practicum.engine.crew.piece import Piece
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import checkpoint, journal, wire
from practicum.engine.saved.checkpoint import FORMAT, Checkpoints
from practicum.engine.saved.told import Told, from_wire

PIECES, LOCK = "pieces.json", "lock"
PATIENCE_SECONDS = 5.0
"""Workers of a run that was just killed may need a moment to notice."""


def first_pieces(plans: Sequence[Plan]) -> list[Piece]:
    """Return a piece for each plan."""
    return [Piece(f"pack-{i:03}", i, tuple(plan.trials)) for i, plan in enumerate(plans)]


class Store:
    """What is in the folder. Inside ``with`` no other process may use it.

    Args:
        checkpoints: where; the folder is made if absent.
        plans: what is trained.
        fingerprints: of the plans.

    Attributes:
        pieces: of the run, as far as they have come.
        told: what they have told so far.

    Raises:
        RecordError: on entering, if the folder is damaged or belongs to other recipes or data.
        ConfigError: on entering, if another process uses it or it cannot be written.
    """

    def __init__(self, checkpoints: Checkpoints, plans: Sequence[Plan], fingerprints: Sequence[str]) -> None:
        self._checkpoints, self._plans, self._fingerprints = checkpoints, plans, fingerprints
        self._whole = hashlib.blake2b("".join(fingerprints).encode(), digest_size=16).hexdigest()
        self.pieces: list[Piece] = []
        self.told: list[Told] = []

    def __enter__(self) -> Self:
        """Lock the folder and read what is there."""
        folder = self._checkpoints.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / LOCK).open("wb")
        except OSError as error:
            raise ConfigError(
                f"`folder` must be a folder that can be written, but {folder} is not ({error}). Choose another.",
                folder=folder,
            ) from None
        try:
            _take(self._lock, folder)
            checkpoint.clean(folder)
            self._read()
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let others use the folder."""
        self._lock.close()

    def write_pieces(self) -> None:
        """Write down which pieces there are; before a new one is begun."""
        pieces = [
            {"name": p.name, "plan": p.plan, "members": p.members, "sources": p.sources[1:]}
            for p in self.pieces
        ]
        found = {"format": FORMAT, "fingerprint": self._whole, "pieces": pieces}
        checkpoint.replace(self._path, json.dumps(found, indent=1).encode())

    @property
    def _path(self) -> Path:
        return self._checkpoints.folder / PIECES

    def _read(self) -> None:
        """Find out how far the run has come."""
        try:
            found = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            self.pieces = first_pieces(self._plans)
            self.write_pieces()
        except ValueError as error:
            raise wire.damaged(str(self._path), str(error)) from None
        else:
            checkpoint.check(self._path, found, self._whole)
            self.pieces = [
                Piece(one["name"], one["plan"], tuple(one["members"]), tuple(one["sources"]))
                for one in found["pieces"]
            ]
        heard: dict[str, list[Told]] = {}
        for piece in self.pieces:
            for source in reversed(piece.sources):  # the oldest first; two halves share what was before
                if source not in heard:
                    heard[source] = self._replay(source, piece.plan)
                    self.told += heard[source]
                for told in heard[source]:
                    piece.accept(told)
            piece.training = tuple(t for t in piece.members if t not in piece.collected)

    def _replay(self, name: str, plan: int) -> list[Told]:
        """Return what a piece told up to its checkpoint."""
        path = self._checkpoints.file(name)
        meta: dict[str, Any] | None = checkpoint.read_meta(path, self._fingerprints[plan])
        length = 0 if meta is None else meta["journal"]
        recipes = self._plans[plan].by_trial
        return [
            from_wire(*wire.decode(message, str(path)), recipes)
            for message in journal.messages(self._checkpoints.journal(name), length)
        ]


def _take(lock: IO[bytes], folder: Path) -> None:
    """Keep other processes away until the file is closed, here and in all workers."""
    if os.name != "posix":
        return
    import fcntl

    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() < ends:
                time.sleep(0.05)
                continue
            raise ConfigError(
                f"`folder` must belong to one run at a time, but {folder} is in use by another process. "
                "Wait for it, or choose another folder.",
                folder=folder,
            ) from None
        return
