"""Facts about trouble in workers, in words."""

from __future__ import annotations

import errno

import pytest
import torch

from practicum.core.errors import DataError
from practicum.engine.crew.crew import error_told, is_memory, told_error, trouble_of


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
            True,
        ),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes"), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
    ],
)
def test_full_memory_is_recognised(error, memory):
    """However Python and PyTorch say it."""
    assert is_memory(error) is memory
    assert trouble_of(error).kind == ("memory" if memory else "error")
    assert trouble_of(error).error is error


def raised(error):
    """Return ``error`` as somebody who caught it has it."""
    try:
        raise error
    except type(error) as caught:
        return caught


class Peculiar(Exception):
    """An exception that only the user has."""


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (ZeroDivisionError("by zero"), ZeroDivisionError, "by zero"),
        (DataError("`x` is bad.", x=1), DataError, "`x` is bad."),
        (Peculiar("odd"), RuntimeError, "Peculiar: odd"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), RuntimeError, "UnicodeDecodeError: 'utf-8' codec"),
    ],
)
def test_an_error_is_raised_as_it_was_where_its_class_is_known(error, kind, text):
    """Else it is a RuntimeError that names the class; the traceback is a note."""
    told = told_error(raised(error))
    assert told.pop("memory") is False
    found = error_told(**told)

    assert type(found) is kind
    assert str(found).startswith(text)
    assert "In a worker process:\nTraceback" in found.__notes__[0]
    assert "in raised" in found.__notes__[0]
