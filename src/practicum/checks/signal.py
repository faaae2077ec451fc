"""How the signal changes from layer to layer at the start, forwards and backwards.

Initial weights are right where variance is preserved in both directions, or where the singular values of each layer's
Jacobian are near 1. Source: Bengio 2012, 6.1-05.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import doubled, own_loss, same_draws, tensors_of
from practicum.checks.flow import mapped, weight_layers
from practicum.checks.jacobians import Stretch, stretch
from practicum.checks.loss_kind import Loss
from practicum.core.errors import ConfigError

NUM_PROBES = 4
"""Examples over which singular values are averaged."""

SATURATED = 0.05
"""Of its greatest slope: a unit with less is saturated [A7]."""

_ACTIVATIONS = nn.modules.activation.__name__
_RECTIFIERS = (nn.ReLU, nn.ReLU6)
_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One module without parts, at its first call.

    Attributes:
        name: as in ``named_modules``.
        kind: its class.
        num_layers: of weights in it: 0 of a non-linearity or a normalisation.
        spread: standard deviation of its input over the examples, root mean square over entries; NaN if not floating.
        output_size: root mean square of its output.
        output_spread: standard deviation of its output over the examples, as ``spread``.
        gradient_size: root mean square of the loss's gradient by its output.
        saturated: share of outputs of a sigmoid or tanh where its slope is nearly none; None of other modules.
        dead: share of rectifiers that are off for all examples; None of other modules.
        alike: share of pairs of units with the same weights; None without weights, or with less than two units.
        moves_alike: share of pairs of units with the same gradient, likewise.
        zero: whether all weights are 0.
        stretch: singular values of its Jacobian; None where there is none.
    """

    name: str
    kind: str
    num_layers: int
    spread: float
    output_size: float
    output_spread: float
    gradient_size: float
    saturated: float | None
    dead: float | None
    alike: float | None
    moves_alike: float | None
    zero: bool
    stretch: Stretch | None


@dataclass(slots=True)
class _Call:
    """What a module was given and returned first, and the gradient by what it returned."""

    given: Tensor
    returned: Tensor
    gradient: Tensor | None
    after_convolution: bool


def signal_rows(
    model: nn.Module, loss: Loss, inputs: Any, targets: Any, *, num_probes: int = NUM_PROBES, seed: int = 0
) -> tuple[SignalRow, ...]:
    """Return what happens to the signal in each module without parts that has parameters or is a non-linearity.

    What is only written in ``forward`` has no row.

    Args:
        model: a copy of it in double precision is run, in its mode, training or evaluation.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments; the first axis is the examples'.
        targets: as the loss takes them.
        num_probes: examples over which singular values are averaged, ≥ 1.
        seed: of random directions, and of what the model draws.

    Raises:
        ConfigError: if ``num_probes`` is not positive, or the loss depends on no parameter.

    Source:
        Bengio 2012, 6.1-05.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        >>> rows = signal_rows(model, nn.functional.mse_loss, torch.randn(20, 3), torch.randn(20, 1))
        >>> [(row.name, row.num_layers) for row in rows]
        [('0', 1), ('1', 0), ('2', 1)]
    """
    if num_probes < 1:
        raise ConfigError(
            f"`num_probes` must be ≥ 1, but got num_probes={num_probes}. Leave it out for {NUM_PROBES}.",
            num_probes=num_probes,
        )
    double = copy.deepcopy(model).double()
    for one in double.parameters():
        one.requires_grad_()
    own = own_loss(loss, double=True)
    calls = _watched(double)
    arguments = doubled(inputs if isinstance(inputs, tuple) else (inputs,))
    parameters = list(double.parameters())
    with torch.enable_grad(), same_draws(seed):
        value = own(double(*arguments), doubled(targets))
        if not value.requires_grad:
            raise ConfigError(
                "`model` must have parameters that the loss depends on, but it depends on none. Look for `detach` "
                "and `no_grad`."
            )
        gradients = torch.autograd.grad(value, parameters, allow_unused=True)
    of_parameter: dict[int, Tensor | None] = {
        id(one): gradient for one, gradient in zip(parameters, gradients, strict=True)
    }
    chooser = torch.Generator().manual_seed(seed)
    modules = dict(double.named_modules())
    for module in modules.values():
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
    return tuple(
        _row(name, modules[name], call, of_parameter, num_probes, chooser) for name, call in calls.items()
    )


