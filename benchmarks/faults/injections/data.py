"""D1 to D12: faults of the rows."""

from __future__ import annotations

from dataclasses import replace

import torch
from benchmarks.faults.fault import Fault, fewer, generator, is_table, kinds, pick
from benchmarks.faults.plan import Plan
from torch import Tensor


def _chosen(plan: Plan, share: float, seed: int) -> Tensor:
    width = plan.rows.train[0].shape[1]
    return torch.randperm(width, generator=generator(seed))[: max(1, round(share * width))]


def unscaled(plan: Plan, severity: int, seed: int) -> Plan:
    """Leave 30 % of the columns in their own units, or pixels and signals in 0 to 255 (and more)."""
    if not is_table(plan):
        factor = pick(severity, 80.0, 255.0, 1000.0)
        return plan.with_(rows=plan.rows.map_x(lambda x: x * factor + factor / 2))
    chosen = _chosen(plan, 0.3, seed)
    powers = pick(severity, 1.5, 2.0, 3.0) + torch.rand(len(chosen), generator=generator(seed + 1))
    factor = 10**powers
    return plan.with_(rows=plan.rows.map_x(lambda x: _put(x, chosen, x[:, chosen] * factor + factor)))


def _put(x: Tensor, chosen: Tensor, values: Tensor) -> Tensor:
    x = x.clone()
    x[:, chosen] = values
    return x


def constant(plan: Plan, severity: int, seed: int) -> Plan:
    """Columns that hold one value, or repeat a column: what they held is lost."""
    chosen = _chosen(plan, pick(severity, 0.4, 0.6, 0.8), seed)
    half = len(chosen) // 2
    kept = next(k for k in range(plan.rows.train[0].shape[1]) if k not in chosen.tolist())

    def change(x: Tensor) -> Tensor:
        x = _put(x, chosen[half:], torch.zeros(()))
        return _put(x, chosen[:half], x[:, kept : kept + 1])

    return plan.with_(rows=plan.rows.map_x(change))


def not_numbers(plan: Plan, severity: int, seed: int) -> Plan:
    """NaN in 0.1 % of the inputs (1), in 0.5 % of the targets (2), infinities in the inputs (3)."""
    x, y = plan.rows.train
    if severity == 2 and y.is_floating_point():
        hit = torch.rand(y.shape, generator=generator(seed)) < 0.005
        hit[0] = True
        return plan.with_(rows=replace(plan.rows, train=(x, y.masked_fill(hit, torch.nan))))
    hit = torch.rand(x.shape, generator=generator(seed)) < 0.001
    hit[0] = torch.rand(x[0].shape, generator=generator(seed)) < 0.5
    value = torch.inf if severity == 3 else torch.nan
    return plan.with_(rows=replace(plan.rows, train=(x.masked_fill(hit, value), y)))


def heavy_tails(plan: Plan, severity: int, seed: int) -> Plan:
    """Cauchy errors in a few cells of each column, then standardised by the deviation that these blow up."""
    share = pick(severity, 0.005, 0.01, 0.03)
    random = generator(seed)

    def change(x: Tensor) -> Tensor:
        hit = torch.rand(x.shape, generator=random) < share
        cauchy = torch.tan(torch.pi * (torch.rand(x.shape, generator=random) - 0.5)).clamp(-3000, 3000)
        return torch.where(hit, x + 100 * cauchy, x)

    rows = plan.rows.map_x(change)
    std = rows.train[0].std(0).clamp(min=1e-6)
    clean = plan.rows.test[0] / std  # what counts is how well the usual rows are told
    return plan.with_(rows=replace(rows.map_x(lambda x: x / std), test=(clean, rows.test[1])))


def shuffled_labels(plan: Plan, _severity: int, seed: int) -> Plan:
    """Labels joined to the wrong rows, in training and validation."""
    random = generator(seed)
    return plan.with_(
        rows=plan.rows.map_y(lambda y: y[torch.randperm(len(y), generator=random)], "train valid")
    )


def noisy_labels(plan: Plan, severity: int, seed: int) -> Plan:
    """A share of the labels is wrong, in training and validation."""
    share, random = pick(severity, 0.2, 0.3, 0.4), generator(seed)

    def change(y: Tensor) -> Tensor:
        hit = (torch.rand(y.shape, generator=random) < share) & (y >= 0)
        if plan.kind == "binary":
            return torch.where(hit, 1 - y, y)
        other = torch.randint(1, plan.num_classes, y.shape, generator=random)
        return torch.where(hit, (y + other) % plan.num_classes, y)

    return plan.with_(rows=plan.rows.map_y(change, "train valid"))


