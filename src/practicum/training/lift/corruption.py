"""Corrupted inputs for a user's module: the model sees them, the batch itself stays as it is.

So the loss of a denoising auto-encoder compares with clean targets. Source: Bengio 2012, 1.2-04..06.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from practicum.training.lift.noise import Kind, Request, Source


class Corrupting:
    """A model that corrupts the floating-point tensors it is called on.

    Args:
        model: what is called.
        kind: of corruption.
        source: of the noise.
    """

    def __init__(self, model: Callable[..., Any], kind: Kind, source: Source) -> None:
        self._model, self._kind, self._source, self._calls = model, kind, source, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the model on corrupted copies."""
        call = self._calls
        self._calls += 1
        args = tuple(self._corrupted(value, f"{call}/{place}") for place, value in enumerate(args))
        kwargs = {name: self._corrupted(value, f"{call}/{name}") for name, value in kwargs.items()}
        return self._model(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the model: a part that the loss calls by itself sees what it is given."""
        return getattr(self._model, name)

    def _corrupted(self, value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            return {name: self._corrupted(part, f"{path}.{name}") for name, part in value.items()}
        if type(value) in (list, tuple):
            return type(value)(self._corrupted(part, f"{path}.{n}") for n, part in enumerate(value))
        if not (isinstance(value, Tensor) and value.is_floating_point()):
            return value
        noises = self._source(Request(self._kind, f"corruption/{path}", tuple(value.shape)))
        return applied(value, self._kind, noises) if noises else value


def applied(x: Tensor, kind: Kind, noises: Sequence[Tensor]) -> Tensor:
    """Return ``x`` corrupted: masked, with Gaussian noise added, or with some inputs set to 0 or 1."""
    if kind == "gaussian":
        return x + noises[0].to(x.dtype)
    other = noises[1].to(x.dtype) if kind == "salt_and_pepper" else x.new_zeros(())
    return torch.where(noises[0], x, other)
