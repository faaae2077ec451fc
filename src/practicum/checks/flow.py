"""The flow graph of a model, as the backward pass remembers it: what came last, what lies on the longest path.

Modules show what was called, the graph also what was only written in ``forward``; checks of structure need both.
Source: Bengio 2012, 1.1-01.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from practicum.checks.doubles import same_draws, tensors_of

PASSIVE = frozenset(
    [
        "Alias",
        "Clone",
        "Contiguous",
        "Expand",
        "Permute",
        "Reshape",
        "ReshapeAlias",
        "Select",
        "Slice",
        "Split",
        "Squeeze",
        "T",
        "ToCopy",
        "Transpose",
        "Unsqueeze",
        "UnsafeView",
        "View",
        "_Mark",
    ]
)
"""Operations that move numbers and change none."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the graph.

    Attributes:
        name: as PyTorch calls it, such as "Sigmoid", "Addmm" or "Relu".
        node: of the graph.
    """

    name: str
    node: Any


def weight_layers(module: nn.Module) -> int:
    """Return how many layers of weights one call of ``module`` itself is, its children not counted.

    A layer of weights owns a parameter of two or more axes; normalisations own none, or are none.

    Example:
        >>> [weight_layers(one) for one in (nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.LSTM(2, 3, 2))]
        [1, 0, 0, 2]
    """
    if isinstance(module, nn.RNNBase):
        return module.num_layers
    if isinstance(module, nn.LayerNorm | nn.RMSNorm):
        return 0
    return int(any(one.dim() > 1 for one in module.parameters(recurse=False)))


def traced(model: nn.Module) -> nn.Module:
    """Return a copy in which everything takes part in the graph, and calls of layers of weights are marked."""
    double = copy.deepcopy(model)
    for parameter in double.parameters():
        parameter.requires_grad_(parameter.is_floating_point())
    for module in double.modules():
        layers = weight_layers(module)
        if layers:
            module.register_forward_hook(_marking(layers))
    return double


def run(model: nn.Module, inputs: Any, seed: int = 0) -> Any:
    """Return the model's output with its graph, whatever the caller has switched off.

    Args:
        model: a copy.
        inputs: a tensor, or a tuple of arguments.
        seed: of what the model draws.
    """
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    with torch.enable_grad(), same_draws(seed):
        # Copies, for a model may write into what it is given.
        return model(*(one.detach().clone() if isinstance(one, Tensor) else one for one in arguments))


def depth(output: Any) -> int:
    """Return the layers of weights on the longest path to ``output`` of a model that :func:`traced` returned.

    Source:
        Bengio 2012, 1.1-01.

    Example:
        >>> deep = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
        >>> depth(run(traced(deep), torch.ones(4, 2)))
        2
    """
    longest: dict[Any, int] = {}
    for node in reversed(list(_inputs_last(output))):
        below = [longest[one] for one, _ in node.next_functions if one is not None]
        longest[node] = getattr(node, "layers", 0) + max(below, default=0)
    return max(longest.values(), default=0)


def parameters_reached(output: Any) -> set[int]:
    """Return the ids of the parameters that ``output`` depends on, by the backward pass."""
    nodes = list(_inputs_last(output))
    return {id(node.variable) for node in nodes if hasattr(node, "variable")}


def last_operation(tensor: Tensor) -> Operation | None:
    """Return what came last before ``tensor``, apart from what only moves numbers; None where there is no graph.

    Example:
        >>> last_operation(torch.sigmoid(torch.ones(3, 1, requires_grad=True)).squeeze(1)).name
        'Sigmoid'
    """
    return _first_active(tensor.grad_fn)


def before(operation: Operation) -> list[Operation]:
    """Return the operations whose results ``operation`` took, parameters left out."""
    found = [_first_active(node) for node, _ in operation.node.next_functions]
    return [one for one in found if one is not None]


def mapped(value: Any, function: Callable[[Tensor], Tensor]) -> Any:
    """Return ``value`` with ``function`` of each floating tensor in it."""
    if isinstance(value, Tensor):
        return function(value) if value.is_floating_point() else value
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(mapped(one, function) for one in value))
    if isinstance(value, tuple | list):
        return type(value)(mapped(one, function) for one in value)
    if isinstance(value, dict):
        changed = copy.copy(value)
        changed.update({name: mapped(one, function) for name, one in value.items()})
        return changed
    return value


def _inputs_last(output: Any) -> Iterator[Any]:
    """Yield the nodes of the graph, each before those that it took results from."""
    stack: list[tuple[Any, Iterable[Any] | None]] = [
        (one.grad_fn, None) for one in tensors_of(output) if one.grad_fn is not None
    ]
    seen: set[Any] = set()
    done: list[Any] = []
    while stack:
        node, rest = stack.pop()
        if rest is None:
            if node in seen:
                continue
            seen.add(node)
            rest = iter([one for one, _ in node.next_functions if one is not None])
        following = next(iter(rest), None)
        if following is None:
            done.append(node)
        else:
            stack += [(node, rest), (following, None)]
    yield from reversed(done)


def _first_active(node: Any) -> Operation | None:
    """Return the first operation at or below ``node`` that changes numbers."""
    while node is not None:
        name = node.name().rpartition("::")[2].rstrip("0123456789").removesuffix("Backward")
        if hasattr(node, "variable"):
            return None
        if name not in PASSIVE:
            return Operation(name, node)
        node = node.next_functions[0][0]
    return None


def _marking(layers: int) -> Callable[[nn.Module, Any, Any], Any]:
    """Return a hook that leaves its mark on what a module returns."""
    return lambda _module, _given, returned: mapped(returned, lambda one: _marked(one, layers))


def _marked(tensor: Tensor, layers: int) -> Tensor:
    """Return the same numbers with a node of ours behind them."""
    return _Mark.apply(tensor, layers)  # type: ignore[no-any-return, no-untyped-call]


class _Mark(torch.autograd.Function):
    """The identity; its node says how many layers of weights lie behind it."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor, layers: int) -> Tensor:
        ctx.layers = layers
        return tensor.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        return gradients[0], None
