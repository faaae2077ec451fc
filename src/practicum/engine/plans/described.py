"""What a user's function does, as text: for keys and fingerprints that must change when its code does."""

from __future__ import annotations

import functools
import re
import types

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def described(function: object) -> str:
    """Return a text that is equal for equal code; closed-over values are not looked at.

    Args:
        function: a function, a method, a partial, an object with ``__call__``, or anything with a name.

    Example:
        >>> described(lambda x: x + 1) == described(lambda x: x + 2)
        False
        >>> described(lambda x: x + 1) == described(lambda x: x + 1)
        True
    """
    if isinstance(function, functools.partial):
        given = [*enumerate(function.args), *function.keywords.items()]
        return f"partial {described(function.func)} {[(name, _value(one)) for name, one in given]}"
    if isinstance(function, types.MethodType):
        return described(function.__func__)
    if isinstance(function, types.FunctionType):
        return _code(function.__code__)
    called = vars(type(function)).get("__call__")
    inside = _code(called.__code__) if isinstance(called, types.FunctionType) else ""
    return f"{type(function).__qualname__} {getattr(function, 'name', '')} {inside}"


def _code(code: types.CodeType) -> str:
    return f"{code.co_code.hex()} {code.co_names} {[_value(one) for one in code.co_consts]}"


def _value(value: object) -> str:
    """Return a text that is the same in every process: no address, no order of a set."""
    if isinstance(value, types.CodeType):
        return _code(value)
    if isinstance(value, set | frozenset):
        return f"set {sorted(map(repr, value))}"
    if isinstance(value, types.FunctionType | types.MethodType | functools.partial):
        return described(value)
    return ADDRESS.sub("", repr(value))
