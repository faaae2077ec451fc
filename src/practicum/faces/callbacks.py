"""Callbacks for Lightning, Hugging Face's `Trainer` and skorch: `practicum.Monitor` around a loop that is theirs.

Functions, so that naming them imports no other library; each takes what its class in `adapters/` takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from practicum.faces.adapters import huggingface, lightning, skorch


def lightning_callback(
    *,
    loss_fn: Callable[[Any, Any], Tensor] | None = None,
    valid_loss: str | None = None,
    valid_error: str | None = None,
    say: Callable[[str], object] | None = print,
) -> lightning.MonitorCallback:
    """Return a callback for Lightning's `Trainer` that watches the fit and says at the end what is wrong with it.

    It changes no number of the fit and never breaks it. Losses come from what ``training_step`` returns or hands to
    ``manual_backward``, validations from what is logged or from what ``validation_step`` returns.

    Args:
        loss_fn: of outputs and targets; where given, they are compared, as :class:`practicum.Monitor` does.
        valid_loss: name of the logged validation loss; None: one that is called so, such as "val_loss".
        valid_error: name of the logged error, less is better; None: an error, or one minus an accuracy ("val_acc").
        say: is given the verdict at the end; None: nobody is.

    Returns:
        The callback; its ``monitor`` is the :class:`practicum.Monitor`.

    Raises:
        MissingExtraError: if Lightning is not installed.
    """
    from practicum.faces.adapters.lightning import MonitorCallback

    return MonitorCallback(loss_fn=loss_fn, valid_loss=valid_loss, valid_error=valid_error, say=say)


def trainer_callback(
    *,
    valid_loss: str | None = None,
    valid_error: str | None = None,
    say: Callable[[str], object] | None = print,
) -> huggingface.MonitorCallback:
    """Return a callback for Hugging Face's `Trainer` that watches it and says at the end what is wrong.

    It changes no number of the training and never breaks it. Losses and batches come from the model itself; where its
    output has no loss, or it is compiled, from the log (``logging_steps=1`` then has one for each step).

    Args:
        valid_loss: name of the metric; None: "eval_loss", or one of that kind.
        valid_error: name of the error, less is better; None: an error, or one minus an accuracy ("eval_accuracy").
        say: is given the verdict at the end; None: nobody is.

    Returns:
        The callback; its ``monitor`` is the :class:`practicum.Monitor`.

    Raises:
        MissingExtraError: if transformers is not installed.
    """
    from practicum.faces.adapters.huggingface import MonitorCallback

    return MonitorCallback(valid_loss=valid_loss, valid_error=valid_error, say=say)


def skorch_callback(
    *,
    loss_fn: Callable[[Any, Any], Tensor] | None = None,
    valid_loss: str | None = None,
    valid_error: str | None = None,
    say: Callable[[str], object] | None = print,
) -> skorch.MonitorCallback:
    """Return a callback for a net of skorch that watches its fit and says at the end what is wrong with it.

    It changes no number of the fit and never breaks it.

    Args:
        loss_fn: of outputs and targets, for :class:`practicum.Monitor`; None: the net's criterion.
        valid_loss: name in the history; None: "valid_loss".
        valid_error: name of the error, less is better; None: an error, or one minus an accuracy ("valid_acc").
        say: is given the verdict at the end; None: nobody is.

    Returns:
        The callback; its ``monitor`` is the :class:`practicum.Monitor`.

    Raises:
        MissingExtraError: if skorch is not installed.
    """
    from practicum.faces.adapters.skorch import MonitorCallback

    return MonitorCallback(loss_fn=loss_fn, valid_loss=valid_loss, valid_error=valid_error, say=say)
