"""L1 to L10: faults of loss, output and metric."""

from __future__ import annotations

import torch
from benchmarks.faults.fault import Fault, kinds, pick, plain_sgd
from benchmarks.faults.plan import Plan, Rows
from torch import Tensor


def softmax_before(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Probabilities go to a loss that expects logits."""
    return plan.with_(net__output="sigmoid" if plan.kind == "binary" else "softmax")


def misfit(plan: Plan, severity: int, _seed: int) -> Plan:
    """Choose a loss that is not for these targets."""
    losses = {
        "classes": ("class number", "l1 one-hot"),
        "binary": ("hinge", "poisson"),
        "numbers": ("bce", "poisson"),
    }
    return plan.with_(loss=losses[plan.kind][severity - 1])


def squashed(plan: Plan, severity: int, _seed: int) -> Plan:
    """Put an activation after the last layer that cannot give the targets."""
    outputs = ("relu", "tanh", "sigmoid") if plan.kind == "numbers" else ("relu",)
    return plan.with_(net__output=outputs[(severity - 1) % len(outputs)])


def wild_start(plan: Plan, severity: int, _seed: int) -> Plan:
    """Draw the last layer far too large, with an offset."""
    return plan.with_(net__head_gain=pick(severity, 20, 50, 150), net__head_bias=pick(severity, 10, 20, 50))


def summed(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Sum over the rows where the rate was chosen for the mean."""
    return plan.with_(reduction="sum")


def unbounded(plan: Plan, severity: int, _seed: int) -> Plan:
    """Take the logarithm for granted, or take it of what can be 0."""
    if plan.kind == "numbers":
        return plan.with_(loss="log of error")
    if plan.kind == "binary":
        return plan.with_(loss="negative bce")
    return plan.with_(loss="nll", net__output="softmax" if severity == 1 else "none")


def broadcast(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Give outputs (B, 1) and targets (B): each output is compared with all targets."""
    return plan.with_(loop__add_stage="broadcast")


def wrong_metric(plan: Plan, severity: int, _seed: int) -> Plan:
    """Report a number that is not the error."""
    if plan.kind == "numbers":
        return plan.with_(loop__metric="scaled")
    if plan.kind == "binary":
        return plan.with_(loop__metric=("accuracy as error", "threshold")[severity - 1])
    return plan.with_(loop__metric=("accuracy as error", "wrong axis")[severity - 1])


def mixed_rows(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Use `view` where `transpose` was meant: rows of a batch leak into each other."""
    return plan.with_(net__defect="view")


def padding(plan: Plan, severity: int, _seed: int) -> Plan:
    """Count the padding as if it were data, and there is much of it."""
    more = round(pick(severity, 5, 15, 30))

    def x_padded(x: Tensor) -> Tensor:
        return torch.cat([x, torch.zeros(len(x), more, dtype=x.dtype)], 1)

    def y_padded(y: Tensor) -> Tensor:
        return torch.cat([y.clamp(min=0), torch.zeros(len(y), more, dtype=y.dtype)], 1)

    rows: Rows = plan.rows.map_x(x_padded, "train valid").map_y(y_padded, "train valid")
    return plan.with_(rows=rows)


LABELS = kinds("classes", "binary")
FAULTS = (
    Fault(
        "L1",
        "softmax or sigmoid before a loss of logits",
        softmax_before,
        (1,),
        kinds("classes", "binary", "tags"),
        harm="loss",
    ),
    Fault("L2", "a loss that does not fit", misfit, (1, 2), kinds("classes", "binary", "numbers")),
    Fault("L3", "an output that cannot reach the targets", squashed, applies=kinds("numbers", "classes")),
    Fault("L4", "a wild last layer", wild_start),
    Fault("L5", "the loss summed", summed, (1,), prepare=plain_sgd),
    Fault("L6", "a loss without bottom", unbounded, (1, 2), kinds("classes", "binary", "numbers")),
    Fault("L7", "outputs and targets broadcast", broadcast, (1,), kinds("numbers")),
    Fault("L8", "a wrong metric", wrong_metric, (1, 2), harm="reported"),
    Fault("L9", "rows leak into each other", mixed_rows, (1,)),
    Fault("L10", "padding counted", padding, applies=kinds("tags"), harm="reported"),
)
