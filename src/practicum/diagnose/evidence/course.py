"""One course of an experiment: a copy of a loop, changed or not, trained for a few updates and measured.

Nothing of the user's is touched; what a course draws depends on its seed alone, so that courses of one seed see the
same minibatches.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import LBFGS

from practicum.checks.criterion import Loss
from practicum.checks.descent import batches
from practicum.diagnose.evidence.subject import CannotTryError, Rows, Subject, Twin, twin_of, undisturbed

PROGRESS = 0.05
"""Part of its first loss by which a loop must have come down to count as having learnt something."""

TIMED_STEPS = 5


@dataclass(frozen=True, slots=True)
class Variant:
    """One change of a loop.

    Attributes:
        name: what is changed, such as "the learning rate ÷ 10".
        change: changes a copy in place; raises :class:`CannotTryError` where there is nothing to change.
        afresh: whether it must begin where the loop began, since what it changes has done its work by now.
        by_error: whether it must be judged by the share of misclassified rows, since it changes what the loss means.
    """

    name: str
    change: Callable[[Twin], None]
    afresh: bool = False
    by_error: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Held-out loss and error (nan where targets are no classes) at the end of a course."""

    loss: float
    error: float

    def by(self, variant: Variant) -> float:
        """Return what a variant is judged by; inf where it is no number."""
        value = self.error if variant.by_error else self.loss
        return value if math.isfinite(value) and math.isfinite(self.loss) else math.inf


class Course:
    """Trains copies of one loop from one beginning.

    Attributes:
        begin: the held-out loss and error before the first update.
    """

    def __init__(self, subject: Subject, afresh: bool) -> None:
        self.subject, self.held, self.afresh = subject, subject.parts()[1], afresh
        self.begin = self.run(None, 0, 0)

    def seconds_a_step(self, num_steps: int) -> float:
        """Return what an update takes, copying and measuring shared out among those of a course."""
        self.run(None, 0, 1)
        started = time.perf_counter()
        self.run(None, 0, 0)
        beside = time.perf_counter() - started
        started = time.perf_counter()
        self.run(None, 0, TIMED_STEPS)
        update = max(0.0, time.perf_counter() - started - beside) / TIMED_STEPS
        return update + beside / max(1, num_steps) + 1e-9

    def run(self, variant: Variant | None, seed: int, num_steps: int) -> End:
        """Train one copy and return where it ends."""
        with undisturbed(seed):
            twin = twin_of(self.subject, num_steps, afresh=self.afresh)
            yardstick = twin.loss_fn
            if variant is not None:
                variant.change(twin)
            try:
                train(twin, seed)
                return measured(twin, yardstick, self.held)
            except CannotTryError:
                raise
            except Exception as error:
                told = " ".join(str(error).split())[:200]
                raise CannotTryError(
                    f"its copy cannot be trained ({type(error).__name__}: {told})"
                ) from error


def train(twin: Twin, seed: int) -> None:
    """Train a copy for its updates, or until its loss is no number any more; gradients go to its own parameters."""
    twin.model.train()
    own = [one for group in twin.groups() for one in group["params"] if one.requires_grad]
    for which in batches(len(twin.rows), twin.batch_size, twin.num_steps, seed):
        batch = twin.rows.some(which)

        def closure(batch: Rows = batch) -> Tensor:
            loss = twin.loss_fn(twin.output(batch), batch.targets)
            # Not `backward`: a loss may see parameters of the user's own model, whose gradients are not ours.
            for one, gradient in zip(own, torch.autograd.grad(loss, own, allow_unused=True), strict=True):
                one.grad = gradient
            if twin.clip_norm is not None:
                torch.nn.utils.clip_grad_norm_(own, twin.clip_norm)
            return loss.detach()

        if not math.isfinite(float(closure())):
            return
        for optimizer in twin.optimizers:
            optimizer.step(closure if isinstance(optimizer, LBFGS) else None)  # type: ignore[arg-type]


@torch.no_grad()
def measured(twin: Twin, yardstick: Loss, held: Rows) -> End:
    """Return loss and error of a copy on held-out rows, in evaluation mode."""
    twin.model.eval()
    output = twin.output(held)
    return End(float(yardstick(output, held.targets)), misclassified(output, held.targets))


def misclassified(output: object, targets: object) -> float:
    """Return the share of rows whose largest output is not the target's; nan where these are no classes.

    Example:
        >>> misclassified(torch.tensor([[0.9, 0.1], [0.2, 0.8]]), torch.tensor([0, 0]))
        0.5
    """
    if not isinstance(output, Tensor) or not isinstance(targets, Tensor):
        return math.nan
    if output.ndim != 2 or output.shape[1] < 2:
        return math.nan
    if targets.shape == output.shape and bool(((targets == 0) | (targets == 1)).all()):
        targets = targets.argmax(1)
    if targets.is_floating_point() or targets.shape != output.shape[:1]:
        return math.nan
    return float((output.argmax(1) != targets).double().mean())


def has_learnt(subject: Subject) -> bool:
    """Return whether a loop is better off than when it began, so that going on from where it is makes sense.

    Where the beginning is not known it is taken to be.

    Raises:
        CannotTryError: if the loop cannot be copied, or has no finite loss now and its beginning is not known.
    """
    now = Course(subject, afresh=False).begin.loss
    if subject.start is None:
        if not math.isfinite(now):
            raise CannotTryError("its loss is no number, and the weights that it began with are not known")
        return True
    start = Course(subject, afresh=True).begin.loss
    return now <= start - PROGRESS * abs(start)
