"""Noise inside a user's forward pass: dropout masks and corrupted inputs, from each trial's seed.

All noise is a function of the seed, the number of the call and the number of the update, so a trial alone, packed or
resumed meets the same. A first pass of one trial alone (:class:`Recorder`) tells which noise is asked for and in what
shape; a lifted pass must be given it all before it starts.
Source: Bengio 2012, 1.2-04..06 (corruption), 3.2-34 (seeds); dropout: Srivastava et al. 2014.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

from practicum.recipe import Recipe
from practicum.training.noise import Noise

Kind = Literal["dropout", "masking", "gaussian", "salt_and_pepper"]


@dataclass(frozen=True, slots=True)
class Request:
    """A noise that a forward pass asks for.

    Attributes:
        kind: "dropout", or the kind of corruption.
        purpose: names the stream.
        shape: of one trial's noise.
        rate: of the call, for dropout.
        owner: name of the dropout module whose rate it is, or empty.
    """

    kind: Kind
    purpose: str
    shape: tuple[int, ...]
    rate: float = 0.0
    owner: str = ""


class Source(Protocol):
    """Answers requests: with one or two tensors that :func:`applied` understands, or None to leave all as it is."""

    def __call__(self, request: Request) -> tuple[Tensor, ...] | None:
        """Return the noise."""


class OwnedRate(float):
    """A dropout rate that knows which module it belongs to."""

    owner = ""

    @classmethod
    def of(cls, rate: float, owner: str) -> OwnedRate:
        """Return ``rate`` with its owner's name."""
        owned = cls(rate)
        owned.owner = owner
        return owned


@dataclass
class Recorder:
    """A source without noise that writes down what is asked for.

    Attributes:
        requests: in the order of the calls.
        num_values: numbers that the forward pass has made, of which a backward pass keeps most.
    """

    requests: list[Request] = field(default_factory=list)
    num_values: int = 0

    def __call__(self, request: Request) -> None:
        """Write ``request`` down."""
        self.requests.append(request)


class Drawn:
    """Draws the noise of K trials.

    Args:
        recipes: one a trial.
        rates: of the trials' dropout modules by name, (K,) each.
        like: gives dtype and device.
    """

    def __init__(self, recipes: Sequence[Recipe], rates: Mapping[str, Sequence[float]], like: Tensor) -> None:
        self._seeds = [recipe.seed for recipe in recipes]
        self._rates, self._like = rates, like
        self._level_K = like.new_tensor([recipe.corruption_level for recipe in recipes])
        self._dropouts: dict[Request, tuple[Tensor, Tensor] | None] = {}
        self._noises: dict[tuple[str, tuple[int, ...]], Noise] = {}

    def draw(self, request: Request, step: int) -> tuple[Tensor, ...]:
        """Return the noise of ``request`` at update ``step``, (K, *shape) each tensor; none if all rates are 0."""
        noise = self._noise(request.purpose, request.shape)
        if request.kind == "dropout":
            rates = self._dropping(request)
            if rates is None:
                return ()
            rate_K, scale = rates
            return (noise.uniform_at_least(step, rate_K) * scale,)
        if request.kind == "gaussian":
            return (noise.normal(step) * self._level_K.view(-1, *[1] * len(request.shape)),)
        kept = noise.uniform_at_least(step, self._level_K)
        if request.kind == "masking":
            return (kept,)
        half_K = torch.full_like(self._level_K, 0.5)
        return kept, self._noise(f"{request.purpose}/value", request.shape).uniform_at_least(step, half_K)

    def _dropping(self, request: Request) -> tuple[Tensor, Tensor] | None:
        """Return the trials' rates, (K,), and what is kept times what, a column; None if nothing is dropped."""
        if request not in self._dropouts:
            rates = self._rates.get(request.owner, [request.rate] * len(self._seeds))
            rate_K = self._like.new_tensor(rates)
            scale_K = torch.where(rate_K < 1, 1 / (1 - rate_K), 0)
            columns = rate_K, scale_K.view(-1, *[1] * len(request.shape))
            self._dropouts[request] = columns if any(rates) else None
        return self._dropouts[request]

    def _noise(self, purpose: str, shape: tuple[int, ...]) -> Noise:
        key = (purpose, shape)
        if key not in self._noises:
            self._noises[key] = Noise(self._seeds, purpose, shape, self._like)
        return self._noises[key]


def silent(request: Request) -> None:
    """Answer every request with no noise: a source for validation."""


@dataclass(frozen=True)
class Given:
    """A source that has drawn everything before: for a lifted pass.

    Attributes:
        noises: by the request that they answer.
    """

    noises: Mapping[tuple[str, tuple[int, ...]], tuple[Tensor, ...]]

    def __call__(self, request: Request) -> tuple[Tensor, ...] | None:
        """Return what was drawn for ``request``."""
        try:
            return self.noises[request.purpose, request.shape]
        except KeyError:
            raise RuntimeError("the forward pass asks for other noise than in its first pass") from None


@dataclass(frozen=True)
class Lazy:
    """A source that draws as it is asked: for one trial alone.

    Attributes:
        drawn: draws for K = 1.
        step: number of the update.
    """

    drawn: Drawn
    step: int

    def __call__(self, request: Request) -> tuple[Tensor, ...] | None:
        """Draw the trial's noise."""
        return tuple(noise[0] for noise in self.drawn.draw(request, self.step))


def dropout_modules(module: nn.Module) -> dict[str, Any]:
    """Return the dropout modules by name."""
    return {name: part for name, part in module.named_modules() if isinstance(part, _DropoutNd)}
