"""Methods that never break the loop they watch: what they stumble over is noted, and they are left out from then on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Method = Callable[..., None]


def careful(method: Method) -> Method:
    """Return a method that notes what it stumbles over, once, and is then silent.

    Its object has ``_silent``, a set of names, and ``facts`` with ``failures``.
    """

    @functools.wraps(method)
    def safe(self: Any, *given: Any) -> None:
        if method.__name__ in self._silent:
            return
        try:
            method(self, *given)
        except Exception as error:  # noqa: BLE001 (whatever it is, the user's loop goes on)
            self._silent.add(method.__name__)
            said = " ".join(str(error).split())
            self.facts.failures += (f"{method.__name__.strip('_')}: {type(error).__name__}: {said}",)

    return safe
