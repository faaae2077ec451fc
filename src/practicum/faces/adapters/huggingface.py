"""A callback for the `Trainer` of Hugging Face's transformers: `practicum.Monitor` around its loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from practicum.core.errors import MissingExtraError
from practicum.faces.adapters.batch import parted, validation
from practicum.faces.adapters.session import Say, Session, careful
from practicum.faces.monitor import Monitor
from practicum.monitor.hook import Hook

try:
    from transformers import TrainerCallback
except ImportError as error:
    raise MissingExtraError(
        f"The callback for Trainer needs the packages transformers and accelerate, which cannot be imported ({error}). "
        'Install with: pip install "practicum[adapters]"'
    ) from None


class MonitorCallback(TrainerCallback):
    """Watches a model that `Trainer` trains; see :func:`practicum.trainer_callback`.

    The `Trainer` tells its callbacks no batch and no loss of a step; both are seen by a hook on the model. Where the
    loss is computed outside it (label smoothing, a loss of one's own) or the model is compiled, the loss of a step is
    the mean that was logged last.

    Args:
        valid_loss: name of the metric; None: "eval_loss", or one of that kind.
        valid_error: likewise, less is better; None: an error or an accuracy, such as "eval_accuracy".
        say: is given the verdict at the end; None: nobody is.
    """

    def __init__(
        self, *, valid_loss: str | None = None, valid_error: str | None = None, say: Say | None = print
    ) -> None:
        self.valid_loss, self.valid_error = valid_loss, valid_error
        self.session_ = Session(say)
        self._handle: Any = None
        self._seen: tuple[Any, tuple[Any, Any], bool] | None = None
        self._logged: float | None = None

    @property
    def monitor(self) -> Monitor:
        """The monitor of the last training."""
        return self.session_.monitor

    @careful
    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Begin to watch."""
        self._seen = self._logged = None
        self.session_.begin(given["model"], [given["optimizer"]])
        self._unhook()
        self._handle = given["model"].register_forward_hook(Hook(self._passed), with_kwargs=True)

    @careful
    def on_substep_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Take in a minibatch whose gradient is accumulated."""
        self._take(updated=False)

    @careful
    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Take in the minibatch before an update."""
        self._take(updated=True)

    @careful
    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **given: Any) -> None:
        """Keep the loss that is logged, for want of a better one."""
        self._logged = (logs or {}).get("loss", self._logged)

    @careful
    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **given: Any) -> None:
        """Take in a validation."""
        self.session_.validated(*validation(metrics or {}, self.valid_loss, self.valid_error))

    @careful
    def on_train_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Say the verdict."""
        self._unhook()
        self.session_.end()

    @careful
    def _passed(self, _model: Any, given: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        """Keep what a forward pass in training was given, and the loss that came out of it."""
        if torch.is_grad_enabled():
            loss = output.get("loss") if isinstance(output, Mapping) else output[0]
            known = loss.detach() if isinstance(loss, Tensor) and loss.numel() == 1 else None
            self._seen = (known, parted(named or given), named.get("num_items_in_batch") is not None)

    def _take(self, *, updated: bool) -> None:
        """Give the session a minibatch, if its loss is known."""
        loss, batch, summed = self._seen or (None, (None, None), False)
        self._seen = None
        loss = self._logged if loss is None else loss
        if loss is not None:
            self.session_.minibatch(loss, batch, updated=updated, summed=summed)

    def _unhook(self) -> None:
        if self._handle is not None:
            self._handle.remove()
        self._handle = None