def _watched(model: nn.Module) -> dict[str, _Call]:
    """Let each module without parts note its first call; return where the notes will be, in the order of calls."""
    calls: dict[str, _Call] = {}
    convolved = [False]

    def noting(name: str) -> Callable[[nn.Module, Any, Any], Any]:
        def note(module: nn.Module, given: Any, returned: Any) -> Any:
            if isinstance(module, _CONVOLUTIONS) or weight_layers(module):
                convolved[0] = isinstance(module, _CONVOLUTIONS)
            first = next(tensors_of(returned), None)
            if name in calls or first is None or not given or not isinstance(given[0], Tensor):
                return None
            call = _Call(given[0].detach().clone(), first.detach(), None, convolved[0])
            calls[name] = call
            if first.requires_grad:
                first.register_hook(  # type: ignore[no-untyped-call]
                    lambda gradient: setattr(call, "gradient", gradient.detach())
                )
            # Copies go on, for what comes next may write into them.
            return mapped(returned, torch.clone)

        return note

    for name, module in model.named_modules():
        if hasattr(module, "inplace"):
            module.inplace = False
        own = next(module.parameters(recurse=False), None)
        if not list(module.children()) and (own is not None or type(module).__module__ == _ACTIVATIONS):
            module.register_forward_hook(noting(name))
    return calls


def _row(
    name: str,
    module: nn.Module,
    call: _Call,
    gradients: dict[int, Tensor | None],
    num_probes: int,
    chooser: torch.Generator,
) -> SignalRow:
    """Return the numbers of one module."""
    weights: Tensor | None = next((one for one in module.parameters(recurse=False) if one.dim() > 1), None)
    gradient = None if weights is None else gradients[id(weights)]
    if weights is not None and isinstance(
        module, nn.RNNBase
    ):  # units of one gate; other gates get other gradients
        weights = weights[: module.hidden_size]
        gradient = None if gradient is None else gradient[: module.hidden_size]
    returned = call.returned
    return SignalRow(
        name=name,
        kind=type(module).__name__,
        num_layers=weight_layers(module),
        spread=_spread(call.given),
        output_size=_size(returned),
        output_spread=_spread(returned),
        gradient_size=0.0 if call.gradient is None else _size(call.gradient),
        saturated=_saturated(module, returned),
        dead=_dead(returned, call.after_convolution) if isinstance(module, _RECTIFIERS) else None,
        alike=None if weights is None else alike(weights.detach()),
        moves_alike=None
        if weights is None
        else alike(torch.zeros_like(weights) if gradient is None else gradient),
        zero=weights is not None and not bool(weights.detach().any()),
        stretch=stretch(module, call.given, num_probes, chooser),
    )


def alike(rows: Tensor) -> float | None:
    """Return the share of pairs of rows that are the same, to a hundredth of the longest; None of less than two rows.

    Example:
        >>> alike(torch.tensor([[1.0, 2.0], [1.0, 2.0], [1.0, -2.0]])) == 1 / 3
        True
    """
    flat = rows.flatten(1)[:256]
    if len(flat) < 2:
        return None
    near = torch.cdist(flat, flat) <= 0.01 * flat.norm(dim=1).max()
    pairs = len(flat) * (len(flat) - 1)
    return float(near.sum() - len(flat)) / pairs


def _size(values: Tensor) -> float:
    """Return the root mean square."""
    return math.sqrt(float(values.square().mean())) if values.numel() else 0.0


def _spread(values: Tensor) -> float:
    """Return the root mean square, over entries, of the standard deviation over examples."""
    if not values.is_floating_point() or not values.numel() or not values.dim():
        return math.nan
    return _size(values - values.mean(0))


def _saturated(module: nn.Module, returned: Tensor) -> float | None:
    """Return the share of outputs where the slope is nearly none, of a sigmoid or a tanh."""
    if isinstance(module, nn.Sigmoid):
        slopes = 4 * returned * (1 - returned)
    elif isinstance(module, nn.Tanh):
        slopes = 1 - returned.square()
    else:
        return None
    return float((slopes < SATURATED).double().mean())


def _dead(returned: Tensor, after_convolution: bool) -> float:
    """Return the share of units that are 0 for all examples: channels after a convolution, else the last axis."""
    axis = 1 if after_convolution and returned.dim() > 2 else -1
    return float((returned.transpose(0, axis).flatten(1) <= 0).all(1).double().mean())
