"""A journal: what a pack told, rung after rung, one message behind the other in a file that only grows.

A checkpoint names the length of the journal at its moment; what stands behind that is forgotten when the pack goes on
from the checkpoint, because it is told again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from practicum.core.errors import RecordError

LENGTH_BYTES = 8


class Journal:
    """A journal that is being written.

    Args:
        path: of the file; made if absent.
        length: bytes to keep of what is there.
    """

    def __init__(self, path: Path, length: int) -> None:
        path.touch()
        self._file = path.open("r+b")
        self._file.truncate(length)
        self._file.seek(length)

    def append(self, message: bytes) -> None:
        """Write ``message`` behind the others."""
        self._file.write(len(message).to_bytes(LENGTH_BYTES, "little"))
        self._file.write(message)

    def sync(self) -> int:
        """Wait until all is on the disk and return the length in bytes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def messages(path: Path, length: int) -> Iterator[bytes]:
    """Yield the messages in the first ``length`` bytes of the journal at ``path``.

    Raises:
        RecordError: if the file is shorter or is no journal.
    """
    if not length:
        return
    data = path.read_bytes() if path.exists() else b""
    place = 0
    while place < length:
        start = place + LENGTH_BYTES
        place = start + int.from_bytes(data[place:start], "little")
        if place > min(length, len(data)):
            raise RecordError(
                f"`journal` must hold what its checkpoint counts on, but {path} ends early or is damaged. "
                "Choose a new folder.",
                file=path,
            )
        yield data[start:place]
