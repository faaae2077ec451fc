"""One code for what workers say and what checkpoints hold: JSON and tensors in the safetensors format, no pickle.

A sum over all numbers tells damaged bytes, which safetensors alone would not.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from practicum.core.errors import RecordError

META = "practicum"
"""Key of our JSON in the metadata of the file."""

LENGTH_BYTES = 8
"""How safetensors begins: the length of its header, little-endian."""


def encode(meta: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> bytes:
    """Return ``meta`` and ``tensors`` as bytes.

    Args:
        meta: what JSON can hold; NaN and infinities are kept, tuples become lists.
        tensors: by name, on any device; views are welcome.

    Example:
        >>> decode(encode({"step": 3, "loss": float("inf")}, {"w": torch.zeros(2)}))
        ({'step': 3, 'loss': inf}, {'w': tensor([0., 0.])})
    """
    mine = {name: _whole(tensor) for name, tensor in tensors.items()}
    text = json.dumps({"meta": meta, "sum": _sum(mine)})
    return bytes(save(mine, metadata={META: text}))


def decode(data: bytes, source: str = "a message") -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return what :func:`encode` was given.

    Args:
        data: the bytes.
        source: where they come from, for the message.

    Raises:
        RecordError: if the bytes are damaged or not ours.
    """
    try:
        header = _header(data[: LENGTH_BYTES + _length(data)])
        tensors = load(data)
        whole = header["sum"] == _sum(tensors)
    except (SafetensorError, ValueError, LookupError, TypeError) as error:
        raise damaged(source, f"{type(error).__name__}: {error}") from None
    if not whole:
        raise damaged(source, "its numbers changed after it was written")
    return header["meta"], tensors


def read_meta(path: Path) -> dict[str, Any]:
    """Return only the ``meta`` of a file that holds the bytes of :func:`encode`.

    Raises:
        RecordError: if the file is absent, damaged or not ours.
    """
    try:
        with path.open("rb") as file:
            start = file.read(LENGTH_BYTES)
            meta: dict[str, Any] = _header(start + file.read(_length(start)))["meta"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise damaged(str(path), f"{type(error).__name__}: {error}") from None
    return meta


def _whole(tensor: Tensor) -> Tensor:
    """Return the numbers of ``tensor`` in one piece of memory that no other tensor shares."""
    mine = tensor.detach().to("cpu").contiguous()
    return mine if mine.numel() * mine.element_size() == mine.untyped_storage().nbytes() else mine.clone()


def _length(data: bytes) -> int:
    """Return the length of the header that follows the first bytes."""
    if len(data) < LENGTH_BYTES:
        raise ValueError("too short")
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    if length > 100_000_000:
        raise ValueError("no safetensors")
    return length


def _header(data: bytes) -> dict[str, Any]:
    """Return our part of the header."""
    found: dict[str, Any] = json.loads(json.loads(data[LENGTH_BYTES:])["__metadata__"][META])
    return found


def _sum(tensors: Mapping[str, Tensor]) -> int:
    """Return a sum over names, types, shapes and numbers."""
    total = 0
    for name, tensor in sorted(tensors.items()):
        total = zlib.crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)};".encode(), total)
        if tensor.numel():
            total = zlib.crc32(tensor.reshape(-1).view(torch.uint8).numpy().data, total)
    return total


def damaged(source: str, reason: str) -> RecordError:
    """Return the error for bytes that cannot be used."""
    return RecordError(
        f"`checkpoint` must be undamaged, but {source} is not ({reason}). Remove it to begin anew.",
        source=source,
    )
