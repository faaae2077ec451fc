"""What a fault is: a change of a sound program, with the programs it applies to and the harm that is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from benchmarks.faults.plan import Optimiser, Plan
from torch import Tensor

PLAIN_RATES = {
    "cancer": 0.02,
    "friedman": 0.05,
    "digits": 0.05,
    "topics": 0.15,
    "tags": 1.0,
    "waves": 0.05,
    "rings": 0.05,
    "mnist": 0.012,
    "california": 0.05,
    "brackets": 0.5,
    "letter": 0.1,
    "abalone": 0.03,
    "fashion": 0.05,
    "reviews": 0.03,
}
"""Good rates of SGD with momentum 0.9 (for sequences too), found by hand; for 0 momentum ten times that is near."""


def always(_plan: Plan) -> bool:
    """Return True."""
    return True


def same(plan: Plan) -> Plan:
    """Return the plan."""
    return plan


@dataclass(frozen=True)
class Fault:
    """A fault of the catalogue.

    Attributes:
        id: in the catalogue.
        title: what was done, in words.
        inject: plan, severity, seed -> the plan at fault.
        severities: those there are; a fault that is or is not has one.
        applies: whether a task can have it.
        prepare: makes the sound program on which the fault bites (such as one with dropout); it is the reference too.
        harm: "test" (test error), "loss" (test loss), "reported" (error reported minus true), "memory", "time",
            "chance" (two runs differ).
        repairable: whether some change of the program can make good what was lost (not where rows or labels are).
    """

    id: str
    title: str
    inject: Callable[[Plan, int, int], Plan]
    severities: tuple[int, ...] = (1, 2, 3)
    applies: Callable[[Plan], bool] = always
    prepare: Callable[[Plan], Plan] = same
    harm: str = "test"
    repairable: bool = True

    def plant(self, plan: Plan, severity: int, seed: int) -> Plan:
        """Return the program at fault."""
        return self.inject(self.prepare(plan), severity, seed)


def kinds(*names: str) -> Callable[[Plan], bool]:
    """Return what tells whether a plan predicts one of these kinds."""
    return lambda plan: plan.kind in names


def nets(*names: str) -> Callable[[Plan], bool]:
    """Return what tells whether a plan has one of these nets."""
    return lambda plan: plan.net.kind in names


WIDEST = 100
"""Columns of a table; what has more are words or pixels."""


def is_table(plan: Plan) -> bool:
    """Return whether inputs are the columns of a table."""
    return plan.net.kind == "mlp" and plan.net.num_inputs <= WIDEST


def pick(severity: int, *amounts: float) -> float:
    """Return the amount of a severity, 1 to 3."""
    return amounts[severity - 1]


def generator(seed: int) -> torch.Generator:
    """Return a generator for an injection."""
    return torch.Generator().manual_seed(77_000 + seed)


def plain_sgd(plan: Plan) -> Plan:
    """Return the program with SGD and momentum at a good rate."""
    rate = PLAIN_RATES[plan.name.split("/")[0]]
    return plan.with_(
        optimiser=Optimiser("sgd", rate, momentum=0.9, weight_decay=plan.optimiser.weight_decay)
    )


def deep(plan: Plan, depth: int = 5) -> Plan:
    """Return the program with a deeper net, well initialised."""
    if plan.net.kind == "gru":
        return plan
    last = plan.net.hidden_sizes[-1]
    sizes = (*plan.net.hidden_sizes, *(last,) * depth)[:depth]
    if plan.net.kind != "mlp":
        sizes = sizes[:3]
    return plan.with_(net__hidden_sizes=sizes, net__init="he")


def fewer(plan: Plan, num: int) -> Plan:
    """Return the program with the first so many training rows."""
    x, y = plan.rows.train
    return plan.with_(rows=replace(plan.rows, train=(x[:num], y[:num])))


def columns(x: Tensor, change: Callable[[Tensor], Tensor], chosen: Tensor) -> Tensor:
    """Return a table with some columns changed."""
    x = x.clone()
    x[:, chosen] = change(x[:, chosen])
    return x
