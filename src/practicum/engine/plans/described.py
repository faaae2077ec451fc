"""What a user's function does, as text: for keys and fingerprints that must change when its code does."""

from __future__ import annotations

import functools
import types


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
        return f"partial {described(function.func)} {function.args!r} {function.keywords!r}"
    if isinstance(function, types.MethodType):
        return described(function.__func__)
    if isinstance(function, types.FunctionType):
        return _code(function.__code__)
    called = vars(type(function)).get("__call__")
    inside = _code(called.__code__) if isinstance(called, types.FunctionType) else ""
    return f"{type(function).__qualname__} {getattr(function, 'name', '')} {inside}"


def _code(code: types.CodeType) -> str:
    constants = [_code(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts[:]]
    return f"{code.co_code.hex()} {code.co_names} {constants}"
