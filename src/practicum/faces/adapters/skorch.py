"""A callback for skorch's nets: `practicum.Monitor` around their `fit`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from torch import Tensor, nn

from practicum.core.errors import MissingExtraError
from practicum.faces.adapters.batch import parted, validation
from practicum.faces.adapters.session import Say, Session, careful
from practicum.faces.monitor import Monitor

try:
    from skorch.callbacks import Callback
except ImportError as error:
    raise MissingExtraError(
        f"The callback for skorch needs the package skorch, which cannot be imported ({error}). "
        'Install with: pip install "practicum[adapters]"'
    ) from None


class MonitorCallback(Callback):
    """Watches a net of skorch that is fitted; see :func:`practicum.skorch_callback`.

    Args:
        loss_fn: as of :class:`practicum.Monitor`; None: the net's criterion.
        valid_loss: name in the history; None: "valid_loss", or one of that kind.
        valid_error: likewise, less is better; None: an error or an accuracy, such as "valid_acc".
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
        # As they were given: scikit-learn copies a callback by its attributes, but for those with a trailing "_".
        self.loss_fn, self.say = loss_fn, say
        self.valid_loss, self.valid_error = valid_loss, valid_error
        self.session_ = Session(say, loss_fn)

    def initialize(self) -> Self:
        """Forget earlier fits."""
        self.session_.end()
        self.session_ = Session(self.say, self.loss_fn)
        return self

    @property
    def monitor(self) -> Monitor:
        """The monitor of the last fit."""
        return self.session_.monitor

    @careful
    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **given: Any) -> None:
        """Begin to watch."""
        parts = {name: getattr(net, f"{name}_") for name in getattr(net, "_modules", ["module"])}
        model = next(iter(parts.values())) if len(parts) == 1 else nn.ModuleDict(parts)
        optimizers = [getattr(net, f"{name}_") for name in getattr(net, "_optimizers", ["optimizer"])]
        criterion = getattr(net, "criterion_", None)
        self.session_.begin(model, optimizers, criterion if callable(criterion) else None)

    @careful
    def on_batch_end(self, net: Any, batch: Any = None, training: Any = None, **given: Any) -> None:
        """Take in a minibatch."""
        if training:
            self.session_.minibatch(given["loss"].detach(), parted(batch))

    @careful
    def on_epoch_end(
        self, net: Any, dataset_train: Any = None, dataset_valid: Any = None, **given: Any
    ) -> None:
        """Take in a validation."""
        if dataset_valid is not None:
            self.session_.validated(*validation(net.history[-1], self.valid_loss, self.valid_error))

    @careful
    def on_train_end(self, net: Any, X: Any = None, y: Any = None, **given: Any) -> None:
        """Say the verdict."""
        self.session_.end()
