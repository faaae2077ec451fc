"""Calls that are answered in torch's place while a user's module runs: dropout, and a few fused operations.

Dropout is answered by a mask from the trial's own noise. Under vmap, operations that it has no rule for are answered by
plain ones (:mod:`practicum.training.lift.plain_ops`). Everything else passes unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

from practicum.training.lift.noise import OwnedRate, Recorder, Request, Source
from practicum.training.lift.plain_ops import CELLS, CLASS_LOSSES, attention, takes_classes

DROPOUT: Mapping[Any, str] = {
    F.dropout: "units",
    torch.dropout: "units",
    F.dropout1d: "channels",
    F.dropout2d: "channels",
    F.dropout3d: "channels",
}

ANSWERED = frozenset(
    {F.scaled_dot_product_attention, F.multi_head_attention_forward, *DROPOUT, *CELLS, *CLASS_LOSSES}
)


class Answers(TorchFunctionMode):
    """Answers calls of torch's dropout from a source, and some fused operations, while it is active.

    Args:
        source: of the masks.
        lifted: also put plain operations in the place of fused ones that vmap has no rule for.

    Attributes:
        met: whether there was anything to answer.
    """

    def __init__(self, source: Source, *, lifted: bool) -> None:
        super().__init__()
        self._source, self._lifted, self._calls = source, lifted, 0
        self.met = False
        self._recorder = source if isinstance(source, Recorder) else None

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func in ANSWERED:
            answer = self._answer(func, args, kwargs)
            if answer is not None:
                self.met = True
                return answer(*args, **kwargs)
        result = func(*args, **kwargs)
        if self._recorder is not None and isinstance(result, Tensor):
            self._recorder.num_values += result.numel()
        return result

    def _answer(self, func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Callable[..., Any] | None:
        """Return what to call instead of ``func``, if anything."""
        answer: Callable[..., Any] | None = None
        if func in DROPOUT:
            answer = partial(self._drop, func)
        elif func is F.scaled_dot_product_attention:
            rate = args[4] if len(args) > 4 else kwargs.get("dropout_p", 0)
            answer = partial(attention, self._weights_dropped) if self._lifted or rate else func
        elif func is F.multi_head_attention_forward:
            drops = args[10] and kwargs.get("training", True)
            answer = self._multi_head if self._lifted or drops else func
        elif func in CELLS:
            answer = CELLS[func] if self._lifted else func
        elif func in CLASS_LOSSES and takes_classes(*args, **kwargs):
            answer = CLASS_LOSSES[func] if self._lifted else func
        return answer

    def _multi_head(self, *args: Any, **kwargs: Any) -> Any:
        """Run torch's own code of multi-head attention with dropout and attention answered from here."""
        names = {
            "has_torch_function": lambda _: False,
            "dropout": partial(self._drop, F.dropout),
            "scaled_dot_product_attention": partial(attention, self._weights_dropped),
        }
        own = F.multi_head_attention_forward
        again = FunctionType(own.__code__, {**own.__globals__, **names}, own.__name__, own.__defaults__)
        return again(*args, **kwargs)

    def _drop(
        self,
        func: Any,
        input: Tensor,  # noqa: A002 - torch's name
        p: float = 0.5,
        training: bool = True,
        inplace: bool = False,
        train: bool = True,
    ) -> Tensor:
        if not (training and train):
            return input
        return self.dropped(input, p, _mask_shape(func, input), inplace=inplace)

    def dropped(self, x: Tensor, rate: float, shape: tuple[int, ...], *, inplace: bool = False) -> Tensor:
        """Return ``x`` times the mask of the next call."""
        purpose = f"dropout/{self._calls}"
        self._calls += 1
        owner = rate.owner if isinstance(rate, OwnedRate) else ""
        masks = self._source(Request("dropout", purpose, shape, float(rate), owner))
        if not masks:
            return x
        mask = masks[0].to(x.dtype)
        return x.mul_(mask) if inplace else x * mask

    def _weights_dropped(self, weights: Tensor, rate: float) -> Tensor:
        return self.dropped(weights, rate, tuple(weights.shape))


def _mask_shape(func: Any, x: Tensor) -> tuple[int, ...]:
    """Return the shape of a mask: every unit's own, or one for each channel of each example."""
    if DROPOUT[func] == "units":
        return tuple(x.shape)
    alone = (func is F.dropout1d and x.dim() == 2) or (func is F.dropout3d and x.dim() == 4)
    num_kept = 1 if alone else 2
    return (*x.shape[:num_kept], *[1] * (x.dim() - num_kept))
