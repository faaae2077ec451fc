"""In how many directions a layer's outputs vary."""

from __future__ import annotations

import torch
from torch import Tensor

from practicum.statistics.statistic import Statistic

FEWEST = 1e-12


def effective_rank(units_KBH: Tensor) -> Tensor:
    """Return exp(entropy) of the shares that the directions have of the outputs' variance, (K,); 1 to min(B, H).

    Source:
        Roy and Vetterli 2007, with variances as shares; fault A14.

    Example:
        >>> effective_rank(torch.eye(4)[None] - 0.25).round()
        tensor([3.])
    """
    centred = units_KBH.float() - units_KBH.float().mean(1, keepdim=True)
    variances = torch.linalg.svdvals(centred).square()
    shares = variances / variances.sum(1, keepdim=True).clamp_min(FEWEST)
    entropy: Tensor = torch.special.entr(shares).sum(1)
    return entropy.exp()


RANK = Statistic("effective rank", "units", "directions", effective_rank, "fault-A14")
