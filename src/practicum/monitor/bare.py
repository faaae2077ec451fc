"""What lies inside the wrappers that nets are trained in: where hooks work, and names are those of the code."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer


def bare_model(model: nn.Module) -> nn.Module:
    """Return the model inside ``torch.compile`` and data parallelism: its parameters have the names of the code.

    Example:
        >>> bare_model(torch.compile(nn.Linear(2, 1), backend="eager"))
        Linear(in_features=2, out_features=1, bias=True)
    """
    inside = _inside(model)
    return model if inside is None else bare_model(inside)


def called_model(model: nn.Module) -> nn.Module:
    """Return the model whose hooks are called in every pass.

    Distributed data parallelism calls the model inside it, which is also what one evaluates. What ``torch.compile``
    has inside runs without hooks.
    """
    return called_model(model.module) if isinstance(model, DistributedDataParallel) else model


def has_compiled_parts(model: nn.Module) -> bool:
    """Return whether the model or a module in it is compiled: what runs there is not to be listened to."""
    return any("_orig_mod" in one._modules or one._compiled_call_impl is not None for one in model.modules())


def bare_optimizer(optimizer: Optimizer) -> Optimizer:
    """Return the optimiser inside wrappers that forward to it (such as those of accelerate)."""
    inside = vars(optimizer).get("optimizer")
    return bare_optimizer(inside) if isinstance(inside, Optimizer) else optimizer


def rank() -> int:
    """Return the number of this process among those that train together; 0 where it is alone."""
    there = torch.distributed.is_available() and torch.distributed.is_initialized()
    return torch.distributed.get_rank() if there else 0


def _inside(model: nn.Module) -> nn.Module | None:
    """Return what a wrapper wraps, or None."""
    if isinstance(model, DistributedDataParallel | nn.DataParallel):
        inside: nn.Module = model.module
        return inside
    return model._modules.get("_orig_mod")  # so `torch.compile` has it; its class is slow to import
