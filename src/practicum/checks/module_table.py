"""What a model consists of, in the order of calls: shapes, parameters, uses, depth; what is unused or frozen.

Source: Bengio 2012, 1.1-01; faults A10 and A12.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from practicum.checks.doubles import tensors_of
from practicum.checks.flow import depth, parameters_reached, run, traced
from practicum.core.finding import Finding

NUM_NAMED = 5
"""Parameters that a finding names before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """One module that was called, or that owns parameters.

    Attributes:
        name: as in ``named_modules``; "" is the model itself.
        kind: its class.
        shape: of the first floating tensor that its first call returned; None where there was none.
        num_parameters: that it owns itself, without its parts.
        num_trainable: of these, those that require a gradient.
        uses: calls in one pass.
        unusual: device and precision of its parameters where they are not those of most; else empty.
    """

    name: str
    kind: str
    shape: tuple[int, ...] | None
    num_parameters: int
    num_trainable: int
    uses: int
    unusual: str


@dataclass(frozen=True, slots=True)
class ModuleTable:
    """The modules of a model.

    Attributes:
        rows: in the order of the first call; those that were never called come last.
        num_parameters: of the whole model; one that is shared counts once.
        num_trainable: of these, those that require a gradient.
        depth: layers of weights on the longest path from inputs to outputs.
        findings: parameters that the output does not depend on, and frozen ones.
    """

    rows: tuple[ModuleRow, ...]
    num_parameters: int
    num_trainable: int
    depth: int
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """A table in fixed width, then the totals, then the findings."""
        cells = [("module", "kind", "output", "parameters", "trainable", "uses", "")]
        for row in self.rows:
            shape = "–" if row.shape is None else "×".join(map(str, row.shape)) or "scalar"
            counts = (f"{row.num_parameters:,}", f"{row.num_trainable:,}", str(row.uses))
            cells.append((row.name or "(model)", row.kind, shape, *counts, row.unusual))
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(_aligned(line, widths)).rstrip() for line in cells]
        lines.append(
            f"{self.num_parameters:,} parameters, {self.num_trainable:,} of them trainable; depth {self.depth}: "
            "layers of weights on the longest path [1.1-01]."
        )
        return "\n".join([*lines, *(finding.text for finding in self.findings)])


def module_table(model: nn.Module, inputs: Any) -> ModuleTable:
    """Return the modules of ``model`` with their shapes and parameters, and the model's depth.

    Depth is the number of layers of weights on the longest path from an input to an output. A layer of weights is one
    call of a module that itself owns a parameter of two or more axes, LayerNorm and RMSNorm excepted (a recurrent
    module counts its stacked layers, not its steps). A module that is called twice in a row counts twice; branches
    side by side count as the longest of them; non-linearities and normalisations count nothing. The path is the
    gradient's: it ends at a ``detach``.

    Args:
        model: a copy of it is run once, in its mode, training or evaluation.
        inputs: what the model takes: a tensor, or a tuple of arguments.

    Source:
        Bengio 2012, 1.1-01; faults A10 (unused) and A12 (frozen).
        NOTE[DIFF]: the chapter leaves open which operations are a node; we take layers of weights.

    Example:
        >>> import torch
        >>> print(module_table(nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)), torch.ones(5, 3)).text)
        module  kind    output  parameters  trainable  uses
        0       Linear  5×8             32         32     1
        1       Tanh    5×8              0          0     1
        2       Linear  5×1              9          9     1
        41 parameters, 41 of them trainable; depth 2: layers of weights on the longest path [1.1-01].
    """
    double = traced(model)
    names = {id(module): name for name, module in double.named_modules()}
    shapes: dict[str, tuple[int, ...] | None] = {}
    uses: Counter[str] = Counter()

    def note(module: nn.Module, _given: Any, returned: Any) -> None:
        first = next(tensors_of(returned), None)
        name = names[id(module)]
        shapes.setdefault(name, None if first is None else tuple(first.shape))
        uses[name] += 1

    for module in double.modules():
        module.register_forward_hook(note)
    output = run(double, inputs)
    order = {name: place for place, name in enumerate(shapes)}
    listed = [
        (name, module)
        for name, module in model.named_modules()
        if _owned(module) or (name in uses and not list(module.children()))
    ]
    listed.sort(key=lambda one: order.get(one[0], len(order)))
    parameters = dict(model.named_parameters())
    usual = Counter((one.device, one.dtype) for one in parameters.values()).most_common(1)
    rows = tuple(
        ModuleRow(
            name,
            type(module).__name__,
            shapes.get(name),
            sum(one.numel() for one in _owned(module)),
            sum(one.numel() for one in _owned(module) if one.requires_grad),
            uses[name],
            ", ".join(
                sorted({_place(one) for one in _owned(module) if (one.device, one.dtype) != usual[0][0]})
            ),
        )
        for name, module in listed
    )
    unused = _unused(double, output)
    frozen = [name for name, one in parameters.items() if not one.requires_grad]
    findings = _unused_finding(unused, uses, len(parameters)) + _frozen_finding(frozen, len(parameters))
    total = sum(one.numel() for one in parameters.values())
    trainable = sum(one.numel() for one in parameters.values() if one.requires_grad)
    return ModuleTable(rows, total, trainable, depth(output), findings)


def _unused(double: nn.Module, output: Any) -> list[str]:
    """Return the parameters that the output does not depend on; none where it is of a kind that nothing is known of."""
    if next(tensors_of(output), None) is None:
        return []
    reached = parameters_reached(output)
    return [
        name
        for name, one in double.named_parameters()
        if one.is_floating_point() and id(one) not in reached  # complex numbers are not followed
    ]


def _owned(module: nn.Module) -> list[Tensor]:
    """Return the parameters that a module owns itself."""
    return list(module.parameters(recurse=False))


def _place(tensor: Tensor) -> str:
    """Return device and precision in words."""
    return f"{tensor.device} {str(tensor.dtype).removeprefix('torch.')}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return the cells of a line in their widths, numbers to the right."""
    return [
        cell.rjust(width) if 3 <= place <= 5 else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def _named(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - NUM_NAMED} more" if len(names) > NUM_NAMED else ""
    return ", ".join(f"`{name}`" for name in names[:NUM_NAMED]) + more


def _unused_finding(names: Sequence[str], uses: Counter[str], total: int) -> tuple[Finding, ...]:
    """Return fault A10 where the output does not depend on some parameters."""
    if not names:
        return ()
    idle = sorted({name.rpartition(".")[0] for name in names if not uses[name.rpartition(".")[0]]})
    never = f"; never called: {_named(idle)}" if idle else ""
    return (
        Finding(
            "module-table",
            "critical" if len(names) == total else "warning",
            (("A10", 0.95),),
            f"The output does not depend on {len(names)} of {total} parameters: {_named(names)}{never}.",
            "Connect them or remove them; look for `detach`, `no_grad` and branches that this batch did not take.",
            "fault-A10",
            tuple(("parameter", name) for name in names),
        ),
    )


def _frozen_finding(names: Sequence[str], total: int) -> tuple[Finding, ...]:
    """Return fault A12 where parameters do not require a gradient."""
    if not names:
        return ()
    return (
        Finding(
            "module-table",
            "critical" if len(names) == total else "info",
            (("A12", 0.5),),
            f"{len(names)} of {total} parameters are frozen: {_named(names)}.",
            "Set `requires_grad` where that is not meant.",
            "fault-A12",
            tuple(("parameter", name) for name in names),
        ),
    )
