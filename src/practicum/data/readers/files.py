"""Opening a file: is it there, may we read it, is it compressed, and is the compression sound.

Compression is recognised by the first bytes, never by the name: files get renamed.
"""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

import zstandard

from practicum.core.errors import DataError, nearest

Compression = Literal["", ".gz", ".bz2", ".zst"]
MAGIC: dict[bytes, Compression] = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\x28\xb5\x2f\xfd": ".zst"}


def first_bytes(path: Path, count: int = 16) -> bytes:
    """Return the first bytes of an existing, readable, non-empty file.

    Raises:
        DataError: if it is absent (the nearest name of its folder is offered), a folder, not readable or empty.
    """
    try:
        _check_is_file(path)
        with path.open("rb") as stream:
            head = stream.read(count)
    except DataError:
        raise
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(_absent(path), source=str(path)) from None
    except PermissionError:
        message = (
            f'`source` must be readable, but got source="{path}" (permission denied). Allow it: chmod +r.'
        )
        raise DataError(message, source=str(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        message = (
            f'`source` must be a path that opens, but got source="{path}" ({brief(error)}). Check the path.'
        )
        raise DataError(message, source=str(path)) from None
    if not head:
        message = (
            f'`source` must hold at least one row, but got source="{path}" (an empty file). Name another.'
        )
        raise DataError(message, source=str(path))
    return head


def _check_is_file(path: Path) -> None:
    """Raise if the path is a folder, or something that cannot be read twice."""
    if path.is_dir():
        message = f'`source` must be a file, but got source="{path}" (a folder). Name one file in it.'
        raise DataError(message, source=str(path))
    if path.exists() and not path.is_file():
        message = (
            f'`source` must be a file, but got source="{path}" (a pipe or device). Save it to a file first.'
        )
        raise DataError(message, source=str(path))


def brief(error: object) -> str:
    """Return the first line of another library's error, fit to stand inside one of ours.

    Example:
        >>> brief(ValueError("bad  cell."))
        'bad cell'
    """
    return " ".join(str(error).strip().split("\n", 1)[0].split())[:200].rstrip(" .") or type(error).__name__


def _absent(path: Path) -> str:
    """Return the message for a path that does not exist."""
    folder = path.parent
    if not folder.is_dir():
        return (
            f'`source` must exist, but got source="{path}" (there is no folder "{folder}"). Check the path.'
        )
    near = nearest(path.name, [each.name for each in folder.iterdir()]) or " Check the path."
    return f'`source` must exist, but got source="{path}" (no such file).{near}'


def compression_of(head: bytes) -> Compression:
    """Return how a file that starts with ``head`` is compressed, as a suffix; "" when it is not.

    Example:
        >>> compression_of(bytes([0x1F, 0x8B, 8]))
        '.gz'
    """
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), "")


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Turn the many exceptions of a broken compressed stream into one DataError."""
    try:
        yield
    except (EOFError, zlib.error, OSError) as error:
        raise damaged(path, "compressed file", error) from None
    except Exception as error:  # ZstdError has no stdlib base, and its module may be absent
        if type(error).__name__ != "ZstdError":
            raise
        raise damaged(path, "compressed file", error) from None


def damaged(path: Path, kind: str, reason: object) -> DataError:
    """Return the error for a file that is cut short or altered."""
    return DataError(
        f'`source` must be an undamaged {kind}, but got source="{path}" (damaged or cut short: {brief(reason)}). '
        "Copy or download it again.",
        source=str(path),
        reason=brief(reason),
    )


def open_bytes(path: Path) -> IO[bytes]:
    """Return a stream of the decompressed bytes; read it under :func:`sound`."""
    kind = compression_of(first_bytes(path))
    if kind == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if kind == ".bz2":
        return bz2.open(path, "rb")
    if kind == ".zst":
        stream: IO[bytes] = zstandard.open(path, "rb")
        return io.BufferedReader(stream)  # type: ignore[type-var]  # a raw stream without readline
    return path.open("rb")


def read_bytes(path: Path) -> bytes:
    """Return all decompressed bytes of a file.

    Raises:
        DataError: if the compressed stream is damaged or ends early.
    """
    with sound(path):
        if compression_of(first_bytes(path)) == ".zst":
            decoder = zstandard.ZstdDecompressor().decompressobj()
            data: bytes = decoder.decompress(path.read_bytes())
            if not decoder.eof:  # the stream reader would end silently
                raise EOFError("the zstd frame is incomplete")
            return data
        with open_bytes(path) as stream:
            return stream.read()


def first_lines(path: Path, count: int, max_bytes: int = 1 << 25) -> tuple[bytes, bool]:
    """Return the first decompressed lines of a text file, cut outside quotes, and whether they are all.

    Args:
        path: an existing file.
        count: lines at most.
        max_bytes: bytes at most, to the end of a line.
    """
    with sound(path), open_bytes(path) as stream:
        lines = stream.readlines(max_bytes)
        whole = len(lines) <= count and not stream.read(1)
    lines = lines[:count]
    is_open = not whole and sum(line.count(b'"') for line in lines) % 2 == 1
    while is_open and lines:
        is_open = lines.pop().count(b'"') % 2 == 0
    return b"".join(lines), whole
