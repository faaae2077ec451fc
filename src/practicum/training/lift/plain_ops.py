"""Fused operations that `torch.vmap` runs trial by trial, in plain ones that it runs all at once.

The numbers are the same up to rounding; a plain module keeps the fused ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Drop = Callable[[Tensor, float], Tensor]


def attention(
    drop: Drop,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Return scaled dot-product attention; arguments as of torch's, after what drops attention weights.

    Example:
        >>> one = torch.ones(1, 2, 4)
        >>> attention(lambda x, rate: x, one, one, one).shape
        torch.Size([1, 2, 4])
    """
    if enable_gqa:
        key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
        value = value.repeat_interleave(query.shape[-3] // value.shape[-3], -3)
    scores = query @ key.transpose(-2, -1) * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    if is_causal:
        attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    if attn_mask is None:
        weights = scores.softmax(-1)
    else:
        if attn_mask.dtype == torch.bool:
            attn_mask = torch.zeros_like(attn_mask, dtype=scores.dtype).masked_fill(~attn_mask, -math.inf)
        scores = scores + attn_mask
        nobody = (scores == -math.inf).all(-1, keepdim=True)  # who may look nowhere sees nothing
        weights = scores.masked_fill(nobody, 0).softmax(-1).masked_fill(nobody, 0)
    if dropout_p:
        weights = drop(weights, dropout_p)
    return weights @ value


def gru_cell(
    x: Tensor,
    h: Tensor,
    w_input: Tensor,
    w_hidden: Tensor,
    b_input: Tensor | None = None,
    b_hidden: Tensor | None = None,
) -> Tensor:
    """Return the next state of a gated recurrent unit, (B, H)."""
    reset_x, update_x, new_x = F.linear(x, w_input, b_input).chunk(3, -1)
    reset_h, update_h, new_h = F.linear(h, w_hidden, b_hidden).chunk(3, -1)
    update = (update_x + update_h).sigmoid()
    new = (new_x + (reset_x + reset_h).sigmoid() * new_h).tanh()
    return new + update * (h - new)


def lstm_cell(
    x: Tensor,
    states: tuple[Tensor, Tensor],
    w_input: Tensor,
    w_hidden: Tensor,
    b_input: Tensor | None = None,
    b_hidden: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the next state and the next memory of a long short-term memory, (B, H) each."""
    h, memory = states
    gates = F.linear(x, w_input, b_input) + F.linear(h, w_hidden, b_hidden)
    let_in, forget, new, let_out = gates.chunk(4, -1)
    memory = forget.sigmoid() * memory + let_in.sigmoid() * new.tanh()
    return let_out.sigmoid() * memory.tanh(), memory


def nll_loss(
    log_probabilities: Tensor,
    target: Tensor,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Return the negative log-likelihood of class numbers; classes on the second axis, or the first of one."""
    axis = 0 if log_probabilities.dim() == 1 else 1
    counts = target != ignore_index
    own = -log_probabilities.gather(axis, torch.where(counts, target, 0).unsqueeze(axis)).squeeze(axis)
    if label_smoothing:
        own = (1 - label_smoothing) * own - label_smoothing * log_probabilities.mean(axis)
    own = torch.where(counts, own, 0)
    if reduction == "none":
        return own
    return own.sum() if reduction == "sum" else own.sum() / counts.sum()


def cross_entropy(logits: Tensor, target: Tensor, **options: Any) -> Tensor:
    """Return the cross-entropy of class numbers, as :func:`nll_loss`."""
    return nll_loss(F.log_softmax(logits, 0 if logits.dim() == 1 else 1), target, **options)


def _without_weights(loss: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return ``loss`` for calls by all of torch's keywords."""

    def called(scores: Tensor, target: Tensor, **options: Any) -> Tensor:
        return loss(scores, target, **{name: value for name, value in options.items() if name not in UNKNOWN})

    return called


UNKNOWN = ("weight", "size_average", "reduce")


def takes_classes(input: Tensor, target: Tensor, **options: Any) -> bool:  # noqa: A002 - torch's name
    """Return whether a call of torch's classification losses is one that :func:`nll_loss` knows."""
    return target.dtype == torch.int64 and all(options.get(name) is None for name in UNKNOWN)


CELLS: Mapping[Any, Callable[..., Any]] = {torch.gru_cell: gru_cell, torch.lstm_cell: lstm_cell}
CLASS_LOSSES: Mapping[Any, Callable[..., Tensor]] = {
    F.cross_entropy: _without_weights(cross_entropy),
    F.nll_loss: _without_weights(nll_loss),
}
