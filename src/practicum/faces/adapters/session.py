"""A monitor in the hands of a training library: it begins, takes in minibatches, ends with a verdict, and never raises.

The callbacks of this folder say which event is which; all else is here.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.core.errors import ConfigError
from practicum.faces.monitor import Monitor
from practicum.monitor.bare import bare_optimizer
from practicum.monitor.hook import Hook

Say = Callable[[str], object]
Event = TypeVar("Event", bound=Callable[..., None])

WAITS = 100
"""Minibatches without an update after which a step is noted all the same, so that something is seen."""


class Session:
    """Holds the monitor of a callback, one for each training.

    Args:
        say: is given the verdict at the end; None: nobody is.
        loss_fn: for the monitor.
    """

    def __init__(self, say: Say | None, loss_fn: Callable[[Any, Any], Tensor] | None = None) -> None:
        self.say, self.loss_fn = say, loss_fn
        self.failures: list[str] = []
        self.is_open = False
        self._monitor: Monitor | None = None
        self._losses: list[Any] = []
        self._kept: tuple[Any, Any] | None = None
        self._updates = 0
        self._handles: list[Any] = []

    def __reduce__(self) -> tuple[Any, ...]:
        """Be copied and saved as one that has seen nothing: what is watched here is not watched there."""
        return (type(self), (self.say, self.loss_fn))

    @property
    def monitor(self) -> Monitor:
        """The monitor of the last training.

        Raises:
            ConfigError: before the first.
        """
        if self._monitor is None:
            failed = "".join(f" ({one})" for one in self.failures)
            raise ConfigError(
                f"`monitor` is there once training has begun, but it has not{failed}. Train first."
            )
        return self._monitor

    def begin(self, model: nn.Module, optimizers: Sequence[Optimizer], loss_fn: Any = None) -> None:
        """Watch a training that begins, with a new monitor."""
        self.end()
        self.failures, self._losses, self._kept, self._updates = [], [], None, 0
        self._monitor = Monitor(model, optimizers, loss_fn=self.loss_fn or loss_fn)
        self._monitor.__enter__()
        self._handles = [
            bare_optimizer(one).register_step_post_hook(Hook(self._stepped)) for one in optimizers
        ]
        self.is_open = True

    def _stepped(self, *_given: Any) -> None:
        self._updates += 1

    def minibatch(
        self, loss: Any, batch: tuple[Any, Any], *, updated: bool | None = None, summed: bool = False
    ) -> None:
        """Take in a minibatch that has been differentiated.

        A step of the monitor is an update of the optimiser: losses of the minibatches that it accumulates are averaged.

        Args:
            loss: of the minibatch.
            batch: inputs and targets; where a loss is no finite number those are kept, else the last.
            updated: whether the optimiser has stepped; None: as the hooks saw.
            summed: whether the losses of minibatches that are accumulated are parts of a sum, not means.
        """
        if not self.is_open or self.monitor.facts.rank > 0:
            return
        one = loss.detach().reshape(()) if isinstance(loss, Tensor) else float(loss)
        self._losses.append(one)
        here = not isinstance(one, Tensor) or one.device.type == "cpu"  # elsewhere, to read it would wait
        if here and self._kept is None and not math.isfinite(one):
            self._kept = batch
        stepped = self._updates > 0 or len(self._losses) >= WAITS
        if updated if updated is not None else stepped:
            self._step(batch, parts=1 if summed else len(self._losses))

    def _step(self, batch: tuple[Any, Any], parts: int) -> None:
        inputs, targets = self._kept or batch
        mean = sum(self._losses) / parts
        loss = mean.requires_grad_() if isinstance(mean, Tensor) else mean  # it was differentiated
        self._losses, self._kept, self._updates = [], None, 0
        self.monitor.step(loss, inputs=inputs, targets=targets)

    def validated(self, loss: float | None, error: float | None = None, num_rows: int = 0) -> None:
        """Take in a validation; without a loss there is none."""
        if not self.is_open or loss is None or self.monitor.facts.rank > 0:
            return
        facts = self.monitor.facts
        facts.looked_rows = max(facts.looked_rows, num_rows)
        self.monitor.validate(loss, error=error)

    def end(self) -> None:
        """Watch no longer, and say the verdict."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            if self._losses:
                self._step((None, None), parts=len(self._losses))
            self.monitor.__exit__()
        finally:
            for handle in self._handles:
                handle.remove()
        if self.say is not None and self.monitor.facts.rank == 0:
            self.say(f"practicum: {self.text}")

    @property
    def text(self) -> str:
        """The verdict, and what the callback itself stumbled over."""
        return "\n".join([self.monitor.text, *(f"Left out: {one}" for one in self.failures)])


def careful(event: Event) -> Event:
    """Return an event of a callback that notes what it stumbles over, and is then silent: the training goes on."""

    @functools.wraps(event)
    def safe(self: Any, *given: Any, **named: Any) -> None:
        session: Session = self.session_
        if any(one.startswith(f"{event.__name__}:") for one in session.failures):
            return
        try:
            event(self, *given, **named)
        except Exception as error:  # noqa: BLE001 (whatever it is, the user's training goes on)
            said = " ".join(str(error).split())
            session.failures.append(f"{event.__name__}: {type(error).__name__}: {said}")

    return safe  # type: ignore[return-value]
