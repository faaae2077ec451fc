"""Changes of a copied loop: its optimiser, its minibatches, its clipping. Each is a function of a copy, in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from practicum.checks.descent import batches
from practicum.diagnose.evidence.subject import CannotTryError, Twin

Change = Callable[[Twin], None]

SMALL_EPSILON = 1e-8
"""Adam's own ε; a larger one turns it into plain momentum where gradients are small."""

DECAY = 1e-3
"""Weight decay where there was none and more is to be tried."""


def times_rate(factor: float) -> Change:
    """Return a change of every learning rate by a factor."""

    def change(twin: Twin) -> None:
        _scale(twin, "lr", factor, "the optimiser has no learning rate")

    return change


def momentum_at_most(most: float) -> Change:
    """Return a change of momentum (Adam's first decay) to ``most`` where it is larger."""

    def change(twin: Twin) -> None:
        changed = False
        for group in twin.groups():
            if group.get("momentum", 0.0) > most:
                group["momentum"], changed = most, True
            betas = group.get("betas")
            if betas is not None and betas[0] > most:
                group["betas"], changed = (most, *betas[1:]), True
        if not changed:
            raise CannotTryError(f"momentum is not above {most:g}")

    return change


def times_decay(factor: float) -> Change:
    """Return a change of weight decay by a factor; from none, an increase begins at :data:`DECAY`."""

    def change(twin: Twin) -> None:
        groups = [group for group in twin.groups() if "weight_decay" in group]
        if factor < 1 and not any(group["weight_decay"] for group in groups):
            raise CannotTryError("there is no weight decay")
        if not groups:
            raise CannotTryError("the optimiser has no weight decay")
        for group in groups:
            group["weight_decay"] = group["weight_decay"] * factor or DECAY

    return change


def no_decay_of_biases(twin: Twin) -> None:
    """Leave biases and scales, which have one axis, out of weight decay."""
    changed = False
    for group in list(twin.groups()):
        small = [one for one in group["params"] if one.ndim < 2]
        if group.get("weight_decay") and small:
            _split(twin, group, small, weight_decay=0.0)
            changed = True
    if not changed:
        raise CannotTryError("no bias or scale is decayed")


def small_epsilon(twin: Twin) -> None:
    """Set ε of an adaptive optimiser to :data:`SMALL_EPSILON`."""
    groups = [group for group in twin.groups() if group.get("eps", 0.0) > SMALL_EPSILON]
    if not groups:
        raise CannotTryError(f"no ε is above {SMALL_EPSILON:g}")
    for group in groups:
        group["eps"] = SMALL_EPSILON


def times_batch(factor: float) -> Change:
    """Return a change of the batch size by a factor, with as many examples seen in all."""

    def change(twin: Twin) -> None:
        size = max(2, min(len(twin.rows), round(twin.batch_size * factor)))
        if size == twin.batch_size or (size > twin.batch_size) != (factor > 1):
            raise CannotTryError("the batch size cannot be changed so with these rows")
        twin.num_steps = max(1, round(twin.num_steps * twin.batch_size / size)) if twin.num_steps else 0
        twin.batch_size = size

    return change


def mean_of_examples(twin: Twin) -> None:
    """Divide the loss by the rows of the minibatch, as a mean does where it was a sum."""
    inner = twin.loss_fn

    def mean(output: Any, targets: Any) -> torch.Tensor:
        return inner(output, targets) / max(1, len(targets))

    twin.loss_fn = mean


def not_clipped(twin: Twin) -> None:
    """Clip gradients no longer."""
    if twin.clip_norm is None:
        raise CannotTryError("the loop clips its gradients by itself, which a copy does not do")
    twin.clip_norm = None


def clipped(twin: Twin) -> None:
    """Clip gradients to the median norm of the first few minibatches."""
    own = [one for group in twin.groups() for one in group["params"] if one.requires_grad]
    norms = []
    twin.model.train()
    for which in batches(len(twin.rows), twin.batch_size, 8, seed=0):
        batch = twin.rows.some(which)
        loss = twin.loss_fn(twin.output(batch), batch.targets)
        found = torch.autograd.grad(loss, own, allow_unused=True)
        norms.append(nn.utils.get_total_norm([one for one in found if one is not None]))
    median = float(torch.stack(norms).median())
    if not 0 < median < float("inf"):
        raise CannotTryError("the gradient has no finite norm")
    twin.clip_norm = median


def own_rates(factor: float) -> Change:
    """Return a change of the rate of all layers but the top one, which may have learnt everything alone."""

    def change(twin: Twin) -> None:
        tops = [one for one in twin.model.modules() if list(one.parameters(recurse=False))]
        top = {id(one) for one in tops[-1].parameters()} if tops else set()
        changed = False
        for group in list(twin.groups()):
            below = [one for one in group["params"] if id(one) not in top]
            if below and "lr" in group:
                _split(twin, group, below, lr=group["lr"] * factor)
                changed = True
        if not changed:
            raise CannotTryError("there is but one layer")

    return change


def all_trained(twin: Twin) -> None:
    """Train every parameter: unfreeze those that are frozen and give the optimiser those that it lacks."""
    known = {id(one) for group in twin.groups() for one in group["params"]}
    frozen = [one for one in twin.model.parameters() if not one.requires_grad and one.is_floating_point()]
    for one in frozen:
        one.requires_grad = True
    lacking = [one for one in twin.model.parameters() if one.requires_grad and id(one) not in known]
    if not frozen and not lacking:
        raise CannotTryError("every parameter is trained")
    if lacking:
        add_parameters(twin, lacking)


def add_parameters(twin: Twin, parameters: list[nn.Parameter]) -> None:
    """Give the first optimiser more parameters, with the options of its first group."""
    first = twin.optimizers[0]
    options = {name: value for name, value in first.param_groups[0].items() if name != "params"}
    first.add_param_group({**options, "params": parameters})


def _split(twin: Twin, group: dict[str, Any], some: list[torch.Tensor], **options: Any) -> None:
    """Put some parameters of a group into one of their own with other options."""
    chosen = {id(one) for one in some}
    rest = [one for one in group["params"] if id(one) not in chosen]
    if not rest:
        group.update(options)
        return
    owner = next(one for one in twin.optimizers if any(group is each for each in one.param_groups))
    group["params"] = rest
    same = {name: value for name, value in group.items() if name != "params"}
    owner.add_param_group({**same, **options, "params": some})


def _scale(twin: Twin, name: str, factor: float, otherwise: str) -> None:
    """Multiply an option of all groups."""
    groups = [group for group in twin.groups() if name in group]
    if not groups:
        raise CannotTryError(otherwise)
    for group in groups:
        group[name] = group[name] * factor
