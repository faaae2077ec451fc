"""All that watches one loop: facts at every step, instruments on schedule, rows that are kept."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.checks.doubles import own_loss
from practicum.monitor.aside import outputs_of
from practicum.monitor.bare import bare_model, bare_optimizer, called_model, has_compiled_parts, rank
from practicum.monitor.facts import Trained
from practicum.monitor.instruments import Instruments
from practicum.monitor.looks import Looks
from practicum.monitor.pace import Pace
from practicum.monitor.passes import Passes, rows_of
from practicum.monitor.schedule import Schedule, is_deep
from practicum.monitor.watch import LOOK_AGAIN, Watch

FUNCTION_ROWS, FUNCTION_NUMBERS, FUNCTION_TIMES = 128, 2**17, 100
"""Rows for which the outputs are followed through training; fewer where they have more numbers; times that are kept."""

MOST_LOOKS, SPARED = 2000, 100
"""Looks that are kept; of more, every second one between the first ones and the last ones is forgotten."""

LARGEST = 20_000_000
"""Parameters of the largest model that is kept a second time, as it was before the first step."""


class Session:
    """Watches one loop, from :meth:`open` to :meth:`close`.

    Args:
        model: that is trained.
        optimizers: that step it, one at least.
        loss_fn: of outputs and targets, or None.
        schedule: whether a step, by its number from 1, is looked at closely.

    Attributes:
        facts: what was seen so far.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizers: Sequence[Optimizer],
        loss_fn: Callable[[Any, Any], Tensor] | None,
        schedule: Schedule,
    ) -> None:
        self._model, self._optimizers = bare_model(model), tuple(bare_optimizer(one) for one in optimizers)
        self._loss_fn = None if loss_fn is None else own_loss(loss_fn)
        self._optimizer = self._optimizers[0]
        self._watch = Watch(model, self._optimizers, self._loss_fn)
        self.facts = self._watch.facts
        self.facts.looks = self._looks = Looks()
        self._function_rows = FUNCTION_ROWS
        self._asks = not has_compiled_parts(self._model)
        self._calm_until = 0
        self._instruments = Instruments(self._model, self._optimizers, schedule, self._stumbled)
        self._pace = Pace(self._watch.facts, self._optimizers)
        self._passes = Passes(self.facts, self._model, called_model(model))

    def _stumbled(self, error: Exception) -> None:
        said = " ".join(str(error).split())[:200]
        self.facts.failures += (f"instruments: {type(error).__name__}: {said}",)

    def settle(self) -> None:
        """Bring up to date what is not noted at each step."""
        self._watch.presume_updates()

    def open(self) -> None:
        """Begin to watch, unless another process does: of those that train together only the first, 0, speaks."""
        self.facts.rank = rank()
        if self.facts.rank > 0:
            return
        self._watch.facts.ended = False
        self.facts.trained = Trained(self._model, self._optimizers, self._loss_fn, self._start())
        self._safely(self._pace.open, self._model)
        self._watch.open()
        self._passes.open()
        self._safely(self._instruments.arm, self.facts.num_steps + 1)

    def close(self) -> None:
        """Watch no longer; nothing stays behind on the model or its optimisers."""
        self._watch.facts.ended = True
        self._pace.close()
        self._instruments.close()
        self._passes.close()
        self._watch.close()

    def _start(self) -> nn.Module | None:
        """Return a copy of the model as it is, unless it is too large or cannot be copied."""
        if self.facts.trained is not None:
            return self.facts.trained.start
        try:
            if sum(one.numel() for one in self._model.parameters()) > LARGEST:
                return None
            return copy.deepcopy(self._model)
        except Exception:  # noqa: BLE001 (a model of a kind of its own; it is then done without)
            return None

    def _safely(self, look: Callable[..., Any], *given: Any, **options: Any) -> Any:
        try:
            return look(*given, **options)
        except Exception as error:  # noqa: BLE001 (whatever it is, the user's loop goes on)
            self._stumbled(error)
            self._safely_once(self._instruments.close)
        return None

    def _safely_once(self, look: Callable[[], Any]) -> None:
        try:
            look()
        except Exception as error:  # noqa: BLE001 (as above)
            self._stumbled(error)

    def step(self, loss: Any, inputs: Any, targets: Any) -> None:
        """Take in one step of the loop: after the beginning, mostly loss, rate and age alone, as fast as can be."""
        facts = self.facts
        step = facts.num_steps + 1
        if step < self._calm_until:
            try:
                value = loss if type(loss) is float else loss.item()
                rate, rates = self._optimizer.param_groups[0]["lr"], facts.rates
                plain = type(inputs) is Tensor and inputs.ndim
                rows = inputs.shape[0] if plain else rows_of(inputs, facts.batch_size)
                changed = bool(not rates or rate != rates[-1][1])
                is_number = value - value == 0.0  # neither infinite nor nan
            except Exception:  # noqa: BLE001 (whatever is odd about it is noted by whoever looks closely)
                is_number = False
            if is_number:  # nothing from here on can fail
                facts.num_steps = step
                facts.losses.append(value)
                facts.num_examples_seen += rows
                if changed:
                    self._pace.note_rate()
                return
        if not facts.rank:
            self._step_closely(loss, inputs, targets)
            self._turn(step + 1)

    def _turn(self, step: int) -> None:
        """Prepare for the next step, where it is looked at, and tell until when nothing has to be."""
        if self._instruments.wants(step):
            self._safely(self._instruments.arm, step)
        self._calm_until = 0
        busy = self._instruments.is_armed or self._passes.is_open or self._pace.is_open
        if not busy and self._watch.is_calm:
            self._calm_until = step
            while self._calm_until % LOOK_AGAIN and not self._instruments.wants(self._calm_until + 1):
                self._calm_until += 1
        self._pace.left()

    def _step_closely(self, loss: Any, inputs: Any, targets: Any) -> None:
        facts, is_close = self.facts, self._instruments.is_armed
        self._watch.step(loss, inputs, targets)
        self._safely(self._pace.worked, loss, counts=not is_close)
        self._passes.stepped()
        step = facts.num_steps
        facts.num_examples_seen += rows_of(inputs, facts.batch_size)
        if inputs is not None and (facts.sample.first.wants() or is_close):
            self._keep(step, inputs, targets)
        if is_close:
            value = facts.losses[-1] if facts.losses else float("nan")
            look = self._safely(
                self._instruments.take, step, facts.num_examples_seen, value, (inputs, targets)
            )
            if look is not None:
                self._looks.add(look)
                if len(facts.looks) > MOST_LOOKS:
                    del facts.looks[SPARED:-SPARED:2]
                if is_deep(step) and self._asks:
                    self._note_function()

    def _keep(self, step: int, inputs: Any, targets: Any) -> None:
        """Keep the rows of the first steps, then of later ones."""
        sample = self.facts.sample
        kept = sample.first if sample.first.wants() else sample.later
        if kept.wants():
            self._safely(kept.take, step, inputs, targets)

    def _note_function(self) -> None:
        """Note what the network says of the first rows that were kept."""
        rows = self.facts.sample.first.inputs()
        if self.facts.trained is None or self.facts.trained.start is None or rows is None:
            return
        try:
            outputs = outputs_of(self._model, rows[: self._function_rows])
            if outputs is None or len(outputs) == 0 or outputs.numel() > FUNCTION_NUMBERS * len(outputs):
                self._asks = False  # one row alone has more numbers than are kept
                return
            kept = max(1, min(len(outputs), FUNCTION_NUMBERS // outputs[0].numel()))
            self._function_rows = kept
            trajectory = self.facts.trajectory
            trajectory.append((self.facts.num_steps, self.facts.num_examples_seen, outputs[:kept].flatten(1)))
            if len(trajectory) > FUNCTION_TIMES:
                del trajectory[1:-1:2]
        except Exception:  # noqa: BLE001 (not a model of rows, or one whose parts are called; it is not asked again)
            self._asks = False

    def validate(self, valid_loss: Any, error: Any, inputs: Any, targets: Any) -> None:
        """Take in a validation."""
        if self._watch.facts.rank > 0:
            return
        self._pace.interrupted()
        self._passes.validated(valid_loss, error, targets)
        self._calm_until = 0
        kept = self.facts.sample.valid
        if inputs is not None and kept.wants() and (not kept.steps or kept.steps[-1] == self.facts.num_steps):
            self._safely(kept.take, self.facts.num_steps, inputs, targets)
