"""What modules of one pack must share: everything that is not the value of a parameter or buffer.

Lifting runs one trial's Python for all. A slope, a flag or a closure that differs between two trials would silently
be the first one's, so it is compared before: classes by their code, attributes by value, tensors that are no buffers
by every number. Dropout's rate is the one exception; the masks take it from each trial.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

from practicum.training.lift.frozen import ABSENT, Freezer, Parts, Values

TENSOR_SLOTS = ("_parameters", "_buffers", "_modules")


@dataclass(frozen=True)
class Signature:
    """Everything but tensors' values, by path.

    Attributes:
        entries: comparable values by path, e.g. ``layers.1.negative_slope``.
    """

    entries: Mapping[str, Any] = field(hash=False)

    def __hash__(self) -> int:
        return hash(tuple(self.entries))


def signature(module: nn.Module) -> Signature:
    """Return what ``module`` must share with the other modules of a pack.

    Example:
        >>> one, other = nn.Sequential(nn.LeakyReLU(0.1)), nn.Sequential(nn.LeakyReLU(0.9))
        >>> signature(one) == signature(other)
        False
    """
    return Signature(dict(_entries(module)))


@dataclass(frozen=True)
class Form:
    """What is compared of a tensor whose values may differ."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    learns: bool
    tied_to: str

    def __repr__(self) -> str:
        """Return it in words: "2 × 3 of float32, frozen"."""
        size = " × ".join(map(str, self.shape)) or "a number"
        notes = ["frozen"] * (not self.learns) + [f"tied to {self.tied_to}"] * bool(self.tied_to)
        return ", ".join([f"{size} of {str(self.dtype).removeprefix('torch.')}", *notes])


def difference(a: nn.Module | Signature, b: nn.Module | Signature) -> str:
    """Return the first thing in which two modules differ, in words; empty if there is none.

    Example:
        >>> difference(nn.Sequential(nn.LeakyReLU(0.1)), nn.Sequential(nn.LeakyReLU(0.9)))
        '0.negative_slope: 0.1 against 0.9'
    """
    mine = (a if isinstance(a, Signature) else signature(a)).entries
    theirs = (b if isinstance(b, Signature) else signature(b)).entries
    for path in [*mine, *(name for name in theirs if name not in mine)]:
        one, other = mine.get(path, ABSENT), theirs.get(path, ABSENT)
        if one != other:
            return _told(path, one, other)
    return ""


def state_change(before: Signature, after: Signature) -> str:
    """Return what a module has changed in itself, in words; a tensor put where nothing was does not count.

    Many modules leave a tensor behind to be looked at; whoever goes on to compute with it is found by value.
    """
    mine, theirs = before.entries, after.entries
    for path in [*mine, *(name for name in theirs if name not in mine)]:
        one, other = mine.get(path, ABSENT), theirs.get(path, ABSENT)
        left = (one is None or one is ABSENT) and isinstance(other, Values)
        if not left and one != other:
            return _told(path, one, other)
    return ""


def _told(path: str, one: Any, other: Any) -> str:
    """Return a difference in words, going down to the part that differs."""
    if isinstance(one, Parts) and isinstance(other, Parts) and one.kind == other.kind:
        for name in [*one.parts, *(key for key in other.parts if key not in one.parts)]:
            mine, theirs = one.parts.get(name, ABSENT), other.parts.get(name, ABSENT)
            if mine != theirs:
                return _told(f"{path}.{name}", mine, theirs)
    return f"{path}: {_short(one)} against {_short(other)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _entries(module: nn.Module) -> Iterator[tuple[str, Any]]:
    """Yield everything but the tensors' values, by path."""
    freezer = Freezer(module)
    first_name: dict[int, str] = {}
    for path, part in module.named_modules(remove_duplicate=False):
        start = f"{path}." if path else ""
        if id(part) in first_name:
            yield f"{start}(same as)", first_name[id(part)]
            continue
        first_name[id(part)] = path
        yield f"{start}(class)", freezer.freeze(type(part))
        for store in (part._parameters, part._buffers):
            for name, tensor in store.items():
                yield f"{start}{name}", _form(tensor, f"{start}{name}", first_name)
        for name, value in vars(part).items():
            if name in TENSOR_SLOTS or "state_dict" in name:
                continue
            if "_hooks" in name and isinstance(value, dict):  # its keys count all hooks there ever were
                if value:
                    yield f"{start}{name}", freezer.freeze(list(value.values()))
                continue
            if name == "p" and isinstance(part, _DropoutNd):
                continue
            yield f"{start}{name}", freezer.freeze(value)


def _form(tensor: Tensor | None, name: str, first_name: dict[int, str]) -> Any:
    """Return a tensor's form: shape, type, whether it learns, which other name it has."""
    if tensor is None:
        return None
    tied_to = first_name.setdefault(id(tensor), name)
    return Form(tuple(tensor.shape), tensor.dtype, tensor.requires_grad, "" if tied_to == name else tied_to)
