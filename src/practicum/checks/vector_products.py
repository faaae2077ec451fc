"""Products of the training criterion's Hessian, or of the output's Jacobian, and a vector: no matrix is formed.

They are exact where the backward pass can itself be differentiated, and differences along the vector elsewhere.
Source: Bengio 2012, 2.2-06.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from practicum.checks.criterion import Criterion, Loss
from practicum.checks.doubles import doubled, same_draws
from practicum.core.errors import ConfigError, nearest

STEP = 1e-5
"""Of a difference along a vector, relative to the parameters, where a backward pass cannot be differentiated again."""

Product = Callable[[Tensor], Tensor]
"""Of a symmetric matrix and a vector, shape ``(P,)`` each."""


def hessian_vector(
    model: nn.Module, loss: Loss, inputs: Any, targets: Any, vectors: Mapping[str, Tensor], *, seed: int = 0
) -> dict[str, Tensor]:
    """Return the product of the Hessian of the training criterion and a vector, in double precision.

    It is exact: the backward pass is differentiated once more. Where that cannot be done, as with a backward pass
    marked "once differentiable", gradients are compared on both sides, which errs by about 10⁻⁹ of the product.

    Args:
        model: in the mode, training or evaluation, that is meant. A copy is used.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments.
        targets: as the loss takes them.
        vectors: a tensor of each parameter's shape, by its name; a parameter that is left out counts as zero.
        seed: of what the model draws itself, as dropout does.

    Returns:
        Of each parameter that requires a gradient its part of the product, in its shape.

    Raises:
        ConfigError: if a vector fits no parameter, or the loss is no finite scalar with a gradient.

    Source:
        Bengio 2012, 2.2-06 (the R-operator; Pearlmutter 1994).

    Example:
        >>> model, x, y = nn.Linear(2, 1, bias=False), torch.tensor([[1.0, 0.0], [0.0, 3.0]]), torch.zeros(2, 1)
        >>> hessian_vector(model, nn.functional.mse_loss, x, y, {"weight": torch.tensor([[1.0, 1.0]])})
        {'weight': tensor([[1., 9.]], dtype=torch.float64)}
    """
    criterion = Criterion(model, loss, inputs, targets, seed=seed)
    parameters = criterion.parameters
    flat = _flattened(vectors, parameters)
    return dict(zip(parameters, _cut(hessian_product(criterion)(flat), parameters), strict=True))


def jacobian_vector(model: nn.Module, inputs: Any, vectors: Mapping[str, Tensor], *, seed: int = 0) -> Tensor:
    """Return how the model's output moves as its parameters move along a vector, in double precision.

    Args:
        model: returns one tensor. A copy is used.
        inputs: what the model takes: a tensor, or a tuple of arguments.
        vectors: a tensor of each parameter's shape, by its name; a parameter that is left out counts as zero.
        seed: of what the model draws itself, as dropout does.

    Returns:
        The product of the output's Jacobian by the parameters and the vector, shape of the output.

    Raises:
        ConfigError: if a vector fits no parameter, or the model returns no single tensor that depends on one.

    Source:
        Bengio 2012, 2.2-06.

    Example:
        >>> jacobian_vector(nn.Linear(2, 1), torch.tensor([[3.0, 4.0]]), {"weight": torch.tensor([[1.0, 2.0]])})
        tensor([[11.]], dtype=torch.float64)
    """
    # The sum is only there to find out whether anything depends on a parameter.
    criterion = Criterion(model, lambda output, _: _one_tensor(output).sum(), inputs, None, seed=seed)
    parameters = criterion.parameters
    flat = _flattened(vectors, parameters)

    def output() -> Tensor:
        with same_draws(seed):
            return _one_tensor(criterion.output())

    try:
        with sdpa_kernel(SDPBackend.MATH):  # the fused kernels of attention have no second derivative
            now = output()
            weights = torch.zeros_like(now, requires_grad=True)
            # Jᵀu is linear in u, so its derivative by u, applied to v, is J v.
            pulled = _gradient(now, parameters, weights, create_graph=True)
            torch.autograd.backward(pulled @ flat)
    except RuntimeError:
        return _difference(lambda: output().detach(), parameters, flat)
    return torch.zeros_like(now) if weights.grad is None else weights.grad


def hessian_product(criterion: Criterion) -> Product:
    """Return the product with the Hessian of a criterion at its parameters, of flat vectors, shape ``(P,)``."""
    parameters = criterion.parameters
    try:
        with sdpa_kernel(SDPBackend.MATH):
            gradient = _gradient(criterion.value(), parameters, create_graph=True)
            if gradient.requires_grad:
                # All of the graph is gone through: asked for some leaves only, PyTorch passes by what cannot be
                # differentiated twice without a word. What this leaves in `grad` is the copy's.
                torch.autograd.backward(gradient.sum(), retain_graph=True)
    except RuntimeError:
        return lambda flat: _difference(lambda: _gradient(criterion.value(), parameters), parameters, flat)
    return lambda flat: _curved(gradient, parameters, flat)


def _curved(gradient: Tensor, parameters: Mapping[str, Tensor], flat: Tensor) -> Tensor:
    """Return the derivative of the gradient along a vector, by a second backward pass."""
    if not gradient.requires_grad:  # the loss is linear in all parameters
        return torch.zeros_like(flat)
    return _gradient(gradient @ flat, parameters, retain_graph=True)


def _gradient(
    value: Tensor, parameters: Mapping[str, Tensor], weights: Tensor | None = None, **options: bool
) -> Tensor:
    """Return the gradient by all parameters in one vector, zeros where it depends on none."""
    given = list(parameters.values())
    found = torch.autograd.grad(value, given, weights, allow_unused=True, **options)
    return torch.cat(
        [
            (torch.zeros_like(one) if part is None else part).reshape(-1)
            for one, part in zip(given, found, strict=True)
        ]
    )


def _difference(function: Callable[[], Tensor], parameters: Mapping[str, Tensor], flat: Tensor) -> Tensor:
    """Return the central difference of a function of the parameters along a vector."""
    length = float(flat.norm())
    if length == 0:
        return torch.zeros_like(function())
    size = math.sqrt(sum(float(one.detach().square().sum()) for one in parameters.values()))
    step = STEP * max(size, 1.0) / length
    before = {name: one.detach().clone() for name, one in parameters.items()}
    sides = []
    try:
        for sign in (1, -1):
            with torch.no_grad():
                for (name, one), part in zip(parameters.items(), _cut(flat, parameters), strict=True):
                    one.copy_(before[name] + sign * step * part)
            sides.append(function())
    finally:
        with torch.no_grad():
            for name, one in parameters.items():
                one.copy_(before[name])
    return (sides[0] - sides[1]) / (2 * step)


def _flattened(vectors: Mapping[str, Tensor], parameters: Mapping[str, Tensor]) -> Tensor:
    """Return the vectors in one, in the order of the parameters."""
    for name, vector in vectors.items():
        if name not in parameters or vector.shape != parameters[name].shape:
            wanted = f"shape {tuple(parameters[name].shape)}" if name in parameters else "no such parameter"
            raise ConfigError(
                "`vectors` must fit parameters that require a gradient, but got shape "
                f'{tuple(vector.shape)} for "{name}" ({wanted}).'
                f"{nearest(name, parameters)} Take names and shapes from `model.named_parameters()`.",
                name=name,
            )
    parts = [
        doubled(vectors.get(name, torch.zeros_like(one))).reshape(-1) for name, one in parameters.items()
    ]
    return torch.cat(parts)


def _cut(flat: Tensor, parameters: Mapping[str, Tensor]) -> list[Tensor]:
    """Return one vector in the parameters' shapes."""
    parts = torch.split(flat, [one.numel() for one in parameters.values()])
    return [part.view_as(one) for part, one in zip(parts, parameters.values(), strict=True)]


def _one_tensor(output: Any) -> Tensor:
    """Return the output, which must be one tensor."""
    if not isinstance(output, Tensor):
        raise ConfigError(
            f"`model` must return one tensor, but got {type(output).__name__}. Wrap it in a module that picks one.",
        )
    return output
