"""Checkpoints: one file for the state of a pack, replaced as a whole, and when it is time to write one.

Whenever a process is killed, the old file or the new one is there, never a half. What a pack told up to its checkpoint
stands in its journal (:mod:`practicum.engine.saved.journal`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from practicum.core.errors import RecordError
from practicum.engine.saved import wire
from practicum.training.snapshot import Snapshot

FORMAT = 2
"""Version of the files."""

VALIDATED_SHARE = 1 / 3
"""After an evaluation a checkpoint is due in so much of the usual time: 10 of 30 seconds."""

HALF_WRITTEN = ".part"
"""End of the name of a file that is being written."""


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Where checkpoints lie and how often they are written.

    Attributes:
        folder: one file a pack.
        every_seconds: at most so long between two.
        lasting: whether they shall survive this process and a power cut; else they only replace workers that died.

    Example:
        >>> checkpoints = Checkpoints(Path("run"))
        >>> checkpoints.due(12.0, validated=False), checkpoints.due(12.0, validated=True)
        (False, True)
    """

    folder: Path
    every_seconds: float = 30.0
    lasting: bool = True

    def file(self, piece: str) -> Path:
        """Return where the checkpoint of ``piece`` lies."""
        return self.folder / f"{piece}.safetensors"

    def journal(self, piece: str) -> Path:
        """Return where the journal of ``piece`` lies."""
        return self.folder / f"{piece}.journal"

    def due(self, seconds: float, *, validated: bool) -> bool:
        """Return whether one is due, ``seconds`` after the last, in a rung with or without an evaluation."""
        return seconds >= self.every_seconds * (VALIDATED_SHARE if validated else 1)


def write(path: Path, snapshot: Snapshot, *, lasting: bool = True) -> None:
    """Put ``snapshot`` in the place of what ``path`` held.

    Args:
        path: in a folder that exists.
        snapshot: the state.
        lasting: whether to wait until it is on the disk.
    """
    replace(path, wire.encode({"format": FORMAT, **snapshot.meta}, snapshot.tensors), lasting=lasting)


def replace(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Put ``data`` in the place of what ``path`` held; at every moment one of both is there, whole."""
    half = path.with_name(path.name + HALF_WRITTEN)
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        if lasting:
            os.fsync(file.fileno())
    half.replace(path)
    if lasting:
        _sync_folder(path.parent)


def read(path: Path, fingerprint: str) -> Snapshot | None:
    """Return the state that ``path`` holds, or ``None`` if there is no such file.

    Args:
        path: of a file by :func:`write`.
        fingerprint: what the state's ``meta`` must have under that name.

    Raises:
        RecordError: if the file is damaged or belongs to other recipes or data.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    meta, tensors = wire.decode(data, str(path))
    check(path, meta, fingerprint)
    return Snapshot(meta, tensors)


def read_meta(path: Path, fingerprint: str) -> dict[str, Any] | None:
    """Return the plain part of :func:`read`, without reading the rest.

    Raises:
        RecordError: as :func:`read`.
    """
    if not path.exists():
        return None
    meta = wire.read_meta(path)
    check(path, meta, fingerprint)
    return meta


def check(path: Path, meta: dict[str, Any], fingerprint: str) -> None:
    """Refuse a file of another format, or of other recipes or data.

    Raises:
        RecordError: if it is one.
    """
    if meta.get("format") != FORMAT:
        raise RecordError(
            f"`checkpoint` must have format {FORMAT}, but {path} has format={meta.get('format')}. "
            "Go on with the version of practicum that wrote it, or choose a new folder.",
            file=path,
        )
    if meta.get("fingerprint") != fingerprint:
        raise RecordError(
            f"`checkpoint` must belong to these recipes and data, but {path} belongs to others. "
            "Go on with the recipes and data it was begun with, or choose a new folder.",
            file=path,
        )


def clean(folder: Path) -> None:
    """Remove what was half written when a process was killed."""
    for path in folder.glob(f"*{HALF_WRITTEN}"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk, where a system can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
