"""The weights of a committee in one safetensors file, which any tool can open; no pickle.

A tensor is called ``<member>.<parameter>``, e.g. ``2.layers.0.weight``: member 2 as a plain, unpadded
``state_dict``. The metadata are strings with JSON inside; a digest tells a damaged file, which safetensors
alone would not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from practicum.core.errors import RecordError

FORMAT = 2
"""Version of the naming and of the metadata."""

Members = list[dict[str, Tensor]]


def save_members(path: Path, members: Sequence[Mapping[str, Tensor]], metadata: Mapping[str, Any]) -> None:
    """Write ``members`` and ``metadata`` to ``path``.

    Args:
        path: the file to write.
        members: the ``state_dict`` of each member, in order; views into bigger tensors are welcome.
        metadata: what else a reader needs (activation, sizes, …); values must be JSON.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as home:
        ...     save_members(Path(home) / "m", [{"bias": torch.zeros(2)}], {"activation": "tanh"})
        ...     load_members(Path(home) / "m")
        ([{'bias': tensor([0., 0.])}], {'activation': 'tanh'})
    """
    tensors = {
        f"{number}.{name}": tensor.detach().to("cpu", copy=True).contiguous()
        for number, member in enumerate(members)
        for name, tensor in member.items()
    }
    own = {"practicum_format": FORMAT, "num_members": len(members), "digest": _digest(tensors)}
    strings = {key: json.dumps(value) for key, value in {**metadata, **own}.items()}
    # Bytes written by ourselves, so that a full disk is an OSError like everywhere else.
    path.write_bytes(save(tensors, metadata={"format": "pt", **strings}))


def load_members(path: Path) -> tuple[Members, dict[str, Any]]:
    """Return the members and the metadata that :func:`save_members` wrote to ``path``.

    Raises:
        RecordError: if the file is absent, damaged, no file of ours, or of another format.
    """
    try:
        with safe_open(path, framework="pt") as file:
            strings = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (OSError, SafetensorError) as error:
        raise _damaged(path, str(error)) from None
    if strings.get("practicum_format") != str(FORMAT):
        found = strings.get("practicum_format")
        raise RecordError(
            f"`weights` must have format {FORMAT}, but {path} has format={found}. "
            f"Read it with the version of practicum that wrote it, or train again.",
            file=path,
            format=found,
        )
    try:
        metadata = {key: json.loads(value) for key, value in strings.items() if key != "format"}
        del metadata["practicum_format"]
        count, digest = metadata.pop("num_members"), metadata.pop("digest")
        members: Members = [{} for _ in range(count)]
        for name, tensor in tensors.items():
            number, _, parameter = name.partition(".")
            members[int(number)][parameter] = tensor
    except (ValueError, TypeError, LookupError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None
    if digest != _digest(tensors):
        raise _damaged(path, "its numbers changed after it was written")
    return members, metadata


def _digest(tensors: Mapping[str, Tensor]) -> str:
    """Return a hash of all names, types, shapes and numbers."""
    total = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(tensors.items()):
        total.update(f"{name} {tensor.dtype} {tuple(tensor.shape)};".encode())
        total.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return total.hexdigest()


def _damaged(path: Path, reason: str) -> RecordError:
    """Return the error for a file that cannot be used."""
    return RecordError(
        f"`weights` must be undamaged, but {path} is not ({reason}). Restore it from a copy or train again.",
        file=path,
    )
