"""Changes of a copied loop: its weights, its units, its layers, its loss, its inputs. Functions of a copy, in place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from practicum.diagnose.evidence.of_optimiser import Change, add_parameters
from practicum.diagnose.evidence.subject import CannotTryError, Twin

LEAK = 0.1
"""Slope of a leaky rectifier below zero."""

WIDER = 4
"""Factor on hidden units where more of them are tried."""

SAME_MEAN, SAME_LOG = 0.5, 1.0
"""Means and logarithms of deviations up to which inputs count as standardised."""

_AFFINE = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
_OUTPUT_UNITS = (nn.ReLU, nn.ReLU6, nn.Tanh, nn.Sigmoid, nn.Softplus, nn.Hardtanh, nn.Hardsigmoid)


def initialised_anew(twin: Twin) -> None:
    """Draw the weights of all affine layers: He's where there are rectifiers, else Glorot's, four times with sigmoids.

    Biases begin at 0, and so do the weights of the last layer [3.2-28].
    """
    layers = [one for one in twin.model.modules() if isinstance(one, _AFFINE)]
    if not layers:
        raise CannotTryError("the model has no affine layers of PyTorch's own")
    kinds = {type(one) for one in twin.model.modules()}
    rectifiers = bool(kinds & {nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.GELU, nn.SiLU})
    bounded = nn.Sigmoid in kinds or nn.Tanh in kinds
    with torch.no_grad():
        for layer in layers:
            if bounded and not rectifiers:
                nn.init.xavier_uniform_(layer.weight, gain=4.0 if nn.Sigmoid in kinds else 1.0)
            else:
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                layer.bias.zero_()
        if len(layers) > 1:
            layers[-1].weight.zero_()


def last_layer_at_zero(twin: Twin) -> None:
    """Begin with the last affine layer at zero, so that the first outputs are the same for all."""
    layers = [one for one in twin.model.modules() if isinstance(one, _AFFINE)]
    if not layers:
        raise CannotTryError("the model has no affine layers of PyTorch's own")
    with torch.no_grad():
        layers[-1].weight.zero_()
        if layers[-1].bias is not None:
            layers[-1].bias.zero_()


def leaky(twin: Twin) -> None:
    """Put leaky rectifiers in the place of rectifiers that are modules."""
    _replace(twin, nn.ReLU, lambda _: nn.LeakyReLU(LEAK), "the model has no rectifiers that are modules")


def rectified(twin: Twin) -> None:
    """Put rectifiers in the place of sigmoids and tanhs that are hidden, with weights drawn for them."""
    outer = _last(twin.model)
    _replace(
        twin, (nn.Sigmoid, nn.Tanh), lambda _: nn.ReLU(), "there are no hidden sigmoids or tanhs", keep=outer
    )
    initialised_anew(twin)


def between_layers(twin: Twin) -> None:
    """Put a rectifier between affine layers that follow each other directly."""
    changed = False
    for chain in _chains(twin.model):
        pairs = [
            place
            for place, (first, second) in enumerate(pairwise(chain))
            if isinstance(first, _AFFINE) and isinstance(second, _AFFINE)
        ]
        for place in reversed(pairs):
            chain.insert(place + 1, nn.ReLU())
            changed = True
    if not changed:
        raise CannotTryError("no two affine layers follow each other in a Sequential")


def group_normalised(twin: Twin) -> None:
    """Put group normalisation in the place of batch normalisation; scales and shifts stay what they are."""

    def made(old: Any) -> nn.Module:
        new = nn.GroupNorm(math.gcd(8, old.num_features), old.num_features, old.eps, old.affine)
        if old.affine:
            new.weight, new.bias = old.weight, old.bias
        return new

    kinds = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
    _replace(twin, kinds, made, "the model has no batch normalisation")


def times_dropout(factor: float) -> Change:
    """Return a change of the rate of all dropout by a factor."""

    def change(twin: Twin) -> None:
        found = [
            one for one in twin.model.modules() if isinstance(one, nn.modules.dropout._DropoutNd) and one.p
        ]
        if not found:
            raise CannotTryError("the model has no dropout")
        for one in found:
            one.p *= factor

    return change


def without_output_unit(twin: Twin) -> None:
    """Leave the outputs linear where a Sequential ends with a non-linearity."""
    chain = _last_chain(twin.model)
    if chain is None or not isinstance(chain[-1], _OUTPUT_UNITS):
        raise CannotTryError("the model is no Sequential that ends with a non-linearity")
    chain[len(chain) - 1] = nn.Identity()


def wider(twin: Twin) -> None:
    """Multiply the units of all hidden layers of a Sequential of affine layers by :data:`WIDER`, drawn anew."""
    chain = _last_chain(twin.model)
    layers = [] if chain is None else [k for k, one in enumerate(chain) if isinstance(one, nn.Linear)]
    if chain is None or len(layers) < 2 or any(list(one.parameters()) for one in _others(chain, layers)):
        raise CannotTryError("the model is no Sequential of affine layers")
    some: Any = chain[layers[0]].weight
    for number, place in enumerate(layers):
        old: Any = chain[place]
        fan_in = old.in_features * (WIDER if number else 1)
        fan_out = old.out_features * (WIDER if number < len(layers) - 1 else 1)
        chain[place] = nn.Linear(fan_in, fan_out, old.bias is not None, device=some.device, dtype=some.dtype)
    for optimizer in twin.optimizers:
        del optimizer.param_groups[1:]
        optimizer.state.clear()
    twin.optimizers[0].param_groups[0]["params"] = []
    add_parameters(twin, list(twin.model.parameters()))
    initialised_anew(twin)


def of_logits(twin: Twin) -> None:
    """Give the loss the logarithm of the outputs, of which its own softmax makes these same probabilities."""
    inner = twin.loss_fn

    def loss(output: Tensor, targets: Any) -> Tensor:
        return inner(output.clamp_min(1e-9).log(), targets)

    twin.loss_fn = loss


def cross_entropy(twin: Twin) -> None:
    """Train by cross-entropy, with the outputs as logits, where targets are classes."""

    def loss(output: Tensor, targets: Tensor) -> Tensor:
        if not isinstance(output, Tensor) or output.ndim != 2 or output.shape[1] < 2:
            raise CannotTryError("the model has no output for each class")
        if targets.shape == output.shape:
            targets = targets.argmax(1)
        if targets.is_floating_point():
            raise CannotTryError("the targets are no classes")
        return F.cross_entropy(output, targets)

    twin.loss_fn = loss


def standardised(twin: Twin) -> None:
    """Give every input (every channel of images) mean 0 and deviation 1, from the training rows."""
    first = twin.rows.inputs[0] if isinstance(twin.rows.inputs, tuple) else twin.rows.inputs
    if not isinstance(first, Tensor) or not first.is_floating_point() or first.ndim < 2:
        raise CannotTryError("the inputs are no numbers in columns")
    if len(first) < 2:
        raise CannotTryError("one row has no deviation")
    axes = [axis for axis in range(first.ndim) if axis != 1]
    mean, deviation = first.mean(axes, keepdim=True), first.std(axes, keepdim=True)
    deviation = torch.where(deviation > 0, deviation, torch.ones_like(deviation))
    if bool((mean.abs() <= SAME_MEAN).all()) and bool(((deviation.log().abs()) <= SAME_LOG).all()):
        raise CannotTryError("the inputs are standardised already")

    def prepare(given: Any) -> Any:
        if isinstance(given, tuple):
            return ((given[0] - mean) / deviation, *given[1:])
        return (given - mean) / deviation

    twin.prepare = prepare


def _replace(
    twin: Twin, kinds: Any, made: Callable[[Any], nn.Module], otherwise: str, keep: Any = None
) -> None:
    """Put another module in the place of each one of some kinds."""
    changed = False
    for parent in list(twin.model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, kinds) and child is not keep:
                setattr(parent, name, made(child))
                changed = True
    if not changed:
        raise CannotTryError(otherwise)


def _chains(model: nn.Module) -> Iterator[nn.Sequential]:
    """Yield all Sequentials of a model."""
    for one in model.modules():
        if isinstance(one, nn.Sequential):
            yield one


def _last_chain(model: nn.Module) -> nn.Sequential | None:
    """Return the innermost Sequential that a model ends with."""
    chain = None
    while children := list(model.children()):
        chain = model if isinstance(model, nn.Sequential) else None
        model = children[-1]
    return chain


def _last(model: nn.Module) -> nn.Module | None:
    """Return the last module that has no children."""
    leaves = [one for one in model.modules() if not list(one.children())]
    return leaves[-1] if leaves else None


def _others(chain: nn.Sequential, places: list[int]) -> Iterator[nn.Module]:
    """Yield the modules at other places."""
    return (one for place, one in enumerate(chain) if place not in places)
