"""The loop: a generator of events that trains a pack up to a rung and changes nothing else.

Training yields; it does not call back. Who listens cannot alter the run. Stops apply between rungs: a trial that ends
inside one stays where it is (its best weights are kept) until the pack is compacted.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
import torch

from practicum.core.events import Bools, Ended, Event, Floats, StopReason, Validated
from practicum.optim.schedules import momenta, rates
from practicum.training.evaluate import Evaluation
from practicum.training.instruments import is_due, measured
from practicum.training.pack import Pack
from practicum.training.stack import Stack

LOSS_EVERY = 8
"""The training loss is the mean over every eighth minibatch: its cost stays below a hundredth."""

DIVERGED_RATIO = 4.0
"""A training loss of so many times the loss before the first update counts as diverged. Where a few rows make most of
the loss (a target with heavy tails), the same minibatches' loss before the first update counts, if it is larger."""

BATCHES_AHEAD = 256


@torch.no_grad()  # as a decorator it is off while the generator waits for its reader
def run(pack: Pack, until: int) -> Generator[Event, None, Pack]:
    """Train ``pack`` until ``until`` updates are done or all its trials have ended, yielding events.

    The same pack run to the same step gives the same numbers, in one rung or in many.

    Args:
        pack: changed in place.
        until: number of updates, counted from the beginning of training.

    Returns:
        The pack, when the generator ends.

    Source:
        Bengio 2012, 2.1 (stochastic gradient descent), 3.1-09..14 (early stopping).
    """
    if pack.step == 0:
        yield _start(pack)
    while pack.step < until and pack.alive.any():
        target = _next_event(pack, until)
        before = _train_to(pack, target)
        yield from _look(pack)
        look = None if before is None else measured(pack, before)
        if look is not None:
            yield look
    return pack


def _start(pack: Pack) -> Validated:
    """Evaluate the untrained pack, so that every curve has its beginning."""
    evaluation = pack.evaluate()
    nothing = np.zeros(len(pack), dtype=np.bool_)
    return _validated(pack, np.full(len(pack), np.nan), evaluation, pack.alive, nothing)


def _next_event(pack: Pack, until: int) -> int:
    """Return the number of updates after which there is something to look at."""
    next_validation = (pack.step // pack.validate_every + 1) * pack.validate_every
    ends = np.minimum(pack.stopping.end_steps(), pack.num_steps)
    next_end = float(np.min(ends[pack.alive], initial=np.inf))
    return int(min(until, next_validation, max(next_end, pack.step + 1)))


@np.errstate(
    all="ignore"
)  # a trial that explodes is a result; NumPy multiplies for some programs and would warn
def _train_to(pack: Pack, target: int) -> Stack | None:
    """Do the updates up to number ``target`` and sample the training loss.

    Returns:
        The parameters before the last update, where that is to be measured.
    """
    update, before = pack.update, None
    looks_at = target - 1 if pack.is_measured and is_due(target, pack.validate_every) else -1
    scheduled = pack.coefficients.with_decay_start(pack.decay.decay_start_K)
    for start in range(pack.step, target, BATCHES_AHEAD):
        count = min(BATCHES_AHEAD, target - start)
        update.plan(start, rates(start, count, scheduled), momenta(start, count, scheduled))
        for index, indices in enumerate(pack.batches(start, count).unbind(), start):
            if index == looks_at:
                before = pack.parameters.copy()
            update.run(indices, index)
            if index % pack.validate_every % LOSS_EVERY == 0:  # at least once between two validations
                pack.sample(indices)
    pack.step = target
    return before


def _look(pack: Pack) -> Iterator[Event]:
    """Validate if it is time, keep the best, say who has ended."""
    diverged = np.zeros(len(pack), dtype=np.bool_)
    finished = pack.alive & (pack.num_steps <= pack.step)
    due = pack.step % pack.validate_every == 0
    if due or finished.any():
        looked_at = (
            pack.alive.copy() if due else finished
        )  # a neighbour's last update is no validation of ours
        num_sampled = max(pack.num_sampled, 1)
        mean_loss_K = pack.sampled_loss / num_sampled
        start_K = np.maximum(pack.start_loss, pack.sampled_start / num_sampled)
        pack.compared_loss = np.where(looked_at, start_K, pack.compared_loss)
        evaluation = pack.evaluate()
        with np.errstate(invalid="ignore"):
            # A loss of a user's own may begin at zero or below, where a ratio means nothing.
            bearable = np.where(
                start_K > 0, mean_loss_K <= DIVERGED_RATIO * start_K, np.isfinite(mean_loss_K)
            )
            stable = bearable & np.isfinite(evaluation.loss)
        diverged = looked_at & ~stable
        improved = _keep_best(pack, evaluation, looked_at & stable)
        yield _validated(pack, mean_loss_K, evaluation, looked_at, improved)
    if due:
        pack.decay.update(pack.step, mean_loss_K)
        pack.forget_sampled()
    exhausted = pack.alive & pack.stopping.exhausted(pack.step - 1)
    ends: list[tuple[Bools, StopReason]] = [
        (diverged, "diverged"),
        (finished, "num_steps"),
        (exhausted, "patience"),
    ]
    for which, reason in ends:
        for position in np.flatnonzero(which & pack.alive):
            pack.alive[position] = False
            yield Ended(pack.step, pack.trials[position], reason)


def _keep_best(pack: Pack, evaluation: Evaluation, allowed: Bools) -> Bools:
    """Update the stopping state and copy the weights of the trials that are at their best."""
    accepted = allowed.copy()
    if pack.best_row_losses is not None:
        from practicum.core.metrics import significantly_better

        for position in np.flatnonzero(allowed):
            if pack.recipes[position].significant_only and np.isfinite(pack.stopping.best_error[position]):
                accepted[position] = significantly_better(
                    evaluation.row_losses[position].cpu().numpy(),
                    pack.best_row_losses[position].cpu().numpy(),
                )
    improved = pack.stopping.update(pack.step - 1, evaluation.error, evaluation.loss, accepted)
    which = torch.from_numpy(np.flatnonzero(improved)).to(pack.best.flat.device)
    if len(which):
        pack.keep_best(which)
        if pack.best_row_losses is not None:
            pack.best_row_losses[which] = evaluation.row_losses[which]
    return improved


def _validated(
    pack: Pack, train_loss_K: Floats, evaluation: Evaluation, alive: Bools, improved: Bools
) -> Validated:
    scheduled = pack.coefficients.with_decay_start(pack.decay.decay_start_K)
    return Validated(
        step=pack.step,
        age=pack.step * pack.batch_size,
        trials=pack.trials,
        alive=alive.copy(),
        learning_rate=rates(max(pack.step, 1) - 1, 1, scheduled)[0],
        train_loss=train_loss_K,
        valid_loss=evaluation.loss,
        valid_error=evaluation.error,
        improved=improved,
    )
