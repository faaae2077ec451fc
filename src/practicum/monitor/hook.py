"""A hook that lies on a user's object without tying it to us: copied or saved with it, it does nothing any more."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Self

import torch


class Hook:
    """Calls a method, if its owner still lives.

    A user may copy the model inside the loop (the best so far, a running mean) or save it whole; the copy must not
    watch, and must not carry the watcher along.

    Args:
        method: a bound method; None: do nothing.

    Example:
        >>> import copy
        >>> class Counter:
        ...     count = 0
        ...     def add(self, *given):
        ...         self.count += 1
        >>> counter = Counter()
        >>> hook = Hook(counter.add)
        >>> hook(1), copy.deepcopy(hook)(1), counter.count
        (None, None, 1)
    """

    def __init__(self, method: Callable[..., None] | None = None, *before: Any) -> None:
        self._method = None if method is None else weakref.WeakMethod(method)
        self._before = before

    def __call__(self, *given: Any) -> None:
        """Call the method with what is given, after what was given at the beginning.

        Not while a compiler traces the model: there is nothing to see yet, and the hook must leave no trace.
        """
        if torch.compiler.is_compiling():
            return
        method = None if self._method is None else self._method()
        if method is not None:
            method(*self._before, *given)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a hook that does nothing."""
        return type(self)()

    def __copy__(self) -> Self:
        """Return a hook that does nothing."""
        return type(self)()

    def __reduce__(self) -> tuple[Any, ...]:
        """Be saved as a hook that does nothing."""
        return (type(self), ())
