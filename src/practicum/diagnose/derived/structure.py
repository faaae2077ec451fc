"""What the graph of one pass shows of the network's structure: layers that nothing separates, backwards of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from practicum.checks.doubles import same_draws, tensors_of
from practicum.checks.flow import PASSIVE
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import rows_of
from practicum.monitor.facts import Facts

ROWS = 8

AFFINE = frozenset({"Addmm", "Mm", "Linear", "Convolution", "Baddbmm"})
"""Layers of weights."""

THROUGH = PASSIVE | {"NativeBatchNorm", "CudnnBatchNorm", "AvgPool2D", "AdaptiveAvgPool2D", "NativeDropout"}
"""What is looked through from one layer of weights to the next."""

POOLED = THROUGH | {"MaxPool2DWithIndices", "MaxPool2D"}
"""With pooling, whose largest of a few numbers is hardly what somebody meant by a non-linearity."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What was seen.

    Attributes:
        num_layers: of weights, in one pass.
        bare: of them, how many take the output of another with nothing but linear operations between.
        pooled: the same, if the largest of some numbers is looked through as well.
        own_backwards: names of functions whose backward pass somebody wrote.
    """

    num_layers: int
    bare: int
    own_backwards: tuple[str, ...]
    pooled: int


@kept
def structure_of(facts: Facts) -> Structure | None:
    """Return the structure of the network before its first step; None where it cannot be run on kept rows."""
    rows = rows_of(facts)
    model = None if facts.trained is None else facts.trained.start or facts.trained.model
    if rows is None or model is None:
        return None
    double = copy.deepcopy(model).eval()
    for one in double.parameters():
        one.requires_grad_(one.is_floating_point())
    device = next((one.device for one in double.parameters()), rows.x.device)
    with torch.enable_grad(), same_draws(0):
        output = double(rows.x[:ROWS].to(device))
    nodes = list(_nodes(output))
    layers = [one for one in nodes if _name(one) in AFFINE]
    own = {
        str(type(one).__name__).removesuffix("Backward")
        for one in nodes
        if isinstance(one, torch.autograd.function.BackwardCFunction)
    }
    return Structure(
        len(layers),
        sum(_is_bare(one) for one in layers),
        tuple(sorted(own)),
        sum(_is_bare(one, POOLED) for one in layers),
    )


def _name(node: Any) -> str:
    name: str = node.name().rpartition("::")[2].rstrip("0123456789").removesuffix("Backward")
    return name


def _nodes(output: Any) -> Iterator[Any]:
    """Yield every node of the graph."""
    stack = [one.grad_fn for one in tensors_of(output) if one.grad_fn is not None]
    seen: set[Any] = set()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack += [one for one, _ in node.next_functions if one is not None]


def _is_bare(node: Any, through: frozenset[str] = THROUGH) -> bool:
    """Return whether what a layer of weights takes is the output of another."""
    following = [one for one, _ in node.next_functions if one is not None and not _is_parameter(one)]
    return any(_comes_from_layer(one, through) for one in following)


def _comes_from_layer(node: Any, through: frozenset[str]) -> bool:
    """Return whether a result is that of a layer of weights, but for what moves, scales or averages numbers."""
    while node is not None and not hasattr(node, "variable"):
        if _name(node) in AFFINE:
            return True
        if _name(node) not in through:
            return False
        node = node.next_functions[0][0]
    return False


def _is_parameter(node: Any) -> bool:
    """Return whether a node is a parameter, as it is or transposed."""
    while node is not None and not hasattr(node, "variable"):
        if _name(node) not in PASSIVE:
            return False
        node = node.next_functions[0][0]
    return node is not None
