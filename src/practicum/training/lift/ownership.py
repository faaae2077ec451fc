"""A trial's module with tensors of its own, so that training never writes into what a user keeps.

What `build` takes from outside (a table of embeddings, a frozen backbone, a matrix registered as a buffer) shares its
memory with the module, and one trial would go on where another has stopped.
"""

from __future__ import annotations

import copy
import types
from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn


def with_own_tensors(module: nn.Module) -> tuple[nn.Module, bool]:
    """Return a deep copy of the module and whether it is one; where it cannot be copied whole, the module itself.

    That is where a function has closed over a tensor or a module, where an attribute is a view of a parameter, and
    where a part refuses to be copied.

    Example:
        >>> import torch
        >>> table = torch.ones(3, 2)
        >>> module, copied = with_own_tensors(nn.Embedding.from_pretrained(table))
        >>> _ = module.weight.data.zero_()
        >>> copied, bool(table.all())
        (True, True)
    """
    if _has_views(module) or any(_closes_over(function) for function in _functions(module)):
        return module, False
    try:
        return copy.deepcopy(module), True
    except Exception:  # noqa: BLE001 - whatever a part of a user's module raises when it is copied
        return module, False


def _has_views(module: nn.Module) -> bool:
    """Return whether a plain attribute shares the memory of a parameter or buffer, which a copy would tear apart."""
    own = {value.untyped_storage().data_ptr() for value in (*module.parameters(), *module.buffers())}
    plain = [value for part in module.modules() for value in vars(part).values() if isinstance(value, Tensor)]
    return any(value.untyped_storage().data_ptr() in own for value in plain)


def _functions(module: nn.Module) -> Iterator[types.FunctionType]:
    """Yield the functions that a module holds, those of its hooks and of classes made inside of `build` included."""
    for part in module.modules():
        held: list[Any] = [*vars(part).values(), *vars(type(part)).values()]
        for value in vars(part).values():
            if isinstance(value, dict | list | tuple):
                held += value.values() if isinstance(value, dict) else value
        yield from (value for value in held if isinstance(value, types.FunctionType))


def _closes_over(function: types.FunctionType) -> bool:
    for cell in function.__closure__ or ():
        try:
            value = cell.cell_contents
        except ValueError:  # an empty cell
            continue
        if isinstance(value, Tensor | nn.Module):
            return True
    return False
