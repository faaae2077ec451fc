"""Debug mode: memory that nobody filled shows as NaN, and the module where numbers stop being finite has a name.

What `torch.empty` returns is often zeros, by luck, and the mistake stays hidden until it is not.
Source: Bengio 2012, 4.1-10; fault O15.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from practicum.checks.doubles import same_draws, tensors_of
from practicum.core.errors import ConfigError

_UNFILLED = frozenset(
    {
        torch.empty,
        torch.empty_like,
        torch.empty_strided,
        torch.empty_permuted,
        Tensor.new_empty,
        Tensor.new_empty_strided,
    }
)


@contextmanager
def nan_filled_buffers() -> Iterator[None]:
    """Fill with NaN whatever floating tensor is made without values, as `torch.empty` and `new_empty` make it.

    NOTE[DIFF]: `torch.utils.deterministic.fill_uninitialized_memory` does the same, but only together with
    deterministic algorithms, which refuse some operations; this refuses none. Not seen: the old constructor
    `torch.FloatTensor(3)`, `resize_`, and what compiled code allocates.

    Source:
        Bengio 2012, 4.1-10.

    Example:
        >>> with nan_filled_buffers():
        ...     buffer = torch.empty(3)
        >>> buffer[0] = 1.0
        >>> buffer
        tensor([1., nan, nan])
    """
    with _NanFilled():
        yield


def first_not_finite(model: nn.Module, inputs: Any) -> str | None:
    """Return the name of the first module whose output is not finite although its inputs are.

    None where what comes out of the model is finite.

    Inner modules end before those that hold them, so that the innermost is named; "" is the model itself, whose own
    operations make the number. Combine with :func:`nan_filled_buffers` to find buffers that are used unfilled.

    Args:
        model: a copy of it is run once, in its mode.
        inputs: what the model takes: a tensor, or a tuple of arguments; finite.

    Raises:
        ConfigError: if the inputs are not finite.

    Source:
        Fault O15; Bengio 2012, 4.1-05 and 4.1-10.

    Example:
        >>> model = nn.Sequential(nn.Tanh(), nn.Threshold(0.0, math.inf), nn.Linear(2, 1))
        >>> first_not_finite(model, -torch.ones(5, 2))
        '1'
    """
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    if not _finite(arguments):
        raise ConfigError(
            "`inputs` must be finite, but got NaN or infinity in them. Look at the table first: missing values, "
            "division by zero.",
        )
    double = copy.deepcopy(model)
    found: list[str] = []

    def noting(name: str) -> Callable[..., None]:
        def note(_module: nn.Module, given: Any, named: dict[str, Any], returned: Any) -> None:
            if not found and _finite((given, named)) and not _finite(returned):
                found.append(name)

        return note

    for name, module in double.named_modules():
        module.register_forward_hook(noting(name), with_kwargs=True)
    with torch.no_grad(), same_draws(0):
        output = double(*(one.clone() if isinstance(one, Tensor) else one for one in arguments))
    # A mask of −∞ inside is sound as long as nothing of it comes out.
    return found[0] if found and not _finite(output) else None


def _finite(value: Any) -> bool:
    """Return whether all floating numbers in ``value`` are finite."""
    return all(bool(torch.isfinite(one.detach()).all()) for one in tensors_of(value))


class _NanFilled(TorchFunctionMode):
    """Passes all calls through and fills what the unfilling ones return."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        returned = func(*args, **(kwargs or {}))
        has_nan = isinstance(returned, Tensor) and (returned.is_floating_point() or returned.is_complex())
        if func in _UNFILLED and has_nan:
            with torch.no_grad():
                returned.fill_(math.nan)
        return returned
