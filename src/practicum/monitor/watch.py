"""Hooks on a model and its optimisers that note what a loop does, and change nothing.

A hook only reads. If it stumbles, that is noted, it is left out from then on, and the loop never knows. What costs is
looked at in the first steps, and then rarely.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.checks.doubles import own_loss
from practicum.checks.loss_fit import check_loss_fit
from practicum.monitor.bare import bare_model, called_model
from practicum.monitor.careful import Method, careful
from practicum.monitor.facts import Facts
from practicum.monitor.fingerprint import fingerprint, first_tensor, floating, plain
from practicum.monitor.gradients import Watched, parameters_of
from practicum.monitor.history import History, operations_of
from practicum.monitor.hook import Hook, put_back
from practicum.monitor.modes import has_modes
from practicum.monitor.updates import Updates

LOOKS = 5
"""Updates of an optimiser, the first ones, at which it is looked which parameters have a gradient."""

LOOK_AGAIN = 50
"""Updates (later steps) after which it is looked again: layers may be replaced while a network trains."""

BATCHES_KEPT = 400
"""Training batches, the first ones, whose fingerprints are kept: with them the beginning is over."""

LONGEST = 800
"""Steps after which it is over where batches are not seen."""

COUNTED = (20, 40, 60, 80)
"""Steps at which it is counted how many earlier ones are still held in memory."""

FITS = 2
"""Steps, the first ones, at which loss, output and targets are compared."""


class Watch:
    """Notes what a loop does with a model and its optimisers, from :meth:`open` to :meth:`close`.

    Args:
        model: that is trained.
        optimizers: that step it, one at least.
        loss_fn: of outputs and targets; where given, they are checked against each other.

    Attributes:
        facts: what was seen so far.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizers: Sequence[Optimizer],
        loss_fn: Callable[[Any, Any], Tensor] | None = None,
    ) -> None:
        self.facts = Facts()
        self._model, self._called, self._optimizers = bare_model(model), called_model(model), optimizers
        self._loss_fn = None if loss_fn is None else own_loss(loss_fn)
        self._silent: set[str] = set()
        self._handles: list[Any] = []
        self._is_calm, self._counted = False, (1, 0)
        self._watched: dict[int, Watched] = {}
        self._updates: Counter[int] = Counter()
        self._graph, self._is_finite = -1, True
        self._output: Tensor | None = None
        self._batch: int | None = None
        self._rows: dict[int, int] = {}
        self._history: History | None = History()
        self._made: Any = None
        self._counting: Updates | None = None

    def open(self) -> None:
        """Begin to watch."""
        if self._is_calm:
            return
        self._describe()
        self._hook_parameters()
        self._hook(self._called.register_forward_pre_hook, self._forward_begins, with_kwargs=True)
        self._hook(self._called.register_forward_hook, self._forward_ended)
        for optimizer in self._optimizers:
            self._hook(optimizer.register_step_post_hook, self._updated)
        self._count_updates()

    def close(self) -> None:
        """Watch no longer; nothing stays behind on the model or its optimisers."""
        self.presume_updates()
        for handle in self._handles:
            handle.remove()
        put_back(one.parameter for one in self._watched.values())
        self._handles, self._watched, self._output, self._made = [], {}, None, None

    def _let_go(self) -> None:
        """Leave the model and its optimisers alone from now on."""
        self._counted = (self.facts.num_steps, self.facts.num_updates)
        self.close()

    @careful
    def _count_updates(self) -> None:
        self._counting = Updates(self.facts, self._model)
        for optimizer in self._optimizers:
            self._hook(optimizer.register_step_post_hook, self._counting.count)

    def presume_updates(self) -> None:
        """Presume as many updates a step as there were in the beginning, where they are counted no longer."""
        if self._is_calm and not self._handles:
            steps, updates = self._counted
            self.facts.num_updates = round(updates * self.facts.num_steps / steps)

    @careful
    def _look_again(self) -> None:
        """Look which parameters have a gradient; and at updates, where the model is in evaluation mode."""
        self._look()
        self.presume_updates()
        if not self._model.training and not self._handles:
            self._count_updates()

    def _hook(self, register: Callable[..., Any], method: Method, *before: Any, **options: Any) -> None:
        """Register a hook, or note why that cannot be done."""
        try:
            self._handles.append(register(Hook(method, *before), **options))
        except Exception as error:  # noqa: BLE001 (an optimiser or a parameter of a kind of its own)
            self.facts.failures += (f"{method.__name__.strip('_')}: {type(error).__name__}: {error}",)

    @careful
    def _describe(self) -> None:
        """Note what does not change: frozen parameters, and modules that have modes."""
        named = dict(self._model.named_parameters())
        self.facts.num_trainable = sum(one.requires_grad for one in named.values())
        self.facts.frozen = tuple(name for name, one in named.items() if not one.requires_grad)
        modes = [name or "the model itself" for name, one in self._model.named_modules() if has_modes(one)]
        self.facts.mode_matters = tuple(modes)

    @careful
    def _hook_parameters(self) -> None:
        """Watch four parameters of each optimiser: the last three, nearest to the loss, and the first."""
        ours = {id(one) for one in self._model.parameters() if one.requires_grad}
        for optimizer in self._optimizers:
            mine = [one for one in parameters_of(optimizer) if id(one) in ours]
            for parameter in (*mine[-3:], *mine[:1]):
                if id(parameter) not in self._watched:
                    watched = self._watched[id(parameter)] = Watched(parameter, id(optimizer))
                    self._hook(parameter.register_hook, self._backward, watched)

    @property
    def is_calm(self) -> bool:
        """Whether the beginning is over: but for every :data:`LOOK_AGAIN` steps only losses and updates are noted."""
        return self._is_calm

    def step(self, loss: Any, inputs: Any = None, targets: Any = None) -> None:
        """Take in one step of the loop."""
        facts = self.facts
        facts.num_steps += 1
        self._note_loss(loss, inputs, targets)
        if self._is_calm:
            if facts.num_steps % LOOK_AGAIN == 0:
                self._look_again()
            return
        self._note_fit(targets)
        self._note_batch(inputs)
        self._note_history(loss)
        self._output = self._made = None
        self._is_calm = len(facts.batches) >= BATCHES_KEPT or facts.num_steps >= LONGEST
        if self._is_calm:
            self._let_go()

    @careful
    def _note_loss(self, loss: Any, inputs: Any, targets: Any) -> None:
        facts = self.facts
        tensor = loss if isinstance(loss, Tensor) else None
        facts.without_graph += tensor is not None and not tensor.requires_grad
        try:
            value = float(loss) if tensor is None else tensor.item()
        except (TypeError, ValueError, RuntimeError) as error:  # no number; later ones may be
            said = f"note_loss: {type(error).__name__}: {' '.join(str(error).split())}"
            facts.failures += () if said in facts.failures else (said,)
            return
        facts.losses.append(value)
        if facts.first_not_finite is None and not math.isfinite(facts.losses[-1]):
            facts.first_not_finite = facts.num_steps
            for name, given in (("inputs", inputs), ("targets", targets)):
                if facts.bad_inputs is None and not all(one.isfinite().all() for one in floating(given)):
                    facts.bad_inputs = (facts.num_steps, name)

    @careful
    def _note_fit(self, targets: Any) -> None:
        """Compare loss, output and targets, where the loop gives the loss what the model returns."""
        facts, output = self.facts, self._output
        if facts.num_steps > FITS or self._loss_fn is None or output is None or targets is None:
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the loop has had them once
                same = float(self._loss_fn(output.clone(), targets))
        except Exception:  # noqa: BLE001 (the loop reshapes output or targets: not ours to judge)
            return
        if not math.isclose(same, facts.losses[-1], rel_tol=1e-5):
            return
        known = {one.causes for one in facts.fits}
        found = check_loss_fit(self._loss_fn, output, targets)
        facts.fits += tuple(one for one in found if one.causes not in known)

    @careful
    def _note_batch(self, inputs: Any) -> None:
        """Note what the model was given, or the step, where the model is compiled or only its parts are called."""
        if self._batch is None and inputs is not None and len(self.facts.batches) < BATCHES_KEPT:
            self._note_given(first_tensor(inputs))
        if self._batch is not None and len(self.facts.batches) < BATCHES_KEPT:
            self.facts.batches.append(self._batch)
        self._batch = None

    @careful
    def _note_history(self, loss: Any) -> None:
        """Mark this step's computation, and count now and then how many of all steps are still held."""
        step, history = self.facts.num_steps, self._history
        if history is None:
            return
        history.mark(*operations_of(loss, self._made))
        if step in COUNTED:
            self.facts.held[step] = history.held()
        if step >= COUNTED[-1]:
            self._history = None

    @careful
    def _forward_begins(self, _model: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        if torch.is_grad_enabled():
            self.facts.num_passes += 1
            self._note_given(first_tensor((given, named)))

    def _note_given(self, first: Tensor | None) -> None:
        """Note the rows of a training batch, and its fingerprint if it is the first of its step."""
        self.facts.batch_size = 0 if first is None else len(first)
        if first is not None:
            told = fingerprint(first)
            self._rows[told] = len(first)  # the same rows count once, however often they pass
            self._batch = told if self._batch is None else self._batch

    @careful
    def _forward_ended(self, _model: nn.Module, _given: tuple[Any, ...], output: Any) -> None:
        if self._history is not None and torch.is_grad_enabled():
            self._made = first_tensor(output)
            if self.facts.num_steps < FITS and isinstance(output, Tensor):
                self._output = output.detach()

    @careful
    def _backward(self, watched: Watched, gradient: Tensor) -> None:
        facts, graph = self.facts, torch._C._current_graph_task_id()
        first = graph != self._graph
        self._graph = graph
        facts.num_backwards += first
        thrown = watched.backward()
        facts.discarded += first and thrown and self._is_finite
        self._is_finite |= first
        if facts.num_updates == 0 and self._is_finite and not plain(gradient).isfinite().all():
            self._is_finite = False  # a scaler of gradients leaves updates out until they are finite
            facts.overflows += 1
        if facts.num_updates == 0 and not facts.moved:
            facts.moved = watched.moved()

    @careful
    def _updated(self, optimizer: Optimizer, *_given: Any) -> None:
        facts = self.facts
        facts.update_rows, self._rows = sum(self._rows.values()) or facts.update_rows, {}
        stale = [one.update() for one in self._watched.values() if one.owner == id(optimizer)]
        facts.stale += any(stale)
        self._updates[id(optimizer)] += 1
        count = self._updates[id(optimizer)]
        if count <= LOOKS:
            self._look()
            mine = {id(one) for one in parameters_of(optimizer)}
            for name, one in self._model.named_parameters():
                if one.requires_grad and id(one) in mine:
                    facts.asked[name] += 1
                    facts.never_reached[name] += one.grad is None
        elif count % LOOK_AGAIN == 0:
            self._look()

    @careful
    def _look(self) -> None:
        """Note which parameters have a gradient, or had one, but belong to no optimiser."""
        owned = {id(one) for every in self._optimizers for one in parameters_of(every)}
        named = [(name, one) for name, one in self._model.named_parameters() if one.requires_grad]
        self.facts.outside = tuple(
            name
            for name, one in named
            if id(one) not in owned and (one.grad is not None or name in self.facts.outside)
        )
