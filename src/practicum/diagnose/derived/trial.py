"""Short trainings of copies on the kept rows: the loop as it is beside the loop with one setting changed.

They are run when a rule has seen a symptom, and never otherwise. All see the same minibatches in the same order.
"""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.checks.descent import batches
from practicum.checks.doubles import own_loss, same_draws
from practicum.diagnose.derived.kept import kept
from practicum.diagnose.derived.rows import KeptRows, rows_of
from practicum.monitor.facts import Facts, Trained

STEPS = 80
"""Of a trial."""

JUDGED = 512
"""Rows whose loss tells how a trial ended; of training and of validation each."""

LARGEST = 4e9
"""Parameters times rows of all steps together: a trial that would cost more has fewer steps."""

MOST_ROWS = 20_000
"""Likewise, rows of all steps together."""

FEWEST_ROWS, FEWEST_STEPS = 16, 20
"""Below these there is no trial."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What a trial does otherwise than the loop.

    Attributes:
        from_start: whether it begins with the weights from before the first step; otherwise with those of now.
        rate: factor on every learning rate, as it was at first (from the start) or is now.
        momentum: instead of the loop's; None leaves it.
        epsilon: likewise.
        decays: what decays as in the loop: "all" that does, "weights" alone, or "none".
        clip: norm that gradients are clipped to; infinite where they are not.
        batch: factor on the rows of a minibatch.
        num_steps: that are taken, if they do not cost too much.
    """

    from_start: bool = False
    rate: float = 1.0
    momentum: float | None = None
    epsilon: float | None = None
    decays: Literal["all", "weights", "none"] = "all"
    clip: float = math.inf
    batch: float = 1.0
    num_steps: int = STEPS


@dataclass(frozen=True, slots=True)
class Trial:
    """How a trial went; a loss that is no finite number is infinite.

    Attributes:
        before: loss of the judged training rows before its first step, in evaluation mode.
        train: after its last.
        valid: likewise of validation rows; nan where there are none.
        num_steps: that it took.
    """

    before: float
    train: float
    valid: float
    num_steps: int


def trial_of(facts: Facts, variant: Variant = Variant()) -> Trial | None:
    """Return how a trial goes, run once for each variant; None where the loop gave no rows, targets or loss."""
    key = (__name__, variant, facts.num_steps)
    if key not in facts.kept:
        facts.kept[key] = _tried(facts, variant)
    found: Trial | None = facts.kept[key]
    return found


