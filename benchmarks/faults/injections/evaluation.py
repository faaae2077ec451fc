"""E1 to E6: faults of fit and of judging. E7 and E8 belong to searches, not to a run, and are not planted here."""

from __future__ import annotations

import torch
from benchmarks.faults.fault import Fault, fewer, generator, nets, pick
from benchmarks.faults.plan import Plan
from torch import Tensor


def few(plan: Plan) -> Plan:
    """150 rows, some dropout, and the best weights kept: what can be had of so few."""
    return fewer(plan, 150).with_(net__dropout=0.2, keep_best=True)


def overfit(plan: Plan, severity: int, _seed: int) -> Plan:
    """A wide net for few rows, no regularisation, long training, and the last weights are taken."""
    wide = tuple(round(pick(severity, 2, 4, 4)) * size for size in plan.net.hidden_sizes)
    steps = round(pick(severity, 2, 2, 4)) * plan.num_steps
    return plan.with_(net__hidden_sizes=wide, net__dropout=0.0, num_steps=steps, keep_best=False)


def underfit(plan: Plan, _severity: int, _seed: int) -> Plan:
    """No hidden layer at all."""
    return plan.with_(net__hidden_sizes=())


def over_trained(plan: Plan, severity: int, _seed: int) -> Plan:
    """Go on long past the best validation loss."""
    return plan.with_(num_steps=round(plan.num_steps * pick(severity, 3, 4, 5)), keep_best=False)


def scarce(plan: Plan) -> Plan:
    """A quarter of the rows, inputs that are blurred, a wide net, and the best weights kept."""
    wide = tuple(2 * size for size in plan.net.hidden_sizes)
    noise = generator(plan.seed)

    def blur(x: Tensor) -> Tensor:
        return x + 0.5 * x.std() * torch.randn(x.shape, generator=noise) if x.is_floating_point() else x

    few = fewer(plan, len(plan.rows.train[0]) // 4)
    return few.with_(rows=few.rows.map_x(blur), net__hidden_sizes=wide, net__dropout=0.0, keep_best=True)


def strong_dropout(plan: Plan, severity: int, _seed: int) -> Plan:
    """Drop 80 to 95 % of the units."""
    return plan.with_(net__dropout=pick(severity, 0.8, 0.9, 0.95))


def few_validated(plan: Plan, severity: int, _seed: int) -> Plan:
    """Validate on 20 rows, on 10, or never."""
    return plan.with_(valid_rows=round(pick(severity, 20, 10, -1)))


def other_coding(plan: Plan, severity: int, _seed: int) -> Plan:
    """Number the classes otherwise (or flip the sign) in validation: worse than guessing."""

    def change(y: Tensor) -> Tensor:
        if plan.kind == "numbers":
            return -y
        if plan.kind == "binary":
            return 1 - y
        return torch.where(y >= 0, (y + severity) % plan.num_classes, y)

    return plan.with_(rows=plan.rows.map_y(change, "valid"))


FAULTS = (
    Fault("E1", "over-fitting", overfit, prepare=few, harm="loss"),
    Fault("E2", "under-fitting", underfit, (1,), nets("mlp", "cnn", "conv1d")),
    Fault("E3", "trained past the best", over_trained, prepare=scarce, harm="loss"),
    Fault("E4", "dropout too strong", strong_dropout),
    Fault("E5", "validation too small", few_validated, harm="reported"),
    Fault("E6", "worse than guessing", other_coding, (1,), harm="reported", repairable=False),
)
