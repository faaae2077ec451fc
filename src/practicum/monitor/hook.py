"""A hook that lies on a user's object without tying it to us: copied or saved with it, it does nothing any more."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any, Self

import torch
from torch import Tensor


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
        self._owner: Any = None if method is None else weakref.ref(method.__self__)  # type: ignore[attr-defined]
        self._function = None if method is None else method.__func__  # type: ignore[attr-defined]
        self._before = before

    def __call__(self, *given: Any) -> None:
        """Call the method with what is given, after what was given at the beginning.

        Not while a compiler traces the model: there is nothing to see yet, and the hook must leave no trace.
        """
        if torch.compiler.is_compiling():
            return
        owner = None if self._owner is None else self._owner()
        if owner is not None and self._function is not None:
            self._function(owner, *self._before, *given)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a hook that does nothing."""
        return type(self)()

    def __copy__(self) -> Self:
        """Return a hook that does nothing."""
        return type(self)()

    def __reduce__(self) -> tuple[Any, ...]:
        """Be saved as a hook that does nothing."""
        return (type(self), ())


class AsideHook(Hook):
    """A hook on forward passes that calls its method for those without gradients; others it hardly costs.

    Example:
        >>> class Counter:
        ...     count = 0
        ...     def add(self, *given):
        ...         self.count += 1
        >>> counter = Counter()
        >>> hook = AsideHook(counter.add)
        >>> hook()
        >>> with torch.no_grad():
        ...     hook()
        >>> counter.count
        1
    """

    def __call__(self, *given: Any) -> None:
        """Call the method, unless gradients are taken."""
        if not torch.is_grad_enabled():
            super().__call__(*given)


def put_back(parameters: Iterable[Tensor]) -> None:
    """Leave parameters from which all hooks were removed as they were before: an empty list of hooks costs each pass.

    Example:
        >>> parameter = torch.ones(2, requires_grad=True)
        >>> parameter.register_hook(lambda gradient: None).remove()
        >>> parameter._backward_hooks
        OrderedDict()
        >>> put_back([parameter])
        >>> parameter._backward_hooks
    """
    for one in parameters:
        for name in ("_backward_hooks", "_post_accumulate_grad_hooks"):
            hooks = getattr(one, name, None)
            if hooks is not None and not hooks:
                setattr(one, name, None)
