"""Hooks on a model and its optimisers that note what a loop does, and change nothing.

A hook only reads. If it stumbles, that is noted, it is left out from then on, and the loop never knows. What costs
(fingerprints, whether parameters moved) is looked at in the first steps and then rarely.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from practicum.checks.doubles import tensors_of
from practicum.checks.loss_fit import check_loss_fit
from practicum.monitor.facts import Facts
from practicum.monitor.graph_size import kept_alive

MODAL = (nn.modules.batchnorm._BatchNorm, nn.modules.dropout._DropoutNd)
"""Modules that behave differently in training and in evaluation."""

MOVES_WATCHED = 5
"""Updates, the first ones, at which it is looked whether each parameter moved."""

ROUNDING = 1e-5
"""Of the largest gradient: what is less may be rounding, as of a bias before batch normalisation, and moves nothing."""

BATCHES_KEPT = 400
SAMPLE = 256
"""Numbers of a batch that its fingerprint is made of, at most."""

GRAPHS_SIZED = (20, 40, 60, 80)
"""Steps at which the operations that are kept alive are counted."""

Hook = Callable[..., None]


def careful(hook: Hook) -> Hook:
    """Return a method that notes what it stumbles over, once, and is then silent."""

    @functools.wraps(hook)
    def safe(self: Watch, *given: Any) -> None:
        if hook.__name__ in self._silent:
            return
        try:
            hook(self, *given)
        except Exception as error:  # noqa: BLE001 (whatever it is, the user's loop goes on)
            self._silent.add(hook.__name__)
            self.facts.failures += (f"{hook.__name__}: {type(error).__name__}: {error}",)

    return safe


class Watch:
    """Notes what a loop does with a model and its optimisers, from :meth:`open` to :meth:`close`.

    Args:
        model: that is trained.
        optimizers: that step it.
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
        self._model, self._optimizers, self._loss_fn = model, optimizers, loss_fn
        self._silent: set[str] = set()
        self._handles: list[Any] = []
        self._used = False
        self._held = False
        self._output: Any = None
        self._before: dict[str, Tensor] = {}
        self._first: Tensor | None = None
        self._graph = -1
        self._owned: set[int] = set()
        self._watched: Counter[int] = Counter()

    def open(self) -> None:
        """Begin to watch."""
        model, facts = self._model, self.facts
        self._owned = self._in_optimisers()
        named = dict(model.named_parameters())
        facts.num_trainable = sum(one.requires_grad for one in named.values())
        facts.frozen = tuple(name for name, one in named.items() if not one.requires_grad)
        facts.mode_matters = tuple(
            name or "(model)"
            for name, one in model.named_modules()
            if isinstance(one, MODAL) and (not isinstance(one, nn.modules.dropout._DropoutNd) or one.p > 0)
        )
        self._handles = [
            model.register_forward_pre_hook(self._forward_begins, with_kwargs=True),
            model.register_forward_hook(self._forward_ended),
        ]
        for optimizer in self._optimizers:
            self._handles.append(optimizer.register_step_pre_hook(self._update_begins))
            self._handles.append(optimizer.register_step_post_hook(self._update_ended))
        trainable = [one for one in named.values() if one.requires_grad]
        for parameter in {id(one): one for one in (*trainable[-3:], *trainable[:1])}.values():
            hook = functools.partial(self._backward, parameter)
            self._handles.append(parameter.register_hook(hook))  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Watch no longer; nothing stays behind on the model or its optimisers."""
        for handle in self._handles:
            handle.remove()
        self._handles, self._before, self._output, self._first = [], {}, None, None

    @careful
    def step(self, loss: Tensor, inputs: Any = None, targets: Any = None) -> None:
        """Take in one step of the loop."""
        facts = self.facts
        facts.num_steps += 1
        facts.add_loss(float(loss.detach()))
        if not loss.requires_grad:
            facts.without_graph += 1
        if facts.bad_inputs is None:
            for name, given in (("inputs", inputs), ("targets", targets)):
                if any(not bool(torch.isfinite(one).all()) for one in tensors_of(given)):
                    facts.bad_inputs = (facts.num_steps, name)
                    break
        if facts.num_steps <= 2 and self._loss_fn is not None and targets is not None:
            self._check_fit(targets)
        if facts.num_steps in GRAPHS_SIZED:
            facts.graph_sizes[facts.num_steps] = kept_alive()
        self._output = None

    @careful
    def validate(self, valid_loss: float, error: float | None = None) -> None:
        """Take in a validation."""
        self.facts.validations.append((self.facts.num_steps, float(valid_loss), error))

    def _check_fit(self, targets: Any) -> None:
        """Compare loss, output and targets."""
        if not isinstance(self._output, Tensor) or self._loss_fn is None:
            return
        found = check_loss_fit(self._loss_fn, self._output.detach(), targets)
        known = {one.causes for one in self.facts.fits}
        self.facts.fits += tuple(one for one in found if one.causes not in known)

    @careful
    def _forward_begins(self, _model: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        first = next((one for one in (*given, *named.values()) if isinstance(one, Tensor)), None)
        rows = 0 if first is None or first.ndim == 0 else len(first)
        if not torch.is_grad_enabled():
            self.facts.looked += 1
            self.facts.looked_rows += rows
            self.facts.looked_in_training += self._model.training
            return
        self._first = first
        self.facts.batch_size = rows

    @careful
    def _forward_ended(self, _model: nn.Module, _given: tuple[Any, ...], output: Any) -> None:
        if torch.is_grad_enabled():
            self._output = output

    @careful
    def _backward(self, parameter: nn.Parameter, _gradient: Tensor) -> None:
        """Look at a gradient before this pass adds to it; of each pass, at that of the first parameter it reaches."""
        graph = torch._C._current_graph_task_id()
        if graph == self._graph or id(parameter) not in self._owned:
            return
        self._graph = graph
        facts = self.facts
        clean = parameter.grad is None or not bool(parameter.grad.any())
        facts.num_backwards += 1
        facts.in_evaluation += not self._model.training
        if self._used and not clean:
            facts.stale += 1
        if self._held and clean and not self._used:
            facts.discarded += 1
        self._used, self._held = False, True
        if self._first is not None and len(facts.batches) < BATCHES_KEPT:
            facts.batches.append(fingerprint(self._first))
        self._first = None

    def _in_optimisers(self) -> set[int]:
        """Return the identities of all parameters that are updated."""
        groups = [group for optimizer in self._optimizers for group in optimizer.param_groups]
        return {id(one) for group in groups for one in group["params"]}

    @careful
    def _update_begins(self, optimizer: Optimizer, *_given: Any) -> None:
        """Keep the parameters that this optimiser is about to move."""
        facts = self.facts
        self._watched[id(optimizer)] += 1
        if self._watched[id(optimizer)] > MOVES_WATCHED:
            return
        self._owned = self._in_optimisers()
        trainable = {name: one for name, one in self._model.named_parameters() if one.requires_grad}
        sizes = {name: float(one.grad.abs().max()) for name, one in trainable.items() if one.grad is not None}
        facts.outside = tuple(name for name in sizes if id(trainable[name]) not in self._owned)
        if optimizer is self._optimizers[0]:
            facts.never_reached.update(set(trainable) - set(sizes))
        mine = {id(one) for group in optimizer.param_groups for one in group["params"]}
        least = ROUNDING * max(sizes.values(), default=0.0)
        self._before = {
            name: trainable[name].detach().clone()
            for name, size in sizes.items()
            if size > least and id(trainable[name]) in mine
        }

    @careful
    def _update_ended(self, *_given: Any) -> None:
        facts = self.facts
        facts.num_updates += 1
        self._used = True
        for name, one in self._model.named_parameters():
            if name in self._before:
                facts.moves_watched[name] += 1
                facts.unmoved[name] += int(torch.equal(one.detach(), self._before[name]))
        self._before = {}


def fingerprint(tensor: Tensor) -> int:
    """Return a number that tells batches apart: of their shape and some of their numbers.

    Example:
        >>> fingerprint(torch.arange(6.0)) == fingerprint(torch.arange(6.0))
        True
    """
    flat = tensor.detach().reshape(-1)
    some = flat[:: max(1, len(flat) // SAMPLE)]
    return hash((tuple(tensor.shape), tuple(some.tolist())))
