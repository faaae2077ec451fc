"""Conclusions are computed once: many rules ask for the same."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from practicum.monitor.facts import Facts

Value = TypeVar("Value")


def kept(conclude: Callable[[Facts], Value]) -> Callable[[Facts], Value]:
    """Return the function, computed once for as long as no step or validation comes to the facts.

    What it raises is kept as well, and raised again.

    Example:
        >>> @kept
        ... def count(facts):
        ...     print("counted")
        ...     return len(facts.losses)
        >>> facts = Facts()
        >>> count(facts), count(facts)
        counted
        (0, 0)
    """

    @functools.wraps(conclude)
    def once(facts: Facts) -> Value:
        seen = (facts.num_steps, len(facts.validations), facts.ended)
        if facts.kept.get("seen") != seen:
            facts.kept.clear()  # what was concluded of fewer steps is not asked for again
            facts.kept["seen"] = seen
        key = (conclude.__module__, conclude.__qualname__)
        if key not in facts.kept:
            try:
                facts.kept[key] = (conclude(facts), None)
            except Exception as error:  # noqa: BLE001 (a user's model may raise anything when it is run by others)
                facts.kept[key] = (None, error.with_traceback(None))  # its frames hold copies of the model
        value, raised = facts.kept[key]
        if raised is not None:
            raise raised
        return value  # type: ignore[no-any-return]

    return once
