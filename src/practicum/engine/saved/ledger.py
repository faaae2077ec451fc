"""The folder of a race that may be killed: packs that come one after the other, and all that they told.

A race that is begun again in the same folder asks for the same packs again and finds here how far each had come.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from practicum.engine.crew.piece import Piece
from practicum.engine.plans.plan import Plan
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.store import catch_up, locked, pieces_of, read_pieces, write_pieces
from practicum.engine.saved.told import Told


class Ledger:
    """What is in the folder. Inside ``with`` no other process may use it.

    Args:
        checkpoints: where; the folder is made if absent.

    Raises:
        ConfigError: on entering, if another process uses the folder or it cannot be written.
    """

    def __init__(self, checkpoints: Checkpoints) -> None:
        self._checkpoints = checkpoints

    def __enter__(self) -> Self:
        """Lock the folder."""
        self._lock = locked(self._checkpoints.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let others use the folder."""
        self._lock.close()

    def has(self, index: int) -> bool:
        """Return whether pack ``index`` was begun."""
        return self._checkpoints.journal(f"pack-{index:03}").exists() or self._path(index).exists()

    def open(self, index: int, plan: Plan, fingerprint: str) -> tuple[list[Piece], list[Told]]:
        """Return the pieces of pack ``index`` as far as they have come, and what they have told.

        Raises:
            RecordError: if a file is damaged or belongs to other recipes or data.
        """
        pieces = read_pieces(self._path(index), fingerprint)
        if pieces is None:
            pieces = pieces_of(index, plan)
            if len(pieces) > 1:  # next time they may be cut elsewhere, where another time was measured
                self.write_pieces(index, pieces, fingerprint)
        return pieces, catch_up(self._checkpoints, pieces, plan, fingerprint)

    def write_pieces(self, index: int, pieces: Sequence[Piece], fingerprint: str) -> None:
        """Write down into which pieces pack ``index`` was halved; before a new one is begun."""
        write_pieces(self._path(index), pieces, fingerprint)

    def _path(self, index: int) -> Path:
        return self._checkpoints.folder / f"pack-{index:03}.json"
