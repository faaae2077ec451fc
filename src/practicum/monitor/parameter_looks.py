"""Statistics of parameters, their gradients and one step of their optimisers."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.monitor.fingerprint import plain
from practicum.monitor.gradients import parameters_of
from practicum.monitor.look import ParameterLook, Settings
from practicum.statistics.alignment import alignment_of
from practicum.statistics.histogram import histogram
from practicum.statistics.moments import deviation, mean
from practicum.statistics.noise_scale import noise_of

Numbers = dict[str, Tensor]
Taken = tuple[tuple[ParameterLook, ...], tuple[float, float, float]]
"""Looks at parameters, and alignment, signal and noise of a pair of gradients."""

LENGTHS = ("norm", "raw_norm", "gradient_norm", "update_norm", "velocity_norm")
MOMENTS = ("mean", "deviation", "gradient_mean", "gradient_deviation")

LOOKED_AT, FEWEST_ROWS = 2**15, 32
"""Numbers of one weight that are looked at, more or less; and rows at least."""

TALL = 4
"""Times the numbers of a row: a weight with more rows is a table of embeddings, even if no module says so."""


class ParameterLooks:
    """Looks at parameters around a step of their optimisers; of large weights, at evenly spaced rows."""

    def __init__(self) -> None:
        self._found: dict[str, Numbers] = {}
        self._histograms: dict[str, dict[str, Tensor]] = {}
        self._before: dict[str, Tensor] = {}
        self._names: dict[int, str] = {}
        self._kinds: dict[str, tuple[str, int, float]] = {}
        self._apart: dict[str, int] = {}
        self._gradients: dict[str, Tensor] = {}
        self._inner: dict[str, Tensor] = {}
        self._last: dict[str, tuple[Tensor, Tensor]] = {}
        self._last_step = self._step = -1
        self._deep = self._keeps = False

    def begin(
        self,
        step: int,
        named: Mapping[str, nn.Parameter],
        tables: Container[int] = (),
        *,
        deep: bool = False,
        keeps: bool = True,
    ) -> None:
        """Forget the step before, but for its gradient.

        Args:
            step: its number.
            named: the parameters of the model, by name.
            tables: identities of those that are tables of embeddings.
            deep: whether histograms are wanted.
            keeps: whether the next step is looked at too, so that this one's gradient is wanted.
        """
        self._found, self._histograms, self._before = {}, {}, {}
        self._gradients, self._inner = {}, {}
        names = {id(one): name for name, one in named.items()}
        if names != self._names:
            self._names = names
            self._apart = {name: 1 if id(one) in tables else rows_apart(one) for name, one in named.items()}
            self._kinds = {
                name: ("weight" if one.ndim > 1 else "bias", one.numel(), self._scale(name, one))
                for name, one in named.items()
            }
        self._step, self._deep, self._keeps = step, deep, keeps

    def forget(self) -> None:
        """Keep no gradient any more."""
        self._gradients, self._last, self._before = {}, {}, {}

    def arrived(self, parameter: Tensor) -> None:
        """Take in that a backward pass has left its gradient."""
        name = self._names.get(id(parameter))
        if name is not None and parameter.grad is not None:
            self._of(name)["raw_norm"] = torch.linalg.vector_norm(self._slopes(name, parameter.grad))

    @torch.no_grad()
    def before(self, optimizer: Optimizer) -> None:
        """Take in that an optimiser is about to step."""
        names, values, slopes = [], [], []
        for parameter in parameters_of(optimizer):
            name = self._names.get(id(parameter))
            if name is None or parameter.grad is None:
                continue
            names.append(name)
            values.append(self._some(name, parameter.detach()).clone(memory_format=torch.contiguous_format))
            slopes.append(self._slopes(name, parameter.grad))
        norms, steepness = _norms(values), _norms(slopes)
        follows = self._step == self._last_step + 1
        for place, name in enumerate(names):
            value, slope = values[place], slopes[place]
            self._before[name] = value
            self._of(name).update(norm=norms[place], gradient_norm=steepness[place])
            if follows and name in self._last and self._last[name][0].shape == slope.shape:
                self._inner[name] = torch.dot(self._last[name][0], slope)
            if self._keeps:
                self._gradients[name] = slope.clone()
            if self._deep and value.numel() and slope.numel():
                self._look_deeply(name, value.reshape(1, -1), slope.reshape(1, -1))

    def _look_deeply(self, name: str, values: Tensor, slopes: Tensor) -> None:
        self._of(name).update(
            mean=mean(values)[0],
            deviation=deviation(values)[0],
            gradient_mean=mean(slopes)[0],
            gradient_deviation=deviation(slopes)[0],
        )
        pictures = {"histogram": histogram(values)[0], "gradient_histogram": histogram(slopes)[0]}
        self._histograms[name] = pictures

    @torch.no_grad()
    def after(self, optimizer: Optimizer) -> None:
        """Take in that it has stepped."""
        names, moves, velocities = [], [], []
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                name = self._names.get(id(parameter))
                if name is None or name not in self._before:
                    continue
                state = optimizer.state.get(parameter, {})
                names.append(name)
                moves.append(self._before[name].float().sub_(self._some(name, parameter.detach())))
                velocity = state.get("momentum_buffer", state.get("exp_avg"))
                if isinstance(velocity, Tensor):
                    velocities.append((name, self._some(name, velocity).reshape(-1)))
                share = _held_up(state, group, self._apart[name])
                if share is not None:
                    self._of(name)["epsilon_share"] = share
        for name, norm in zip(names, _norms(moves), strict=True):
            self._of(name)["update_norm"] = norm
        lengths = _norms([one for _, one in velocities])
        for (name, _), norm in zip(velocities, lengths, strict=True):
            self._of(name)["velocity_norm"] = norm
        for name in names:
            del self._before[name]

    def _some(self, name: str, tensor: Tensor) -> Tensor:
        return some_of(tensor, self._apart[name])

    def _scale(self, name: str, parameter: Tensor) -> float:
        """Return by what a length of some of a parameter's numbers is to be multiplied."""
        return math.sqrt(parameter.numel() / max(1, self._some(name, parameter).numel()))

    def _slopes(self, name: str, gradient: Tensor) -> Tensor:
        """Return the numbers of a gradient that are looked at, one after the other; of a sparse one all that it has."""
        if gradient.is_sparse:
            return (
                plain(gradient.detach()).reshape(-1).float() / self._kinds[name][2]
            )  # lengths are scaled later
        return self._some(name, gradient.detach()).reshape(-1).float()

    def _of(self, name: str) -> Numbers:
        return self._found.setdefault(name, {})

    def take(self) -> Callable[[], Taken]:
        """Return what makes plain numbers of what was seen: a device would have to be waited for."""
        norms = {name: one["gradient_norm"] for name, one in self._found.items() if "gradient_norm" in one}
        last, self._last = self._last, {name: (one, norms[name]) for name, one in self._gradients.items()}
        self._last_step, self._gradients, self._before = self._step, {}, {}
        is_pair = bool(norms) and set(self._inner) == set(norms) == set(last)
        inner = (
            [(name, one, last[name][1], norms[name]) for name, one in self._inner.items()] if is_pair else []
        )
        return functools.partial(_taken, self._found, self._histograms, inner, self._kinds)


