"""What bounds or prices gradients, parameters and activations of K trials, beside the loss itself.

Everything works on blocks (K, *shape), in place, each trial with its own number; a number that means "none" changes
no bit, and what happens in one trial reaches no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

SparsityForm = Literal["l1", "student_t", "target", "kl"]

CLIP_STABILISER = 1e-6
"""Added to a norm before the division, as in ``torch.nn.utils.clip_grad_norm_``."""

SMALLEST_MEAN = 1e-6
"""The mean activations of the `kl` form are kept so far from 0 and from 1."""


def clip_(gradients: Sequence[Tensor], largest_norm_K: Tensor) -> Tensor:
    """Scale each trial's gradient down to its largest norm.

    Args:
        gradients: of all parameters, blocks (K, *shape).
        largest_norm_K: largest L2 norm over all blocks of a trial; ``inf`` leaves it as it is, shape (K,).

    Returns:
        The norms before, shape (K,).

    Source:
        After the chapter (fault-A5). As ``torch.nn.utils.clip_grad_norm_``.
        NOTE[DIFF]: a norm below its limit by less than :data:`CLIP_STABILISER` is left alone, so that a gradient within
        the limit keeps every bit.

    Example:
        >>> gradients = [torch.tensor([[3.0], [0.3]]), torch.tensor([[4.0], [0.4]])]
        >>> clip_(gradients, torch.ones(2)), [block.flatten() for block in gradients]
        (tensor([5.0000, 0.5000]), [tensor([0.6000, 0.3000]), tensor([0.8000, 0.4000])])
    """
    norms = [torch.linalg.vector_norm(block.reshape(len(block), -1), dim=1) for block in gradients]
    total_K = torch.zeros_like(norms[0])
    for norm in norms:  # one by one: a sum over a (blocks, K) table is taken in another order where K is 1
        total_K.addcmul_(norm, norm)
    norm_K = total_K.sqrt_()
    too_long_K = norm_K > largest_norm_K
    if norm_K.is_cpu and not too_long_K.any():  # on a GPU to look costs more than to multiply by one
        return norm_K
    factor_K = torch.where(too_long_K, largest_norm_K / (norm_K + CLIP_STABILISER), 1.0)
    for block in gradients:
        block.mul_(factor_K.view(-1, *[1] * (block.dim() - 1)))
    return norm_K


def shrink_(parameter: Tensor, amount: Tensor) -> None:
    """Move every parameter towards zero by ``amount``, and no further: sign(θ) max(abs(θ) − a, 0), with exact zeros.

    Args:
        parameter: shape (K, *shape).
        amount: a ≥ 0; 0 leaves the parameters as they are, a column (K, 1, …, 1).

    Source:
        Bengio 2012, 3.2-11 (the proximal step of an L1 penalty λ takes a = ε λ/T).

    Example:
        >>> parameter = torch.tensor([[0.5, -0.1, -2.0]])
        >>> shrink_(parameter, torch.full((1, 1), 0.25))
        >>> parameter
        tensor([[ 0.2500,  0.0000, -1.7500]])
    """
    part = torch.minimum(parameter, amount)
    torch.maximum(part, -amount, out=part)
    parameter.sub_(part.add_(0.0))  # −0 becomes +0, which changes nothing when it is taken away


def limit_norms_(weight: Tensor, largest: Tensor) -> None:
    """Scale the weights into each unit down to a largest L2 norm.

    Args:
        weight: units on the second axis, shape (K, units, inputs, …).
        largest: ``inf`` leaves the weights as they are, a column (K, 1, …, 1).

    Source:
        After the chapter (system-P22); Srivastava et al. 2014.

    Example:
        >>> weight = torch.tensor([[[3.0, 4.0], [0.3, 0.4]]])
        >>> limit_norms_(weight, torch.ones(1, 1, 1))
        >>> weight
        tensor([[[0.6000, 0.8000],
                 [0.3000, 0.4000]]])
    """
    norm = torch.linalg.vector_norm(weight, dim=tuple(range(2, weight.dim())), keepdim=True)
    too_long = norm > largest
    if norm.is_cpu and not too_long.any():
        return
    weight.mul_(torch.where(too_long, largest / norm, 1.0))


@dataclass(frozen=True, slots=True)
class _Form:
    """A price on activations and its slope; both see h, its mean h̄ over the minibatch, and ρ.

    Attributes:
        on_mean: whether the price is of h̄, one a unit, or of h, one an activation.
        price: of each, without α.
        slope: its derivative.
    """

    on_mean: bool
    price: Callable[[Tensor, Tensor | float], Tensor]
    slope: Callable[[Tensor, Tensor | float], Tensor]


def _student_t_slope(h: Tensor, target: Tensor | float) -> Tensor:
    return 2 * h / (1 + h * h)


def _kl(mean: Tensor, target: Tensor | float) -> Tensor:
    """Return ρ log(ρ/h̄) + (1 − ρ) log((1 − ρ)/(1 − h̄))."""
    rho = torch.as_tensor(target, dtype=mean.dtype, device=mean.device)
    mean = mean.clamp(SMALLEST_MEAN, 1 - SMALLEST_MEAN)
    return rho * (rho.log() - mean.log()) + (1 - rho) * ((-rho).log1p() - (-mean).log1p())


def _kl_slope(mean: Tensor, target: Tensor | float) -> Tensor:
    """Return the derivative of :func:`_kl`, which is flat where h̄ is held."""
    kept = mean.clamp(SMALLEST_MEAN, 1 - SMALLEST_MEAN)
    return ((1 - target) / (1 - kept) - target / kept).where(kept == mean, 0.0)


SPARSITY: Mapping[str, _Form] = {
    "l1": _Form(False, lambda h, _: h.abs(), lambda h, _: h.sign()),
    "student_t": _Form(False, lambda h, _: (h * h).log1p(), _student_t_slope),
    "target": _Form(True, lambda mean, rho: (rho - mean) ** 2, lambda mean, rho: 2 * (mean - rho)),
    "kl": _Form(True, _kl, _kl_slope),
}


def sparsity_loss(h: Tensor, form: SparsityForm, target: Tensor | float, batch_dim: int = 0) -> Tensor:
    r"""Return the sparsity penalty of one trial's activations, without its coefficient, a scalar.

    .. math::
        \textstyle \sum_j \overline{\lvert h_j \rvert}, \quad
        \sum_j \overline{\log(1 + h_j^2)}, \quad
        \sum_j (\rho - \bar h_j)^2, \quad
        \sum_j \mathrm{KL}(\rho \,\Vert\, \bar h_j)

    Autograd and ``torch.vmap`` (for K trials) go through it.

    Args:
        h: activations of a layer, one axis being the minibatch, e.g. (B, H).
        form: l1, student_t, target or kl.
        target: ρ of target and kl, a number or a scalar; others do not look at it.
        batch_dim: the axis of the minibatch.

    Source:
        Bengio 2012, 3.2-17.
        NOTE[DIFF]: l1 takes |h|, because h may be negative; kl is the full divergence, 0 at h̄ = ρ (erratum E12), and h̄
        is kept :data:`SMALLEST_MEAN` away from 0 and 1.

    Example:
        >>> h = torch.tensor([[0.0, 1.0], [0.1, 3.0]])
        >>> sparsity_loss(h, "l1", 0.05), sparsity_loss(h[:, :1], "kl", 0.05)
        (tensor(2.0500), tensor(0.))
    """
    price = SPARSITY[form].price
    each_unit = (
        price(h.mean(batch_dim), target) if SPARSITY[form].on_mean else price(h, target).mean(batch_dim)
    )
    return each_unit.sum()


def sparsity_slope(h_KHB: Tensor, form: SparsityForm, coefficient_K: Tensor, target_K: Tensor) -> Tensor:
    """Return the gradient of α times :func:`sparsity_loss` with respect to each activation.

    Args:
        h_KHB: activations of a layer, shape (K, H, B).
        form: l1, student_t, target or kl, of all trials.
        coefficient_K: α of each trial, of the mean loss, shape (K,).
        target_K: ρ of each trial, shape (K,).

    Returns:
        Slopes, shape (K, H, B); those of target and kl are the same for all examples: a view, not to be written to.

    Source:
        Bengio 2012, 3.2-17.

    Example:
        >>> one = torch.ones(1)
        >>> sparsity_slope(torch.tensor([[[0.25, 0.75]]]), "target", one, 0.05 * one)
        tensor([[[0.4500, 0.4500]]])
    """
    rule, scale_K11 = SPARSITY[form], (coefficient_K / h_KHB.shape[2])[:, None, None]
    argument = h_KHB.mean(2, keepdim=True) if rule.on_mean else h_KHB
    return (rule.slope(argument, target_K[:, None, None]) * scale_K11).expand(h_KHB.shape)
