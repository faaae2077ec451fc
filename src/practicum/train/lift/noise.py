"""Noise inside a user's forward pass: dropout masks and corrupted inputs, from each trial's seed.

While the module runs, calls of torch's dropout are answered by a mask that is given: a function of seed, number of
the call and number of the update, so a trial alone, packed or resumed meets the same. A first pass of one trial alone
(:class:`Recorder`) tells which noise is asked for and in what shape.
Source: Bengio 2012, 1.2-04..06 (corruption), 3.2-34 (seeds); dropout: Srivastava et al. 2014.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd
from torch.overrides import TorchFunctionMode

from practicum.recipe import Recipe
from practicum.train.noise import Noise

Kind = Literal["dropout", "masking", "gaussian", "salt_and_pepper"]
DROPOUT: Mapping[Any, str] = {
    F.dropout: "units",
    torch.dropout: "units",
    F.dropout1d: "channels",
    F.dropout2d: "channels",
    F.dropout3d: "channels",
}


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
        self._noises: dict[tuple[str, tuple[int, ...]], Noise] = {}

    def draw(self, request: Request, step: int) -> tuple[Tensor, ...]:
        """Return the noise of ``request`` at update ``step``, (K, *shape) each tensor; none if all rates are 0."""
        noise = self._noise(request.purpose, request.shape)
        if request.kind == "dropout":
            rates = self._rates.get(request.owner, [request.rate] * len(self._seeds))
            if not any(rates):
                return ()
            rate_K = self._like.new_tensor(rates)
            scale_K = torch.where(rate_K < 1, 1 / (1 - rate_K), 0)
            return (noise.uniform_at_least(step, rate_K) * scale_K.view(-1, *[1] * len(request.shape)),)
        if request.kind == "gaussian":
            return (noise.normal(step) * self._level_K.view(-1, *[1] * len(request.shape)),)
        kept = noise.uniform_at_least(step, self._level_K)
        if request.kind == "masking":
            return (kept,)
        half_K = torch.full_like(self._level_K, 0.5)
        return kept, self._noise(f"{request.purpose}/value", request.shape).uniform_at_least(step, half_K)

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
        return tuple(noise[0] for noise in self.drawn.draw(request, self.step))


class DropoutMode(TorchFunctionMode):
    """Answers calls of torch's dropout from a source while it is active.

    Args:
        source: of the masks.
        always_attend: also replace scaled dot-product attention without dropout, which vmap has no rule for.

    Attributes:
        met: whether there was anything to answer.
    """

    def __init__(self, source: Source, *, always_attend: bool) -> None:
        super().__init__()
        self._source, self._always_attend, self._calls = source, always_attend, 0
        self.met = False
        self._recorder = source if isinstance(source, Recorder) else None

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        style = DROPOUT.get(func)
        self.met = self.met or style is not None or func is F.scaled_dot_product_attention
        if style is not None:
            return self._drop(func, style, *args, **kwargs)
        if func is F.scaled_dot_product_attention and (self._always_attend or _rate(args, kwargs)):
            return self._attend(*args, **kwargs)
        result = func(*args, **kwargs)
        if self._recorder is not None and isinstance(result, Tensor):
            self._recorder.num_values += result.numel()
        return result

    def _drop(
        self, func: Any, style: str, input: Tensor, p: float = 0.5, *flags: bool, **named: bool
    ) -> Tensor:
        train = named.pop("train", True)
        training, inplace = _flags(*flags, **{"training": train, **named})
        return self.dropped(input, p, _mask_shape(func, style, input), inplace=inplace) if training else input

    def dropped(self, x: Tensor, rate: float, shape: tuple[int, ...], *, inplace: bool = False) -> Tensor:
        """Return ``x`` times the mask of the next call."""
        purpose = f"dropout/{self._calls}"
        self._calls += 1
        owner = rate.owner if isinstance(rate, OwnedRate) else ""
        masks = self._source(Request("dropout", purpose, shape, float(rate), owner))
        if not masks:
            return x
        mask = masks[0].to(x.dtype)
        return x.mul_(mask) if inplace else x * mask

    def _attend(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | None = None,
        dropout_p: float = 0.0,
        is_causal: bool = False,
        scale: float | None = None,
        enable_gqa: bool = False,
    ) -> Tensor:
        """Return scaled dot-product attention in plain operations."""
        if enable_gqa:
            key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
            value = value.repeat_interleave(query.shape[-3] // value.shape[-3], -3)
        scores = query @ key.transpose(-2, -1) * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
        if is_causal:
            attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        if attn_mask is not None and attn_mask.dtype == torch.bool:
            attn_mask = torch.zeros_like(attn_mask, dtype=scores.dtype).masked_fill(~attn_mask, -math.inf)
        if attn_mask is None:
            weights = scores.softmax(-1)
        else:
            scores = scores + attn_mask
            nobody = (scores == -math.inf).all(-1, keepdim=True)  # who may look nowhere sees nothing
            weights = scores.masked_fill(nobody, 0).softmax(-1).masked_fill(nobody, 0)
        if dropout_p:
            weights = self.dropped(weights, dropout_p, tuple(weights.shape))
        return weights @ value


def _flags(training: bool = True, inplace: bool = False) -> tuple[bool, bool]:
    return training, inplace


def _rate(args: Sequence[Any], kwargs: Mapping[str, Any]) -> float:
    """Return the dropout rate of a call of attention."""
    rate: float = args[4] if len(args) > 4 else kwargs.get("dropout_p", 0.0)
    return rate


def _mask_shape(func: Any, style: str, x: Tensor) -> tuple[int, ...]:
    """Return the shape of a mask: every unit's own, or one for each channel of each example."""
    if style == "units":
        return tuple(x.shape)
    alone = (func is F.dropout1d and x.dim() == 2) or (func is F.dropout3d and x.dim() == 4)
    num_kept = 1 if alone else 2
    return (*x.shape[:num_kept], *[1] * (x.dim() - num_kept))


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
        call = self._calls
        self._calls += 1
        args = tuple(self._corrupted(value, f"{call}/{place}") for place, value in enumerate(args))
        kwargs = {name: self._corrupted(value, f"{call}/{name}") for name, value in kwargs.items()}
        return self._model(*args, **kwargs)

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


def dropout_modules(module: nn.Module) -> dict[str, Any]:
    """Return the dropout modules by name."""
    return {name: part for name, part in module.named_modules() if isinstance(part, _DropoutNd)}
