"""Statistics of parameters, their gradients and one step of their optimisers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.monitor.fingerprint import plain
from practicum.monitor.gradients import parameters_of
from practicum.monitor.look import ParameterLook, Settings
from practicum.statistics.alignment import alignment
from practicum.statistics.histogram import histogram
from practicum.statistics.moments import deviation, mean
from practicum.statistics.noise_scale import noise_parts

Numbers = dict[str, Tensor]

NORMS = ("norm", "raw_norm", "gradient_norm", "update_norm", "velocity_norm", "epsilon_share")
MOMENTS = ("mean", "deviation", "gradient_mean", "gradient_deviation")


class ParameterLooks:
    """Looks at parameters around a step of their optimisers.

    Args:
        named: the parameters of the model, by name.
    """

    def __init__(self, named: Callable[[], dict[str, nn.Parameter]]) -> None:
        self._named = named
        self._found: dict[str, Numbers] = {}
        self._histograms: dict[str, dict[str, Tensor]] = {}
        self._before: dict[str, Tensor] = {}
        self._gradient: list[Tensor] = []
        self._last: list[Tensor] = []
        self._last_step = -1
        self._names: dict[int, str] = {}
        self._deep = False

    def begin(self, *, deep: bool) -> None:
        """Forget the step before."""
        self._found, self._histograms, self._before, self._gradient = {}, {}, {}, []
        self._names = {id(one): name for name, one in self._named().items()}
        self._deep = deep

    def forget(self) -> None:
        """Keep no gradient any more."""
        self._gradient, self._last, self._before = [], [], {}

    @torch.no_grad()
    def arrived(self, parameter: Tensor) -> None:
        """Take in that a backward pass has left its gradient."""
        name = self._names.get(id(parameter))
        if name is not None and parameter.grad is not None:
            self._of(name)["raw_norm"] = torch.linalg.vector_norm(plain(parameter.grad).float())

    @torch.no_grad()
    def before(self, optimizer: Optimizer) -> None:
        """Take in that an optimiser is about to step."""
        for parameter in parameters_of(optimizer):
            name = self._names.get(id(parameter))
            if name is None or parameter.grad is None:
                continue
            gradient = plain(parameter.grad.detach())
            found = self._of(name)
            found["norm"] = torch.linalg.vector_norm(parameter.float())
            found["gradient_norm"] = torch.linalg.vector_norm(gradient.float())
            self._before[name] = parameter.detach().clone()
            self._gradient.append(gradient.detach().float().reshape(-1).clone())
            if self._deep and parameter.numel() and gradient.numel():
                values, slopes = parameter.detach().reshape(1, -1), gradient.reshape(1, -1)
                found |= {"mean": mean(values)[0], "deviation": deviation(values)[0]}
                found |= {"gradient_mean": mean(slopes)[0], "gradient_deviation": deviation(slopes)[0]}
                self._found[name] = found
                self._histograms[name] = {
                    "histogram": histogram(values)[0],
                    "gradient_histogram": histogram(slopes)[0],
                }

    @torch.no_grad()
    def after(self, optimizer: Optimizer) -> None:
        """Take in that it has stepped."""
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                name = self._names.get(id(parameter))
                if name in self._before:
                    found = self._of(name)
                    found["update_norm"] = torch.linalg.vector_norm(
                        parameter.detach().float() - self._before[name].float()
                    )
                    found |= _of_state(optimizer.state.get(parameter, {}), group)
                    self._found[name] = found

    def _of(self, name: str) -> Numbers:
        return self._found.setdefault(name, {})

    def take(self) -> tuple[ParameterLook, ...]:
        """Return what was seen as plain numbers, in the order of the model."""
        named, looks = self._named(), []
        for name, parameter in named.items():
            found = self._found.get(name, {})
            if "gradient_norm" not in found:
                continue
            numbers = {key: float(found[key]) if key in found else math.nan for key in (*NORMS, *MOMENTS)}
            pictures = {key: tuple(one.tolist()) for key, one in self._histograms.get(name, {}).items()}
            kind = "weight" if parameter.ndim > 1 else "bias"
            looks.append(ParameterLook(name, kind, parameter.numel(), **numbers, **pictures))  # type: ignore[arg-type]
        return tuple(looks)

    def pair(self, step: int, *, keep: bool = True) -> tuple[float, float, float]:
        """Return alignment, signal and noise of this step's gradient and the last step's; nan where it was not seen.

        Args:
            step: its number.
            keep: whether the next step is looked at too, so that this one's gradient is wanted.
        """
        last, mine, next_to = self._last, self._gradient, step == self._last_step + 1
        self._last, self._last_step, self._gradient = mine if keep else [], step, []
        self._before = {}
        if not next_to or [len(one) for one in last] != [len(one) for one in mine] or not mine:
            return (math.nan,) * 3
        first, second = torch.cat(last)[None], torch.cat(mine)[None]
        signal, noise = noise_parts(first, second)
        return float(alignment(first, second)), float(signal), float(noise)


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


def _of_state(state: dict[str, Any], group: dict[str, Any]) -> Numbers:
    """Return what an optimiser's state says of one parameter."""
    found: Numbers = {}
    velocity = state.get("momentum_buffer", state.get("exp_avg"))
    if isinstance(velocity, Tensor):
        found["velocity_norm"] = torch.linalg.vector_norm(velocity.float())
    squares = state.get("exp_avg_sq", state.get("square_avg"))
    if isinstance(squares, Tensor) and "eps" in group:
        found["epsilon_share"] = (_corrected(squares, state, group).sqrt() < group["eps"]).float().mean()
    return found


def _corrected(squares: Tensor, state: dict[str, Any], group: dict[str, Any]) -> Tensor:
    """Return Adam's running mean of squares without its bias towards its start at zero."""
    betas, step = group.get("betas"), state.get("step")
    if betas is None or step is None or float(step) < 1:
        return squares
    corrected: Tensor = squares / (1 - betas[1] ** float(step))
    return corrected
