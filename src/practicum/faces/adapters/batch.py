"""What the batches and the metrics of training libraries hold, told by their customs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TARGETS = ("labels", "label", "targets", "target", "y")
"""Names of targets in batches that are mappings, the commonest first."""

_VALID = r"(?:val|valid|validation|eval)[_/. -](?:.*[_/. -])?"
_LOSS = re.compile(_VALID + r"loss(?![a-z])")
_ERROR = re.compile(_VALID + r"(?:error|err)(?![a-z])")
_ACCURACY = re.compile(_VALID + r"(?:accuracy|acc)(?![a-z])")


def parted(batch: Any) -> tuple[Any, Any]:
    """Return inputs and targets of a batch; None where it has no targets.

    Example:
        >>> parted([1, 2])
        (1, 2)
        >>> parted({"input_ids": 1, "labels": 2})
        ({'input_ids': 1}, 2)
        >>> parted(1)
        (1, None)
    """
    if isinstance(batch, Mapping):
        name = next((one for one in TARGETS if one in batch), None)
        return {key: value for key, value in batch.items() if key != name}, None if name is None else batch[
            name
        ]
    if isinstance(batch, tuple | list) and len(batch) > 1:
        return (batch[0] if len(batch) == 2 else batch[:-1]), batch[-1]
    return (batch[0] if isinstance(batch, tuple | list) and batch else batch), None


def validation(
    metrics: Mapping[str, Any], loss: str | None = None, error: str | None = None
) -> tuple[float | None, float | None]:
    """Return loss and error of a validation among metrics: those asked for, else those that are called so.

    An accuracy counts as one minus itself. Of several names the shortest is taken.

    Example:
        >>> validation({"train_loss": 0.1, "val_loss": 0.5, "val_acc": 0.75})
        (0.5, 0.25)
        >>> validation({"eval_loss": 0.5, "eval_f1": 0.2}, error="eval_f1")
        (0.5, 0.2)
    """
    loss = loss or _named(metrics, _LOSS)
    error = error or _named(metrics, _ERROR)
    accuracy = None if error else _named(metrics, _ACCURACY)
    return (
        None if loss is None else float(metrics[loss]),
        float(metrics[error]) if error else None if accuracy is None else 1 - float(metrics[accuracy]),
    )


def _named(metrics: Mapping[str, Any], pattern: re.Pattern[str]) -> str | None:
    """Return the shortest name that fits, or None."""
    return min((name for name in metrics if pattern.match(name.lower())), key=len, default=None)
