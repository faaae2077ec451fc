"""Looks closely at some steps of a loop: hooks are on the model for these alone, so that others cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.monitor.bare import has_compiled_parts
from practicum.monitor.calls import Calls
from practicum.monitor.gradients import parameters_of
from practicum.monitor.hook import Hook, put_back
from practicum.monitor.look import Look
from practicum.monitor.looks import Later
from practicum.monitor.parameter_looks import ParameterLooks, settings_of
from practicum.monitor.schedule import Schedule, is_deep
from practicum.monitor.unit_looks import UnitLooks


class Instruments:
    """What looks closely, on schedule.

    Args:
        model: that is trained.
        optimizers: that step it.
        schedule: whether a step, by its number from 1, is looked at.
        failed: is told of what went wrong while looking; the instruments are then put away.

    Source:
        Bengio 2012, 4.2-11, 4.2-13.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizers: Sequence[Optimizer],
        schedule: Schedule,
        failed: Callable[[Exception], None],
    ) -> None:
        self._model, self._optimizers, self._schedule = model, optimizers, schedule
        self._tell = failed
        self._units = UnitLooks({id(one): name for name, one in model.named_parameters()}, self._failed)
        self._parameters = ParameterLooks()
        self._handles: list[Any] = []
        self._hooked: list[tuple[int, bool]] = []
        tables = [one for one in model.modules() if isinstance(one, nn.Embedding | nn.EmbeddingBag)]
        self._tables = {id(one.weight) for one in tables}
        self._calls: Calls | None = None
        self._passes = 0
        self._is_armed = self._is_broken = False

    def _failed(self, error: Exception) -> None:
        self._is_broken = True
        self._parameters.forget()
        self._tell(error)

    def wants(self, step: int) -> bool:
        """Return whether that step is to be looked at, and nothing is prepared for it yet."""
        return not self._is_armed and not self._is_broken and self._schedule(step)

    def arm(self, step: int) -> None:
        """Prepare to look at that step, if the schedule wants it."""
        if not self.wants(step):
            return
        deep, named = is_deep(step), dict(self._model.named_parameters())
        self._is_armed, self._passes = True, 0
        self._units.begin(deep=deep)
        self._parameters.begin(step, named, self._tables, deep=deep, keeps=self._schedule(step + 1))
        parameters = list(named.values())
        if not self._handles or [(id(one), one.requires_grad) for one in parameters] != self._hooked:
            self._unhook()
            self._hook(parameters)

    def _hook(self, parameters: Sequence[nn.Parameter]) -> None:
        """Put hooks on the model, its weights and the optimisers."""
        has_weights = any(one.ndim > 1 and one.requires_grad for one in parameters)
        if not has_compiled_parts(self._model):
            self._handles += [
                self._model.register_forward_pre_hook(Hook(self._begins)),
                self._model.register_forward_hook(Hook(self._ended), always_call=True),
            ]
        for optimizer in self._optimizers:
            self._handles += [
                optimizer.register_step_pre_hook(Hook(self._before)),
                optimizer.register_step_post_hook(Hook(self._after)),
            ]
        self._handles += [
            one.register_post_accumulate_grad_hook(Hook(self._arrived))  # type: ignore[no-untyped-call]
            for one in parameters
            if one.requires_grad and one.is_leaf and (one.ndim > 1 or not has_weights)
        ]
        self._hooked = [(id(one), one.requires_grad) for one in parameters]

    def _unhook(self) -> None:
        """Take everything off the model and the optimisers."""
        for handle in self._handles:
            handle.remove()
        if self._handles:
            put_back(self._model.parameters())
        self._handles = []

    def disarm(self, *, keeps: bool = False) -> None:
        """Look no longer.

        Args:
            keeps: whether hooks may stay, since the next step is looked at too.
        """
        self._leave()
        self._is_armed = False
        if not keeps:
            self._unhook()

    def close(self) -> None:
        """Put everything away."""
        self.disarm()
        self._parameters.forget()

    @property
    def is_armed(self) -> bool:
        """Whether this step is looked at."""
        return self._is_armed

    def take(self, step: int, age: int, loss: float, given: Sequence[Any]) -> Later | None:
        """Return what makes a look of the step that is over, and put hooks away; None where it was not looked at."""
        if not self._is_armed:
            return None
        self.disarm(keeps=self._schedule(step + 1) and not self._is_broken)
        if self._is_broken:
            return None
        units, parameters = self._units.take(), self._parameters.take()
        settings, elsewhere, strangers = (
            settings_of(self._optimizers),
            self._elsewhere(given),
            self._strangers(),
        )

        def look() -> Look:
            seen, (alignment, signal, noise) = parameters()
            return Look(
                step=step,
                age=age,
                loss=loss,
                units=units(),
                parameters=seen,
                settings=settings,
                alignment=alignment,
                signal=signal,
                noise=noise,
                elsewhere=elsewhere,
                strangers=strangers,
            )

        return look

    def _strangers(self) -> int:
        """Return how many weights the pass used that neither the model nor an optimiser has."""
        if not self._units.weights:
            return 0
        known = {id(one) for one in self._model.parameters()}
        known |= {id(one) for optimizer in self._optimizers for one in parameters_of(optimizer)}
        return len({id(one) for one in self._units.weights} - known)

    def _elsewhere(self, given: Sequence[Any]) -> int:
        """Return how many tensors lay on another device than the model's first parameter."""
        home = next((one.device for one in self._model.parameters()), None)
        return sum(isinstance(one, Tensor) and home is not None and one.device != home for one in given)

    def _begins(self, *_given: Any) -> None:
        if self._passes or self._is_broken or not torch.is_grad_enabled():
            return
        self._passes += 1
        self._calls = Calls(self._units.hear)
        self._calls.__enter__()  # type: ignore[no-untyped-call]

    def _ended(self, *_given: Any) -> None:
        self._leave()

    def _leave(self) -> None:
        """Listen no longer."""
        calls, self._calls = self._calls, None
        if calls is not None:
            calls.__exit__(None, None, None)  # type: ignore[no-untyped-call]

    def _guarded(self, look: Callable[[Any], None], what: Any) -> None:
        if not self._is_broken:
            try:
                look(what)
            except Exception as error:  # noqa: BLE001 (whatever it is, the user's loop goes on)
                self._failed(error)

    def _before(self, optimizer: Optimizer, *_given: Any) -> None:
        self._guarded(self._parameters.before, optimizer)

    def _after(self, optimizer: Optimizer, *_given: Any) -> None:
        self._guarded(self._parameters.after, optimizer)

    def _arrived(self, parameter: Tensor) -> None:
        self._guarded(self._parameters.arrived, parameter)