def _tried(facts: Facts, variant: Variant) -> Trial | None:
    rows, trained = rows_of(facts), facts.trained
    if rows is None or trained is None or trained.loss_fn is None or len(rows.x) < FEWEST_ROWS:
        return None
    if variant.from_start and trained.start is None:
        return None
    size = max(1, round(max(1, facts.batch_size) * variant.batch))
    weights = 1 + sum(one.numel() for one in trained.model.parameters())
    size = min(size, len(rows.x))
    num_steps = min(variant.num_steps, int(LARGEST / (weights * size)), MOST_ROWS // size)
    if num_steps < FEWEST_STEPS:
        return None
    try:
        return _run(facts, trained, rows, variant, size, num_steps) if agrees(facts) else None
    except Exception:  # noqa: BLE001 (a model, loss or optimiser that cannot be copied or run so: no trial, then)
        return None


@kept
def agrees(facts: Facts) -> bool:
    """Return whether loss of output and targets is what the loop computes: it may reshape them, or add something.

    Told by the first batch that was kept and the model as it was before the first step. What draws random numbers can
    only be told by shapes.
    """
    trained, first = facts.trained, facts.sample.first
    if trained is None or trained.loss_fn is None or not first.batches:
        return False
    x, y = first.batches[0]
    model = copy.deepcopy(trained.start or trained.model)
    device = next(model.parameters()).device
    with torch.no_grad(), same_draws(0):
        outputs = model.train()(x.to(device))
        if not isinstance(outputs, Tensor) or y is None:
            return False
        if outputs.is_floating_point() and y.is_floating_point() and outputs.shape != y.shape:
            return False
        loss = float(own_loss(trained.loss_fn)(outputs, y.to(device)))
    draws = any(isinstance(one, nn.modules.dropout._DropoutNd | nn.RNNBase) for one in model.modules())
    if trained.start is None or draws or first.steps[0] != 1 or not facts.losses:
        return True
    told = facts.losses[0]
    return math.isclose(loss, told, rel_tol=1e-2, abs_tol=1e-6) or not math.isfinite(told)


def _run(
    facts: Facts, trained: Trained, rows: KeptRows, variant: Variant, size: int, num_steps: int
) -> Trial:
    model, optimizers = copied(facts, trained, variant)
    assert trained.loss_fn is not None
    loss_fn = own_loss(trained.loss_fn)
    device = next(model.parameters()).device
    x, y = rows.x.to(device), rows.y.to(device)
    before = judge(model, loss_fn, x, y)
    model.train()
    with same_draws(0), torch.enable_grad():
        for taken in batches(len(x), size, num_steps, seed=0):
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss = loss_fn(model(x[taken]), y[taken])
            if not bool(loss.isfinite()):
                return Trial(before, math.inf, math.inf, num_steps)
            torch.autograd.backward(loss)
            if variant.clip < math.inf:
                nn.utils.clip_grad_norm_(model.parameters(), variant.clip)
            for optimizer in optimizers:
                optimizer.step()
    valid = math.nan
    if rows.valid_x is not None and rows.valid_y is not None:
        valid = judge(model, loss_fn, rows.valid_x.to(device), rows.valid_y.to(device))
    return Trial(before, judge(model, loss_fn, x, y), valid, num_steps)


def loss_now(facts: Facts) -> float | None:
    """Return the loss of the judged training rows as the model is; None where it cannot be asked."""
    found = _losses_now(facts)
    return None if found is None else found[0]


def valid_now(facts: Facts) -> float:
    """Return the loss of the judged validation rows as the model is; nan where there are none."""
    found = _losses_now(facts)
    return math.nan if found is None else found[1]


@kept
def _losses_now(facts: Facts) -> tuple[float, float] | None:
    rows, trained = rows_of(facts), facts.trained
    if rows is None or trained is None or trained.loss_fn is None:
        return None
    try:
        if not agrees(facts):
            return None
        model, loss_fn = copy.deepcopy(trained.model), own_loss(trained.loss_fn)
        device = next(model.parameters()).device
        valid = math.nan
        if rows.valid_x is not None and rows.valid_y is not None:
            valid = judge(model, loss_fn, rows.valid_x.to(device), rows.valid_y.to(device))
        return judge(model, loss_fn, rows.x.to(device), rows.y.to(device)), valid
    except Exception:  # noqa: BLE001 (as above)
        return None


@torch.no_grad()
def judge(model: nn.Module, loss_fn: Callable[[Any, Any], Tensor], x: Tensor, y: Tensor) -> float:
    """Return the loss of the first rows in evaluation mode; infinite where it is no finite number."""
    model.eval()
    with same_draws(0):
        loss = float(loss_fn(model(x[:JUDGED]), y[:JUDGED]))
    return loss if math.isfinite(loss) else math.inf


def copied(facts: Facts, trained: Trained, variant: Variant) -> tuple[nn.Module, tuple[Optimizer, ...]]:
    """Return copies of model and optimisers, set as a variant has them; the optimisers remember nothing."""
    model, optimizers = copy.deepcopy((trained.model, trained.optimizers))
    if variant.from_start:
        assert trained.start is not None
        model.load_state_dict(copy.deepcopy(trained.start.state_dict()))
    first = facts.looks[0].settings if facts.looks else ()
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    for place, group in enumerate(groups):
        if variant.from_start and len(first) == len(groups):
            group["lr"] = first[place].learning_rate
        _set(group, variant)
    for optimizer in optimizers:
        if variant.decays == "weights":
            optimizer.param_groups[:] = [part for one in optimizer.param_groups for part in _split(one)]
        optimizer.state = defaultdict(dict)
        optimizer.zero_grad()
    return model, optimizers


def _set(group: dict[str, Any], variant: Variant) -> None:
    """Set a group of parameters as a variant has it."""
    group["lr"] = group["lr"] * variant.rate
    if variant.momentum is not None:
        if "betas" in group:
            group["betas"] = (variant.momentum, *group["betas"][1:])
        elif "momentum" in group:
            group["momentum"] = variant.momentum
    if variant.epsilon is not None and "eps" in group:
        group["eps"] = variant.epsilon
    if variant.decays == "none" and "weight_decay" in group:
        group["weight_decay"] = 0.0


def _split(group: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a group as two, of which biases and gains no longer decay."""
    weights = [one for one in group["params"] if one.ndim > 1]
    others = [one for one in group["params"] if one.ndim <= 1]
    return [group | {"params": weights}, group | {"params": others, "weight_decay": 0.0}]
