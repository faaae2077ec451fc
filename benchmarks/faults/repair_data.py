"""Repairs of the rows that follow an advice, by what the training rows show alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from benchmarks.faults.plan import Plan
from torch import Tensor


def _whole(x: Tensor) -> bool:
    return not x.is_floating_point()


def standardise(plan: Plan) -> Plan:
    """Scale inputs by the training rows: each column, or of images and signals all at once."""
    x = plan.rows.train[0]
    if _whole(x):
        return plan
    mean, std = (x.mean(0), x.std(0)) if x.ndim == 2 else (x.mean(), x.std())
    std = torch.where(std < 1e-8, torch.ones(()), std)
    return plan.with_(rows=plan.rows.map_x(lambda a: (a - mean) / std))


def _keep(plan: Plan, kept: Tensor) -> Plan:
    """Return the program with some columns only."""
    return plan.with_(rows=plan.rows.map_x(lambda a: a[:, kept]), net__num_inputs=len(kept))


def drop_idle_columns(plan: Plan) -> Plan:
    """Leave out columns that are constant or repeat another."""
    x = plan.rows.train[0]
    if x.ndim != 2 or _whole(x):
        return plan
    kept: list[int] = []
    for k in range(x.shape[1]):
        if x[:, k].std() > 1e-8 and not any(torch.equal(x[:, k], x[:, j]) for j in kept):
            kept.append(k)
    return _keep(plan, torch.tensor(kept))


def impute(plan: Plan) -> Plan:
    """Put the mean of its column for what is no finite number; leave out rows whose target is none."""
    (x, y), rows = plan.rows.train, plan.rows
    if _whole(x):
        return plan
    finite = torch.where(x.isfinite(), x, torch.nan)
    mean = finite.nanmean(0).nan_to_num(0.0)
    rows = rows.map_x(lambda a: torch.where(a.isfinite(), a, mean))
    good = y.isfinite().reshape(len(y), -1).all(1)
    return plan.with_(rows=replace(rows, train=(rows.train[0][good], y[good])))


def robust(plan: Plan) -> Plan:
    """Scale by median and quartiles, then clip smoothly at 3."""
    x = plan.rows.train[0]
    if x.ndim != 2 or _whole(x):
        return plan
    middle = x.nanmedian(0).values
    quartiles = torch.quantile(x, torch.tensor([0.25, 0.75]), dim=0)
    spread = (quartiles[1] - quartiles[0]).clamp(min=1e-8) / 1.35

    def change(a: Tensor) -> Tensor:
        z = (a - middle) / spread
        return z / torch.sqrt(1 + (z / 3) ** 2)

    return plan.with_(rows=plan.rows.map_x(change))


def drop_suspects(plan: Plan) -> Plan:
    """Leave out rows whose label a logistic regression, fitted without them, thinks unlikely."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    x, y = plan.rows.train
    if plan.kind not in ("classes", "binary") or len(x) < 50:
        return plan
    labels = y.flatten().long().numpy()
    if np.bincount(labels)[np.unique(labels)].min() < 3 or not bool(x.isfinite().all()):
        return plan
    chances = cross_val_predict(
        LogisticRegression(max_iter=200), x.flatten(1).numpy(), labels, cv=3, method="predict_proba"
    )
    place = np.searchsorted(np.unique(labels), labels)
    own = chances[np.arange(len(labels)), place]
    good = torch.tensor(own >= 0.5 * chances.max(1))
    return plan.with_(rows=replace(plan.rows, train=(x[good], y[good])))


def drop_duplicates(plan: Plan) -> Plan:
    """Leave training rows out that are in validation too."""
    x, y = plan.rows.train
    seen = {row.numpy().tobytes() for row in plan.rows.valid[0]}
    good = torch.tensor([row.numpy().tobytes() not in seen for row in x])
    if int(good.sum()) < 8:
        return plan
    return plan.with_(rows=replace(plan.rows, train=(x[good], y[good])))


def drop_telling_column(plan: Plan) -> Plan:
    """Leave out the column that by itself goes with the target most."""
    x, y = plan.rows.train
    if x.ndim != 2 or _whole(x):
        return plan
    target = y.float().reshape(len(y), -1)[:, 0]
    score = torch.nan_to_num(torch.corrcoef(torch.cat([target[:, None], x], 1).T)[0, 1:].abs())
    return _keep(plan, torch.tensor([k for k in range(x.shape[1]) if k != int(score.argmax())]))


def align(plan: Plan) -> Plan:
    """Scale validation and test so that their inputs are distributed as in training."""
    x = plan.rows.train[0]
    if _whole(x):
        return plan

    def moments(a: Tensor) -> tuple[Tensor, Tensor]:
        mean, std = (a.mean(0), a.std(0)) if a.ndim == 2 else (a.mean(), a.std())
        return mean, torch.where(std < 1e-8, torch.ones(()), std)

    mean, std = moments(x)

    def change(a: Tensor) -> Tensor:
        own_mean, own_std = moments(a)
        return (a - own_mean) / own_std * std + mean

    return plan.with_(rows=plan.rows.map_x(change, "valid test"))


def mask_padding(plan: Plan) -> Plan:
    """Leave places that hold token 0 out of the loss."""
    if plan.kind != "tags":
        return plan
    rows = plan.rows
    masked = {
        name: (x, torch.where(x == 0, -100, y))
        for name, (x, y) in (("train", rows.train), ("valid", rows.valid), ("test", rows.test))
    }
    return plan.with_(rows=replace(rows, **masked))