def _taken(
    found: Mapping[str, Numbers],
    histograms: Mapping[str, dict[str, Tensor]],
    inner: Sequence[tuple[str, Tensor, Tensor, Tensor]],
    kinds: Mapping[str, tuple[str, int, float]],
) -> Taken:
    """Return the looks, and alignment, signal and noise of a pair of gradients (nan where there is none).

    Args:
        found: numbers by parameter.
        histograms: likewise.
        inner: by parameter that both gradients have: their inner product, and the length of each.
        kinds: by parameter what it is, its size, and by what lengths of some of its numbers are multiplied.
    """
    looks = []
    for name, (kind, size, scale) in kinds.items():
        one = found.get(name, {})
        if "gradient_norm" not in one:
            continue
        numbers = {
            key: float(one[key]) if key in one else math.nan for key in (*LENGTHS, "epsilon_share", *MOMENTS)
        }
        numbers |= {key: scale * numbers[key] for key in LENGTHS}
        pictures = {key: tuple(each.tolist()) for key, each in histograms.get(name, {}).items()}
        looks.append(ParameterLook(name, kind, size, **numbers, **pictures))  # type: ignore[arg-type]
    if not inner:
        return tuple(looks), (math.nan,) * 3
    total, first, second = (
        sum(kinds[name][2] ** 2 * value for name, value in part)
        for part in (
            [(name, float(product)) for name, product, _, _ in inner],
            [(name, float(before) ** 2) for name, _, before, _ in inner],
            [(name, float(now) ** 2) for name, _, _, now in inner],
        )
    )
    return tuple(looks), (alignment_of(total, first, second), *noise_of(total, first, second))


