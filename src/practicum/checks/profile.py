"""Where time and memory of a training step go: forward, loss, backward, optimiser, and module by module.

A few steps of a copy run under PyTorch's profiler. An operation of the backward pass belongs to the module whose
forward pass made it. Source: Bengio 2012, 5.1-03 (find with a profiler what runs where).
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.profiler import ProfilerActivity, record_function

from practicum.checks.criterion import Criterion, Loss
from practicum.checks.doubles import same_draws
from practicum.checks.profile_events import MARK, Tally, num_copies, peak_bytes, tally, typical
from practicum.checks.profile_table import ModuleCost, PartCost, Profile
from practicum.core.errors import ConfigError

NUM_STEPS = 5
"""Steps that are timed, and as many that count under the profiler."""

LONG_STEP = 1.0
"""Seconds; of a longer step one is timed, and one profiled."""

QUIET = {"KINETO_LOG_LEVEL": "99"}
"""Keeps the profiler's own chatter off stderr."""

Factory = Callable[[list[nn.Parameter]], Optimizer]


def profile_steps(
    model: nn.Module,
    loss: Loss,
    inputs: Any,
    targets: Any,
    *,
    optimizer: Factory | None = None,
    num_steps: int = NUM_STEPS,
    seed: int = 0,
) -> Profile:
    """Return where the time and the memory of a training step go.

    Args:
        model: in the mode, training or evaluation, that is meant. A copy is trained.
        loss: of the model's output and ``targets``, a scalar.
        inputs: what the model takes: a tensor, or a tuple of arguments. All rows are one minibatch.
        targets: as the loss takes them.
        optimizer: makes an optimiser of parameters; plain SGD without it, at rate 0, so that no number runs away.
        num_steps: that are timed, and as many that are profiled; one of each where a step takes above a second.
        seed: of what the model draws itself.

    Raises:
        ConfigError: if ``num_steps`` is not positive, or the loss is no finite scalar with a gradient.

    Source:
        Bengio 2012, 5.1-03.

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        >>> found = profile_steps(model, nn.functional.mse_loss, torch.randn(5, 3), torch.randn(5, 1))
        >>> [part.name for part in found.parts], found.num_copies
        (['forward', 'loss', 'backward', 'optimiser'], 0.0)
    """
    if num_steps < 1:
        raise ConfigError(
            f"`num_steps` must be positive, but got {num_steps}. Leave it out for {NUM_STEPS}.",
            num_steps=num_steps,
        )
    criterion = Criterion(model, loss, inputs, targets, seed=seed, double=False)
    parameters = [one for one in criterion.model.parameters() if one.requires_grad]
    device = parameters[0].device
    stepped = torch.optim.SGD(parameters, lr=0.0) if optimizer is None else optimizer(parameters)
    with same_draws(seed):
        seconds, num_steps = _timed(criterion, stepped, device, num_steps)
        with (
            _ranges(criterion.model),
            _quiet(),
            torch.profiler.profile(activities=_activities(device), profile_memory=True) as profiler,
        ):
            for _ in range(num_steps + 1):
                _step(criterion, stepped)
    events = profiler.events() or ()
    on_gpu = device.type == "cuda"
    costs = typical(tally(events, on_gpu=on_gpu)[1:])  # the profiler is slow at first
    whole = sum(one.seconds for one in costs.parts.values())
    return Profile(
        parts=tuple(
            PartCost(name, one.seconds / whole, one.seconds / whole * seconds, int(one.num_bytes))
            for name, one in costs.parts.items()
        ),
        modules=_modules(criterion.model, costs, whole, seconds),
        seconds=seconds,
        profiled_seconds=whole,
        parameter_bytes=sum(one.numel() * one.element_size() for one in criterion.model.parameters()),
        peak_bytes=peak_bytes(events, on_gpu=on_gpu),
        num_copies=num_copies(events) / (num_steps + 1),
        device=str(device),
        num_rows=criterion.num_rows,
        num_steps=num_steps,
        optimizer=type(stepped).__name__,
    )


def _timed(
    criterion: Criterion, optimizer: Optimizer, device: torch.device, num_steps: int
) -> tuple[float, int]:
    """Return the seconds of a step that nobody watches, the median of some; and how many were found bearable."""
    _step(criterion, optimizer)  # the first one makes what is made once
    spent: list[float] = []
    while len(spent) < num_steps:
        _wait(device)
        began = time.perf_counter()
        _step(criterion, optimizer)
        _wait(device)
        spent.append(time.perf_counter() - began)
        if spent[-1] > LONG_STEP:
            break
    return statistics.median(spent), len(spent)


def _step(criterion: Criterion, optimizer: Optimizer) -> None:
    """Make one training step; the forward pass is marked by the hooks of the model itself."""
    output = criterion.output()
    with record_function(f"{MARK}loss"):
        loss = criterion.loss(output, criterion.targets)
    with record_function(f"{MARK}backward"):
        loss.backward()  # type: ignore[no-untyped-call]
    with record_function(f"{MARK}optimiser"):
        optimizer.step()
        optimizer.zero_grad()


@contextmanager
def _ranges(model: nn.Module) -> Iterator[None]:
    """Mark in the profile when each module's forward pass begins and ends."""
    handles, running = [], list[record_function]()

    def opening(name: str) -> Callable[..., None]:
        def enter(_module: nn.Module, _given: Any) -> None:
            running.append(record_function(f"{MARK}forward/{name}"))
            running[-1].__enter__()  # type: ignore[no-untyped-call]

        return enter

    def leave(_module: nn.Module, _given: Any, _returned: Any) -> None:
        running.pop().__exit__(None, None, None)

    for name, module in model.named_modules():
        handles.append(module.register_forward_pre_hook(opening(name)))
        handles.append(module.register_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the profiler from writing to stderr, unless somebody wants it to."""
    added = {name: value for name, value in QUIET.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _activities(device: torch.device) -> Sequence[ProfilerActivity]:
    gpu = [ProfilerActivity.CUDA] if device.type == "cuda" else []
    return [ProfilerActivity.CPU, *gpu]


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _modules(model: nn.Module, costs: Tally, whole: float, seconds: float) -> tuple[ModuleCost, ...]:
    """Return what each module that was called costs, the dearest first."""
    found = []
    for name, module in model.named_modules():
        forward, backward = costs.forward.get(name), costs.backward.get(name)
        if forward is None:
            continue
        spent = [0.0 if one is None else one.seconds / whole for one in (forward, backward)]
        found.append(
            ModuleCost(
                name=name,
                kind=type(module).__name__,
                num_calls=forward.num_calls,
                forward_seconds=spent[0] * seconds,
                backward_seconds=spent[1] * seconds,
                share=sum(spent),
                num_bytes=int(forward.num_bytes),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.share))
