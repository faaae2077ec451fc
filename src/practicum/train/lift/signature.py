"""What modules of one pack must share: everything that is not the value of a parameter or buffer.

Lifting runs one trial's Python for all. A slope, a flag or a closure that differs between two trials would silently
be the first one's, so it is compared before: classes by their code, attributes by value, tensors that are no buffers
by every number. Dropout's rate is the one exception; the masks take it from each trial.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

TENSOR_SLOTS = ("_parameters", "_buffers", "_modules")
CODE = (types.FunctionType, types.MethodType, staticmethod, classmethod, property)
LEAVES = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size, types.CodeType)


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
        left = (one is None or one is ABSENT) and isinstance(other, _Values)
        if not left and one != other:
            return _told(path, one, other)
    return ""


def _told(path: str, one: Any, other: Any) -> str:
    """Return a difference in words, going down to the part that differs."""
    if isinstance(one, _Parts) and isinstance(other, _Parts) and one.kind == other.kind:
        for name in [*one.parts, *(key for key in other.parts if key not in one.parts)]:
            mine, theirs = one.parts.get(name, ABSENT), other.parts.get(name, ABSENT)
            if mine != theirs:
                return _told(f"{path}.{name}", mine, theirs)
    return f"{path}: {_short(one)} against {_short(other)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT = _Absent()


@dataclass(frozen=True)
class _Parts:
    """A compound value: what kind it is, and its parts by name."""

    kind: str
    parts: Mapping[str, Any] = field(hash=False)

    def __repr__(self) -> str:
        return self.kind


@dataclass(frozen=True, eq=False)
class _Opaque:
    """A value of which nothing is known: equal if it is the same object or says it is equal."""

    value: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Opaque):
            return False
        if self.value is other.value:
            return True
        try:
            return type(self.value) is type(other.value) and (self.value == other.value) is True
        except Exception:  # noqa: BLE001 - what cannot be compared counts as different
            return False

    def __hash__(self) -> int:
        return hash(type(self.value))

    def __repr__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True, eq=False)
class _Values:
    """A tensor that is neither parameter nor buffer, copied: compared by every number."""

    values: Tensor

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Values):
            return False
        one, two = self.values, other.values
        same_form = one.dtype == two.dtype and one.shape == two.shape
        return same_form and torch.equal(torch.nan_to_num(one), torch.nan_to_num(two))

    def __hash__(self) -> int:
        return hash(self.values.shape)

    def __repr__(self) -> str:
        return f"{self.values.flatten()[:4].tolist()} of shape {tuple(self.values.shape)}"


def _entries(module: nn.Module) -> Iterator[tuple[str, Any]]:
    """Yield everything but the tensors' values, by path."""
    freezer = _Freezer(module)
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
            if name in TENSOR_SLOTS or (name.endswith("_hooks") and not value):
                continue
            if name == "p" and isinstance(part, _DropoutNd):
                continue
            yield f"{start}{name}", freezer.freeze(value)


def _form(tensor: Tensor | None, name: str, first_name: dict[int, str]) -> Any:
    """Return a tensor's form: shape, type, whether it learns, which other name it has."""
    if tensor is None:
        return None
    tied_to = first_name.setdefault(id(tensor), name)
    return (tuple(tensor.shape), tensor.dtype, tensor.requires_grad, "" if tied_to == name else tied_to)


class _Freezer:
    """Turns values into comparable ones that do not change any more; cycles end where they began."""

    def __init__(self, root: nn.Module) -> None:
        self._own = {id(part): path for path, part in root.named_modules()}
        for tensors in (root.named_parameters(), root.named_buffers()):
            self._own |= {id(tensor): path for path, tensor in tensors}
        self._root = root
        self._open: dict[int, int] = {}

    def freeze(self, value: Any) -> Any:
        """Return ``value`` in a form that can be kept and compared."""
        if isinstance(value, LEAVES):
            return value
        if id(value) in self._own:
            return f"(the module's {self._own[id(value)] or 'self'})"
        if id(value) in self._open:
            return f"(level {self._open[id(value)]})"
        self._open[id(value)] = len(self._open)
        try:
            return self._compound(value)
        finally:
            del self._open[id(value)]

    def _compound(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            return _Values(value.detach().clone())
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, CODE):
            return self._code(value)
        kind = type(value).__qualname__
        if isinstance(value, Mapping):
            return _Parts(kind, {_key(key): self.freeze(part) for key, part in value.items()})
        if isinstance(value, Set):
            return (kind, frozenset(_Opaque(part) if not isinstance(part, LEAVES) else part for part in value))
        if isinstance(value, Sequence):
            return _Parts(kind, {str(place): self.freeze(part) for place, part in enumerate(value)})
        if hasattr(value, "__dict__") and type(value).__eq__ is object.__eq__ and not callable(value):
            parts = {name: self.freeze(part) for name, part in vars(value).items()}
            return _Parts(kind, {"(class)": self.freeze(type(value)), **parts})
        return _Opaque(value)

    def _class(self, cls: type) -> Any:
        """Return a class's name, and the code of its methods where users wrote them."""
        parts: dict[str, Any] = {}
        for base in cls.__mro__:
            if base.__module__.partition(".")[0] in ("torch", "builtins", "abc", "typing", "collections"):
                continue
            for name, value in vars(base).items():
                if name.startswith("__") and name not in ("__call__", "__init__"):
                    continue
                if isinstance(value, (*CODE, *LEAVES, Tensor)):
                    parts[name] = parts.get(name, self.freeze(value))
        return _Parts(f"{cls.__module__}.{cls.__qualname__}", parts)

    def _code(self, value: Any) -> Any:
        """Return what a function does: its code, defaults and what it has closed over."""
        if isinstance(value, types.MethodType):
            return _Parts("method", {"function": self.freeze(value.__func__), "of": self.freeze(value.__self__)})
        if isinstance(value, property):
            return _Parts("property", {"get": self.freeze(value.fget)})
        if isinstance(value, (staticmethod, classmethod)):
            return self.freeze(value.__func__)
        parts: dict[str, Any] = {
            "code": value.__code__,
            "defaults": self.freeze(value.__defaults__),
            "keyword defaults": self.freeze(value.__kwdefaults__),
        }
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
            try:
                parts[name] = self.freeze(cell.cell_contents)
            except ValueError:  # an empty cell
                parts[name] = ABSENT
        return _Parts(f"function {value.__qualname__}", parts)


def _key(key: Any) -> str:
    return key if isinstance(key, str) else repr(key)