def rows_apart(weight: Tensor) -> int:
    """Return the distance of the rows of a weight that are looked at: 1, all rows, unless it is large.

    Rows are units: of a thousand units that learn, some dozens tell the sizes of weights, gradients and steps. A weight
    with far more rows than columns is a table of embeddings, and looked at whole: few of its rows have a gradient.

    Example:
        >>> [rows_apart(torch.ones(one)) for one in ((1000, 784), (64, 64), (90_000, 8))]
        [23, 1, 1]
    """
    if weight.ndim < 2 or weight.numel() < 2 * LOOKED_AT:
        return 1
    rows = weight.shape[0]
    if rows > TALL * (weight.numel() // rows):
        return 1
    return max(1, min(weight.numel() // LOOKED_AT, rows // FEWEST_ROWS))


def some_of(tensor: Tensor, apart: int) -> Tensor:
    """Return rows so far apart; of what has no rows, or 1 apart, all.

    Example:
        >>> some_of(torch.arange(8)[:, None], 4).tolist()
        [[2], [6]]
    """
    return tensor[apart // 2 :: apart] if apart > 1 and tensor.ndim > 1 else tensor


def _norms(tensors: Sequence[Tensor]) -> Sequence[Tensor]:
    """Return the length of each."""
    return torch._foreach_norm([one.float() for one in tensors]) if tensors else ()


def settings_of(optimizers: Sequence[Optimizer]) -> tuple[Settings, ...]:
    """Return what each group of each optimiser is set to.

    Example:
        >>> optimizer = torch.optim.Adam(nn.Linear(2, 3).parameters(), lr=0.01)
        >>> one = settings_of([optimizer])[0]
        >>> one.optimizer, one.learning_rate, one.momentum, one.num_parameters
        ('Adam', 0.01, 0.9, 9)
    """
    return tuple(_settings(one, group) for one in optimizers for group in one.param_groups)


def _settings(optimizer: Optimizer, group: dict[str, Any]) -> Settings:
    betas = group.get("betas")
    momentum = betas[0] if isinstance(betas, tuple | list) and betas else group.get("momentum", 0.0)
    decay = float(group.get("weight_decay", 0.0) or 0.0)
    biases = sum(one.ndim <= 1 for one in group["params"])
    return Settings(
        optimizer=type(optimizer).__name__,
        learning_rate=float(group.get("lr", math.nan)),
        momentum=float(momentum or 0.0),
        epsilon=float(group.get("eps", math.nan)),
        weight_decay=decay,
        num_parameters=sum(one.numel() for one in group["params"]),
        decayed_biases=biases if decay else 0,
    )


def _held_up(state: dict[str, Any], group: dict[str, Any], apart: int) -> Tensor | None:
    """Return the share of a parameter's numbers whose adaptive rate ε holds up; None where there is no such rate."""
    squares = state.get("exp_avg_sq", state.get("square_avg"))
    if not isinstance(squares, Tensor) or "eps" not in group:
        return None
    limit, betas, step = float(group["eps"]) ** 2, group.get("betas"), state.get("step")
    if betas is not None and step is not None and float(step) >= 1:
        limit *= 1 - betas[1] ** float(step)  # Adam's running mean of squares begins at zero
    return (some_of(squares, apart) < limit).float().mean()
