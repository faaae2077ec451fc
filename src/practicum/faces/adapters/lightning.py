"""A callback for Lightning's `Trainer`: `practicum.Monitor` around its loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from practicum.core.errors import MissingExtraError
from practicum.faces.adapters.batch import parted, validation
from practicum.faces.adapters.session import Say, Session, careful
from practicum.faces.monitor import Monitor
from practicum.monitor.fingerprint import first_tensor

try:
    from lightning.pytorch import Callback
except ImportError as error:
    raise MissingExtraError(
        f"The callback for Lightning needs the package lightning, which cannot be imported ({error}). "
        'Install with: pip install "practicum[adapters]"'
    ) from None


class MonitorCallback(Callback):
    """Watches a `LightningModule` that is fitted; see :func:`practicum.lightning_callback`.

    Losses come from what ``training_step`` returns (under manual optimisation, from what ``manual_backward`` is given),
    validations from what is logged, or from what ``validation_step`` returns.

    Args:
        loss_fn: as of :class:`practicum.Monitor`.
        valid_loss: name of the logged metric; None: one that is called so, such as "val_loss".
        valid_error: likewise, less is better; None: an error or an accuracy, such as "val_acc".
        say: is given the verdict at the end; None: nobody is.
    """

    def __init__(
        self,
        *,
        loss_fn: Callable[[Any, Any], Tensor] | None = None,
        valid_loss: str | None = None,
        valid_error: str | None = None,
        say: Say | None = print,
    ) -> None:
        self.valid_loss, self.valid_error = valid_loss, valid_error
        self.session_ = Session(say, loss_fn)
        self._updates = 0
        self._differentiated: list[Tensor] = []
        self._validated: list[tuple[Tensor | None, int]] = []

    @property
    def monitor(self) -> Monitor:
        """The monitor of the last fit."""
        return self.session_.monitor

    @careful
    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begin to watch."""
        self._updates = trainer.global_step
        self.session_.begin(pl_module, trainer.optimizers)

    @careful
    def on_before_backward(self, trainer: Any, pl_module: Any, loss: Tensor) -> None:
        """Keep a loss that is differentiated by hand."""
        if not pl_module.automatic_optimization:
            self._differentiated.append(loss.detach().reshape(()))

    @careful
    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Take in a minibatch."""
        by_hand = not pl_module.automatic_optimization
        loss, differentiated = _loss(outputs), self._differentiated
        self._differentiated = []
        if loss is None and differentiated:
            loss = torch.stack(differentiated).sum()
        elif loss is not None and not by_hand:
            loss = loss * trainer.accumulate_grad_batches  # what comes out has been divided by it
        updated = None if by_hand else trainer.global_step > self._updates
        self._updates = trainer.global_step
        if loss is not None:
            self.session_.minibatch(loss, parted(batch), updated=updated)

    @careful
    def on_validation_batch_end(
        self,
        trainer: Any,
        pl_module: Any,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Take in a part of a validation."""
        rows = first_tensor(batch)
        self._validated.append((_loss(outputs), 1 if rows is None else len(rows)))

    @careful
    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Take in a validation."""
        seen, self._validated = self._validated, []
        num_rows = sum(rows for _, rows in seen)
        loss, error = validation(trainer.callback_metrics, self.valid_loss, self.valid_error)
        known = [(one, rows) for one, rows in seen if one is not None]
        if loss is None and seen and len(known) == len(seen):
            loss = float(sum(one * rows for one, rows in known)) / num_rows
        self.session_.validated(loss, error, num_rows)

    @careful
    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Say the verdict."""
        self.session_.end()

    @careful
    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Say the verdict of a fit that is broken off."""
        self.session_.end()


def _loss(outputs: Any) -> Tensor | None:
    """Return the loss in what a step returned, or None."""
    loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
    return loss.detach().reshape(()) if isinstance(loss, Tensor) and loss.numel() == 1 else None
