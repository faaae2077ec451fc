"""A crew: workers that take orders, whatever they are; what goes wrong in one of them, in words."""

from __future__ import annotations

import builtins
import contextlib
import traceback
from dataclasses import dataclass
from typing import Literal, Protocol

import torch

from practicum.core import errors
from practicum.engine.crew.bench import Order
from practicum.engine.saved.told import Told

OUT_OF_MEMORY = (
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "out of memory",
)
"""How a RuntimeError of PyTorch, or an OSError, says that memory is full."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an order was not done.

    Attributes:
        kind: "died" (the process is gone), "memory" (it is full) or "error" (an exception).
        text: what is known about it.
        error: the exception to raise, where it is one.
    """

    kind: Literal["died", "memory", "error"]
    text: str
    error: BaseException | None = None


class Crew(Protocol):
    """Workers, numbered from 0 in the order in which they come.

    Attributes:
        num_workers: with how many it began.
    """

    num_workers: int

    def give(self, worker: int, order: Order) -> None:
        """Let an idle worker begin with ``order``."""

    def take(self) -> list[tuple[int, Told | Trouble]]:
        """Wait until at least one busy worker has an answer and return all that are there."""

    def replace(self, worker: int) -> None:
        """Put a new worker in the place of one that died."""

    def hire(self) -> int:
        """Let another worker begin, who knows the plans that there are by now; return its number."""

    def dismiss(self, worker: int) -> None:
        """Send an idle worker home, and wait until it is gone."""

    def close(self) -> None:
        """Send all workers home, and wait until they are gone."""

    def abandon(self) -> None:
        """End all workers, whatever they are doing."""


def is_memory(error: BaseException) -> bool:
    """Return whether ``error`` says that memory is full.

    Example:
        >>> is_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"))
        True
    """
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError | OSError) and any(words in text for words in OUT_OF_MEMORY)


def trouble_of(error: BaseException) -> Trouble:
    """Return the trouble that ``error``, caught where it was raised, makes."""
    return Trouble("memory" if is_memory(error) else "error", f"{type(error).__name__}: {error}", error)


def told_error(error: BaseException) -> dict[str, str | bool]:
    """Return ``error`` as what JSON can hold."""
    return {
        "name": type(error).__name__,
        "text": str(error),
        "trace": "".join(traceback.format_exception(error)),
        "memory": is_memory(error),
    }


def error_told(name: str, text: str, trace: str) -> BaseException:
    """Return an exception like the one that :func:`told_error` was given; its traceback is a note.

    A class that is neither Python's nor ours becomes a RuntimeError that names it.
    """
    kind = getattr(errors, name, None) or getattr(builtins, name, None)
    found: BaseException = RuntimeError(f"{name}: {text}")
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(TypeError):  # such as UnicodeDecodeError, which wants five arguments
            found = kind(text)
    found.add_note(f"In a worker process:\n{trace}")
    return found