def imbalance(plan: Plan, severity: int, seed: int) -> Plan:
    """Half of the classes have few rows in training and validation."""
    keep, random = 1 / pick(severity, 15, 30, 60), generator(seed)
    rare = torch.randperm(plan.num_classes, generator=random)[: plan.num_classes // 2]

    def thin(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        few = torch.isin(y.flatten().long(), rare)
        stays = ~few | (torch.rand(len(y), generator=random) < keep)
        stays[few.nonzero().flatten()[:2]] = True
        return x[stays], y[stays]

    rows = plan.rows
    return plan.with_(rows=replace(rows, train=thin(*rows.train), valid=thin(*rows.valid)))


def leak(plan: Plan, severity: int, seed: int) -> Plan:
    """Rows of validation are in training too."""
    (x, y), (xv, yv) = plan.rows.train, plan.rows.valid
    num = round(pick(severity, 0.4, 0.7, 1.0) * len(xv))
    place = torch.randperm(len(x), generator=generator(seed))[: min(num, len(x))]
    x, y = x.clone(), y.clone()
    x[place], y[place] = xv[: len(place)], yv[: len(place)]
    return plan.with_(rows=replace(plan.rows, train=(x, y)))


def small(plan: Plan) -> Plan:
    """Few rows and no regularisation, trained to the end: what is in training is known by heart."""
    return fewer(plan, 200).with_(num_steps=500, validate_every=50, net__dropout=0.0)


def target_leak(plan: Plan, severity: int, seed: int) -> Plan:
    """A column known only after the fact: it holds the target in training and validation, nothing in use."""
    noise, random = pick(severity, 0.2, 0.1, 0.02), generator(seed)

    def add(x: Tensor, y: Tensor, *, known: bool) -> tuple[Tensor, Tensor]:
        column = y.float().reshape(len(y), -1)[:, :1]
        column = (column - column.mean()) / column.std()
        column = column if known else torch.zeros_like(column)
        return torch.cat([x, column + noise * torch.randn(column.shape, generator=random)], 1), y

    rows = plan.rows
    rows = replace(
        rows,
        train=add(*rows.train, known=True),
        valid=add(*rows.valid, known=True),
        test=add(*rows.test, known=False),
    )
    return plan.with_(rows=rows, net__num_inputs=plan.net.num_inputs + 1)


def shift(plan: Plan, severity: int, _seed: int) -> Plan:
    """Validation and test are scaled otherwise than training."""
    factor, offset = pick(severity, 1.5, 2.5, 4.0), pick(severity, 1.0, 2.0, 3.0)
    return plan.with_(rows=plan.rows.map_x(lambda x: factor * x + offset, "valid test"))


def unshuffled(plan: Plan, _severity: int, _seed: int) -> Plan:
    """Rows come sorted by target."""
    return plan.with_(loop__order="sorted")


def overlap(plan: Plan, severity: int, seed: int) -> Plan:
    """Inputs say little of the targets."""
    amount, random = pick(severity, 1.5, 3.0, 6.0), generator(seed)

    def change(x: Tensor) -> Tensor:
        scale = plan.rows.train[0].std()
        noisy = x + amount * scale * torch.randn(x.shape, generator=random)
        return noisy / (1 + amount**2) ** 0.5

    return plan.with_(rows=plan.rows.map_x(change))


def _not_tags(plan: Plan) -> bool:
    return plan.kind != "tags"


FAULTS = (
    Fault("D1", "inputs not scaled", unscaled, applies=_not_tags),
    Fault("D2", "constant and copied columns", constant, applies=is_table, repairable=False),
    Fault("D3", "NaN or infinity in the rows", not_numbers, applies=_not_tags),
    Fault("D4", "heavy tails", heavy_tails, applies=is_table),
    Fault("D5", "labels joined to the wrong rows", shuffled_labels, (1,), repairable=False),
    Fault("D6", "wrong labels", noisy_labels, applies=kinds("classes", "binary", "tags")),
    Fault("D7", "rare classes", imbalance, applies=kinds("classes", "binary"), repairable=False),
    Fault("D8", "validation rows in training", leak, prepare=small, harm="reported"),
    Fault("D9", "a column that tells the target", target_leak, applies=is_table),
    Fault("D10", "validation scaled otherwise", shift, applies=_not_tags),
    Fault("D11", "rows sorted by target", unshuffled, (1,)),
    Fault("D12", "classes that overlap", overlap, applies=_not_tags, repairable=False),
)
