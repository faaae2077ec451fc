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
from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import checkpoint, journal, wire
from practicum.engine.saved.checkpoint import FORMAT, Checkpoints
from practicum.engine.saved.told import Told, from_wire

PIECES, LOCK = "pieces.json", "lock"
PATIENCE_SECONDS = 5.0
"""Workers of a run that was just killed may need a moment to notice."""


def pieces_of(index: int, plan: Plan) -> list[Piece]:
    """Return the pieces that ``plan`` is begun in: the whole, or as many as its programs may hold trials."""
    parts, name = dealt(plan.trials, plan.largest or len(plan.trials)), f"pack-{index:03}"
    if len(parts) == 1:
        return [Piece(name, index, parts[0])]
    return [Piece(f"{name}-{place:02}", index, part) for place, part in enumerate(parts)]


def first_pieces(plans: Sequence[Plan]) -> list[Piece]:
    """Return the pieces that ``plans`` are begun in."""
    return [piece for index, plan in enumerate(plans) for piece in pieces_of(index, plan)]


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
        self._lock = locked(self._checkpoints.folder)
        try:
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
        write_pieces(self._path, self.pieces, self._whole)

    @property
    def _path(self) -> Path:
        return self._checkpoints.folder / PIECES

    def _read(self) -> None:
        """Find out how far the run has come."""
        found = read_pieces(self._path, self._whole)
        if found is None:
            self.pieces = first_pieces(self._plans)
            self.write_pieces()
        else:
            self.pieces = found
        by_plan = [[piece for piece in self.pieces if piece.plan == i] for i in range(len(self._plans))]
        for plan, fingerprint, pieces in zip(self._plans, self._fingerprints, by_plan, strict=True):
            self.told += catch_up(self._checkpoints, pieces, plan, fingerprint)


def write_pieces(path: Path, pieces: Sequence[Piece], fingerprint: str) -> None:
    """Write ``pieces`` down at ``path``, which is replaced as a whole."""
    plain = [{"name": p.name, "plan": p.plan, "members": p.members, "sources": p.sources[1:]} for p in pieces]
    found = {"format": FORMAT, "fingerprint": fingerprint, "pieces": plain}
    checkpoint.replace(path, json.dumps(found, indent=1).encode())


def read_pieces(path: Path, fingerprint: str) -> list[Piece] | None:
    """Return what :func:`write_pieces` wrote at ``path``, or ``None`` if there is no such file.

    Raises:
        RecordError: if the file is damaged or belongs to other recipes or data.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise wire.damaged(str(path), str(error)) from None
    checkpoint.check(path, found, fingerprint)
    return [
        Piece(one["name"], one["plan"], tuple(one["members"]), tuple(one["sources"]))
        for one in found["pieces"]
    ]


def catch_up(checkpoints: Checkpoints, pieces: Sequence[Piece], plan: Plan, fingerprint: str) -> list[Told]:
    """Bring ``pieces``, new ones of one plan, to where their checkpoints stand; return all that was told until then.

    Raises:
        RecordError: if a file is damaged or belongs to other recipes or data.
    """
    heard: dict[str, list[Told]] = {}
    for piece in pieces:
        for source in reversed(piece.sources):  # the oldest first; two halves share what was before
            if source not in heard:
                heard[source] = _replay(checkpoints, source, plan, fingerprint)
            for told in heard[source]:
                piece.accept(told)
        piece.training = tuple(t for t in piece.members if t not in piece.collected)
    return [told for each in heard.values() for told in each]


def _replay(checkpoints: Checkpoints, name: str, plan: Plan, fingerprint: str) -> list[Told]:
    """Return what a piece told up to its checkpoint."""
    path = checkpoints.file(name)
    meta: dict[str, Any] | None = checkpoint.read_meta(path, fingerprint)
    length = 0 if meta is None else meta["journal"]
    recipes = plan.by_trial
    return [
        from_wire(*wire.decode(message, str(path)), recipes)
        for message in journal.messages(checkpoints.journal(name), length)
    ]


def locked(folder: Path) -> IO[bytes]:
    """Make ``folder`` if it is absent, keep other processes out, and remove what was half written.

    Returns:
        The lock; whoever closes it lets the others in.

    Raises:
        ConfigError: if another process uses the folder or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("wb")
    except OSError as error:
        raise ConfigError(
            f"`folder` must be a folder that can be written, but {folder} is not ({error}). Choose another.",
            folder=folder,
        ) from None
    try:
        _take(lock, folder)
        checkpoint.clean(folder)
    except BaseException:
        lock.close()
        raise
    return lock


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
