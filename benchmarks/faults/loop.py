"""The ordinary loop that a plan describes: forward, loss, backward, step; now and then a validation.

What the program reports is its own (and may be wrong); what counts for harm is measured by us, on test rows, with the
weights the program ends with.
"""

from __future__ import annotations

import math
import os
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from benchmarks.faults.nets import layers
from benchmarks.faults.plan import Batch, Plan
from torch import Tensor, nn


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        test_error: share of wrong labels, or mean squared error over variance; of the test rows, measured by us.
        valid_error: likewise, of all validation rows.
        test_loss: mean loss of the test rows, in evaluation mode.
        reported_error: that the program itself reported last (nan: none).
        valid_curve: step, loss and error, as the program reported them.
        kept: operations that are still reachable from losses that were kept.
        waited: share of the time in which the loop waited for rows.
        digest: sum of the final weights' absolutes, to tell runs apart.
        findings: as mappings, in the watcher's order.
        causes: ids with probability, likeliest first.
        seconds: of the loop, watcher included.
    """

    test_error: float
    test_loss: float
    reported_error: float
    valid_error: float = math.nan
    train_losses: list[float] = field(default_factory=list)
    valid_curve: list[tuple[int, float, float]] = field(default_factory=list)
    kept: int = 0
    waited: float = 0.0
    digest: float = 0.0
    findings: list[dict[str, Any]] = field(default_factory=list)
    causes: list[tuple[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


AGAIN = 40
"""Steps of a second run of a program, for watchers that compare two: whether it can be repeated."""


def batches(plan: Plan) -> Iterator[Batch]:
    """Yield minibatches without end, in the order that the plan has."""
    x, y = plan.rows.train
    loop, size = plan.loop, min(plan.batch_size, len(x))
    seed = int.from_bytes(os.urandom(4), "big") if loop.order == "unseeded" else plan.seed + 1
    generator = torch.Generator().manual_seed(seed)
    while True:
        if loop.order == "sorted":
            order = y.flatten(1).float().mean(1).argsort() if y.ndim > 1 else y.argsort()
        else:
            order = torch.randperm(len(x), generator=generator)
        noise = torch.Generator().manual_seed(seed) if loop.augment == "same noise" else generator
        last = len(x) - size if loop.drop_last else len(x) - 1
        for start in range(0, last + 1, size):
            rows = order[: plan.batch_size] if loop.same_batch else order[start : start + size]
            for _ in range(loop.num_twins):
                given = x[rows]
                if loop.augment:
                    given = given + 0.3 * torch.randn(given.shape, generator=noise)
                yield given, y[rows]
            if loop.same_batch:
                yield from _again((given, y[rows]))


def _again(batch: Batch) -> Iterator[Batch]:
    while True:
        yield batch


def predict(plan: Plan, output: Tensor) -> Tensor:
    """Return what outputs mean: labels or numbers."""
    if plan.kind in ("classes", "tags"):
        return output.argmax(1)
    if plan.kind == "binary":
        return (output > (0.5 if plan.net.output == "sigmoid" else 0.0)).float()
    return output


def error_of(plan: Plan, output: Tensor, y: Tensor) -> float:
    """Return the error of outputs: share of wrong labels (padding left out), or 1 - R²."""
    if plan.kind == "numbers":
        gap = float(((output - y) ** 2).mean() / y.var())
        return gap if math.isfinite(gap) else 1e6
    if not bool(output.isfinite().all()):
        return 1.0 - 1.0 / max(2, plan.num_classes)
    counted = y >= 0
    return float((predict(plan, output) != y)[counted].float().mean())


def reported(plan: Plan, output: Tensor, y: Tensor) -> float:
    """Return the error as the program reports it, by the metric that it has."""
    if plan.loop.metric == "wrong axis" and plan.kind in ("classes", "tags"):
        guess = output.argmax(0)
        width = min(len(guess), len(y))
        return float((guess[:width].flatten()[: y[:width].numel()] != y[:width].flatten()).float().mean())
    if plan.loop.metric == "threshold" and plan.kind == "binary":
        return float(((output > 0.99).float() != y).float().mean())
    if plan.loop.metric == "accuracy as error":
        return 1 - error_of(plan, output, y)
    if plan.loop.metric == "scaled" and plan.kind == "numbers":
        return float(((output - y) ** 2).mean() / (y**2).sum().sqrt())
    return error_of(plan, output, y)


def run(plan: Plan, watcher: Any = None, last: int | None = None) -> Outcome:
    """Do what a plan says, watched or not; the same seed gives the same numbers.

    Args:
        plan: that is done.
        watcher: that is told.
        last: step after which the program is stopped; None: its own last.
    """
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a program that is at fault may be loud about it; people read past it
        torch.manual_seed(plan.seed)
        return _run(plan, watcher, last or plan.num_steps)


def _validate(plan: Plan, model: nn.Module, loss_fn: nn.Module, watcher: Any) -> tuple[float, float] | None:
    """Validate as the program does, and report."""
    if plan.valid_rows < 0:
        return None
    x, y = plan.rows.valid
    if plan.valid_rows:
        x, y = x[: plan.valid_rows], y[: plan.valid_rows]
    if plan.loop.eval_mode:
        model.eval()
    with torch.no_grad():
        output = model(x)
        loss = float(loss_fn(output, given_to_loss(plan, y)))
        error = reported(plan, output, y)
    if plan.loop.train_mode:
        model.train()
    if watcher is not None:
        watcher.validate(loss, error, x, given_to_loss(plan, y))
    return loss, error


def given_to_loss(plan: Plan, y: Tensor) -> Tensor:
    """Return the targets as the program hands them to its loss."""
    return y.squeeze(-1) if plan.loop.add_stage == "broadcast" else y


def _run(plan: Plan, watcher: Any, last: int) -> Outcome:
    model = plan.make_model()
    optimizer, loop = _prepare(plan, model)
    scheduler, loss_fn = plan.make_scheduler(optimizer), plan.make_loss()
    model.train(loop.train_mode)
    outcome = Outcome(math.nan, math.nan, math.nan)
    best: tuple[float, dict[str, Tensor]] | None = None
    history: Any = 0.0
    began, waited = time.perf_counter(), 0.0
    source = batches(plan)
    if watcher is not None:
        watcher.open(plan, model, optimizer, loss_fn)
    try:
        for step in range(1, min(last, plan.num_steps) + 1):
            asked = time.perf_counter()
            x, y = next(source)
            y = given_to_loss(plan, y)
            if loop.wait_seconds:
                time.sleep(loop.wait_seconds)
            waited += time.perf_counter() - asked
            loss = _one(plan, step, model, optimizer, loss_fn, (x, y), watcher)
            if loop.keep_history:
                history = history + loss
            if watcher is not None:
                watcher.step(loss, x, y)
            outcome.train_losses.append(float(loss.detach()))
            if scheduler is not None and (plan.schedule.each == "step" or step % plan.steps_per_epoch == 0):
                scheduler.step()
            if step % plan.validate_every == 0:
                seen = _validate(plan, model, loss_fn, watcher)
                if seen is not None:
                    outcome.valid_curve.append((step, *seen))
                    outcome.reported_error = seen[1]
                    if plan.keep_best and (best is None or seen[0] < best[0]):
                        best = (seen[0], {name: one.clone() for name, one in model.state_dict().items()})
    finally:
        if watcher is not None:
            watcher.close()
    outcome.seconds = time.perf_counter() - began
    outcome.waited = waited / outcome.seconds
    outcome.kept = plan.num_steps if isinstance(history, Tensor) and history.requires_grad else 0
    if best is not None:
        model.load_state_dict(best[1])
    _measure(plan, model, outcome)
    if watcher is not None:
        again = watcher.again()
        if again is not None:
            run(plan, again, last=AGAIN)
        outcome.findings, outcome.causes, outcome.failures = watcher.findings()
    return outcome


def _prepare(plan: Plan, model: nn.Module) -> tuple[torch.optim.Optimizer, Any]:
    """Return the optimiser, after the program has frozen what it freezes and before it replaces its head."""
    loop = plan.loop
    for layer in layers(model)[: loop.freeze]:
        layer.requires_grad_(False)
    optimizer = plan.make_optimizer(model)
    if loop.new_head:
        old = model.head
        model.head = nn.Linear(old.in_features, old.out_features)
    return optimizer, loop


def _one(
    plan: Plan,
    step: int,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: nn.Module,
    batch: Batch,
    watcher: Any,
) -> Tensor:
    """Do one step of the loop and return its loss."""
    loop, (x, y) = plan.loop, batch
    if loop.zero_grad and (step - 1) % loop.accumulate == 0:
        optimizer.zero_grad()
    if watcher is not None:
        watcher.before(step)
    if loop.detach == "no_grad":
        with torch.no_grad():
            output = model(x)
    else:
        output = model(x)
    if loop.detach == "output":
        output = output.detach()
    loss = loss_fn(output, y)
    if loop.detach == "wrapped":
        loss = loss.detach().requires_grad_()  # as people do to silence the error
    scaled = loss / loop.accumulate if loop.accumulate > 1 else loss
    if loss.requires_grad:
        scaled.backward()
    if watcher is not None:
        watcher.after_backward(step)
    if step % loop.accumulate == 0:
        if loop.clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), loop.clip_norm)
        if loop.update:
            optimizer.step()
    return loss


@torch.no_grad()
def _measure(plan: Plan, model: nn.Module, outcome: Outcome) -> None:
    """Measure the test error ourselves, in evaluation mode."""
    model.eval()
    outcome.valid_error = error_of(plan, model(plan.rows.valid[0]), plan.rows.valid[1])
    x, y = plan.rows.test
    outputs = torch.cat([model(part) for part in x.split(512)])
    outcome.test_error = error_of(plan, outputs, y)
    try:
        outcome.test_loss = float(plan.make_loss()(outputs, y))
    except (RuntimeError, ValueError, IndexError):
        outcome.test_loss = math.nan
    outcome.digest = float(sum(one.double().abs().sum() for one in model.state_dict().values()))
