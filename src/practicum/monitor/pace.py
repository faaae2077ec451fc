"""How a loop's time is shared between waiting for rows and learning from them, and how its learning rate changes.

A clock is read twice a step, in the first steps alone; what the monitor itself takes counts for neither side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.monitor.facts import Facts
from practicum.monitor.hook import Hook

TIMED = 120
"""Steps, the first ones, that are timed."""

LONGEST = 400
"""Steps after which nothing is timed any more, where the model's passes were not seen."""

RATES_KEPT = 20_000
"""Changes of the learning rate that are noted; those after are seen at steps that are looked at closely."""


class Pace:
    """Times a loop's first steps, and notes the learning rate where it changes.

    Args:
        facts: that it is noted in: `waits`, `works` and `rates`.
        optimizers: of which the first group of the first tells the rate.
        clock: returns seconds.
    """

    def __init__(
        self, facts: Facts, optimizers: Sequence[Optimizer], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._facts, self._optimizers, self._clock = facts, optimizers, clock
        self._handle: Any = None
        self._left = self._begun = 0.0
        self._wait = 0.0

    def open(self, model: nn.Module) -> None:
        """Begin to time the model's forward passes."""
        if len(self._facts.works) < TIMED:
            self._handle = model.register_forward_pre_hook(Hook(self._begins))

    def close(self) -> None:
        """Time no more; nothing stays on the model."""
        if self._handle is not None:
            self._handle.remove()
        self._handle, self._left, self._begun = None, 0.0, 0.0

    def _begins(self, *_given: Any) -> None:
        """Take in that a forward pass begins: the first one of a step ends the wait for its rows."""
        if not torch.is_grad_enabled():
            self._left = 0.0  # a validation: what passes until the next step is no wait for rows
        elif not self._begun:
            self._begun = self._clock()
            self._wait = self._begun - self._left if self._left else -1.0

    def worked(self, loss: Any = None, *, counts: bool) -> None:
        """Take in that a step is over: note its rate and, unless it was looked at closely, its times."""
        self.note_rate()
        facts = self._facts
        if self._handle is None:
            return
        if isinstance(loss, Tensor) and loss.is_cuda:  # a GPU works on while the loop asks for the next rows
            torch.cuda.synchronize(loss.device)
        if counts and self._begun and self._wait >= 0:
            facts.works.append(self._clock() - self._begun)
            facts.waits.append(self._wait)
        self._begun = 0.0
        if len(facts.works) >= TIMED or facts.num_steps >= LONGEST:
            self.close()

    def note_rate(self) -> None:
        """Note the learning rate, where it has changed."""
        facts = self._facts
        rate = self._optimizers[0].param_groups[0].get("lr") if self._optimizers else None
        changed = not facts.rates or facts.rates[-1][1] != rate
        if changed and rate is not None and len(facts.rates) < RATES_KEPT:
            facts.rates.append((facts.num_steps, float(rate)))  # some optimisers have it as a tensor

    @property
    def is_open(self) -> bool:
        """Whether it times."""
        return self._handle is not None

    def left(self) -> None:
        """Take in that the loop goes on, to its next rows."""
        if self._handle is not None:
            self._left = self._clock()

    def interrupted(self) -> None:
        """Take in that the loop does something else before its next rows."""
        self._left = 0.0
