"""Any Python value in a form that can be kept and compared: by its parts, by its code, by its numbers.

What a user's module holds may be anything. Values that say themselves what they are equal to are asked; functions and
classes are compared by code and by what they have closed over; what nothing is known of is equal to itself only.
"""

from __future__ import annotations

import functools
import types
import weakref
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.recipe import Recipe

CODE = (types.FunctionType, types.MethodType, staticmethod, classmethod, property)
LEAVES = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    torch.dtype,
    torch.device,
    torch.Size,
    types.CodeType,
)
LIBRARIES = ("torch", "builtins", "abc", "typing", "collections")


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT = _Absent()


@dataclass(frozen=True)
class Parts:
    """A compound value: what kind it is, and its parts by name."""

    kind: str
    parts: Mapping[str, Any] = field(hash=False)

    def __repr__(self) -> str:
        return self.kind


@dataclass(frozen=True, eq=False)
class Opaque:
    """A value of which nothing is known: equal if it is the same object or says it is equal."""

    value: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Opaque):
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
class Values:
    """A tensor that is neither parameter nor buffer, copied: compared by every number."""

    values: Tensor

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Values):
            return False
        one, two = self.values, other.values
        same_form = one.dtype == two.dtype and one.shape == two.shape
        return same_form and torch.equal(torch.nan_to_num(one), torch.nan_to_num(two))

    def __hash__(self) -> int:
        return hash(self.values.shape)

    def __repr__(self) -> str:
        return f"{self.values.flatten()[:4].tolist()} of shape {tuple(self.values.shape)}"


class Freezer:
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
        kind = type(value).__qualname__
        if isinstance(value, weakref.ref):  # such as those of nn.LSTM to its own weights
            frozen: Any = Parts("weak reference", {})
        elif isinstance(value, Tensor):
            frozen = Values(value.detach().clone())
        elif isinstance(value, type):
            frozen = self._class(value)
        elif isinstance(value, CODE):
            frozen = self._code(value)
        elif isinstance(value, functools.partial):
            frozen = Parts(kind, self._each({"func": value.func, "args": value.args, **value.keywords}))
        elif isinstance(value, Mapping):
            frozen = Parts(kind, self._each({_key(key): part for key, part in value.items()}))
        elif isinstance(value, Set):
            frozen = (kind, frozenset(part if isinstance(part, LEAVES) else Opaque(part) for part in value))
        elif isinstance(value, Sequence):
            frozen = Parts(kind, self._each({str(place): part for place, part in enumerate(value)}))
        elif _is_plain(value):
            frozen = Parts(kind, self._each({"(class)": type(value), **vars(value)}))
        else:
            frozen = Opaque(value)
        return frozen

    def _each(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.freeze(part) for name, part in parts.items()}

    def _class(self, cls: type) -> Any:
        """Return a class's name, and the code of its methods where users wrote them."""
        parts: dict[str, Any] = {}
        for base in cls.__mro__:
            if base.__module__.partition(".")[0] in LIBRARIES:
                continue
            for name, value in vars(base).items():
                if name.startswith("__") and name not in ("__call__", "__init__"):
                    continue
                if isinstance(value, (*CODE, *LEAVES, Tensor)):
                    parts[name] = parts.get(name, self.freeze(value))
        return Parts(f"{cls.__module__}.{cls.__qualname__}", parts)

    def _code(self, value: Any) -> Any:
        """Return what a function does: its code, defaults and what it has closed over."""
        if isinstance(value, types.MethodType):
            return Parts(
                "method", {"function": self.freeze(value.__func__), "of": self.freeze(value.__self__)}
            )
        if isinstance(value, property):
            return Parts("property", {"get": self.freeze(value.fget)})
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
        return Parts(f"function {value.__qualname__}", parts)


def _is_plain(value: Any) -> bool:
    """Return whether an object is no more than its attributes, and does not say itself what it is equal to."""
    if not hasattr(value, "__dict__") or "__new__" in _defined(type(value)):
        return False
    return is_dataclass(value) or isinstance(value, Recipe) or "__eq__" not in _defined(type(value))


def _defined(cls: type) -> set[str]:
    return {name for base in cls.__mro__[:-1] for name in vars(base)}


def _key(key: Any) -> str:
    return key if isinstance(key, str) else repr(key)
