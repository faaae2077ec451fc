"""What the events of a profile add up to: by part of a step, by module, in memory, in copies between devices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

MARK = "practicum/"
"""How the names of our own ranges begin: "practicum/forward/NAME" for a module, "practicum/loss" and so on."""

PARTS = ("forward", "loss", "backward", "optimiser")
"""Of a training step, in their order."""

EVALUATE = "autograd::engine::evaluate_function"
"""How the events begin in which the engine runs one node of the backward pass."""

COPIES = ("Memcpy HtoD", "Memcpy DtoH")
"""How the GPU's events of copies from and to the host begin."""

Owner = tuple[str, str | None]
"""Part of the step, and the module, where it is one's."""


@dataclass(slots=True)
class Cost:
    """Seconds, bytes allocated and calls of something in a step, added up."""

    seconds: float = 0.0
    num_bytes: float = 0.0
    num_calls: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Costs of one step.

    Attributes:
        parts: by part of a step.
        forward: of each module itself, without the modules in it, by name.
        backward: of what a module's own forward pass made.
    """

    parts: dict[str, Cost] = field(default_factory=lambda: {name: Cost() for name in PARTS})
    forward: dict[str, Cost] = field(default_factory=dict)
    backward: dict[str, Cost] = field(default_factory=dict)


def tally(events: Iterable[Any], *, on_gpu: bool = False) -> list[Tally]:
    """Add up, step by step, what belongs to each part of it and to each module.

    Args:
        events: of `torch.profiler`, parents and children.
        on_gpu: whether the time and memory of the GPU count, not those of the CPU.

    Source:
        Bengio 2012, 5.1-03.
    """
    steps, end = list[Tally](), -math.inf
    owners, makers = dict[int, Owner | None](), dict[tuple[int, int], Owner]()
    for event in sorted(_on_cpu(events), key=lambda one: (one.time_range.start, -one.time_range.end)):
        owner = _owner(event, owners, makers)
        owners[id(event)] = owner
        if owner is None:
            continue
        if not steps or event.time_range.start >= end:
            steps, end = [*steps, Tally()], math.inf
        if event.name == f"{MARK}{PARTS[-1]}":
            end = event.time_range.end
        part, module = owner
        found = steps[-1]
        if part == "forward" and event.sequence_nr >= 0:
            # The last operation that starts with a number is the one that makes the node of this number.
            makers[event.thread, event.sequence_nr] = owner
        costs = [found.parts[part]]
        if module is not None:
            costs.append((found.forward if part == "forward" else found.backward).setdefault(module, Cost()))
        for cost in costs:
            cost.seconds += (event.self_device_time_total if on_gpu else event.self_cpu_time_total) / 1e6
            cost.num_bytes += max(_own_bytes(event, on_gpu), 0)
        if event.name.startswith(f"{MARK}forward/"):
            costs[-1].num_calls += 1
    return steps


def typical(steps: Sequence[Tally]) -> Tally:
    """Return the medians of some steps: one that was held up changes nothing."""
    found = Tally()
    for name, kind in (("parts", found.parts), ("forward", found.forward), ("backward", found.backward)):
        costs = [getattr(step, name) for step in steps]
        for key in dict.fromkeys(key for one in costs for key in one):
            each = [one.get(key, Cost()) for one in costs]
            kind[key] = Cost(
                median(one.seconds for one in each),
                median(one.num_bytes for one in each),
                median(one.num_calls for one in each),
            )
    return found


def num_copies(events: Iterable[Any]) -> int:
    """Return how many times something was copied between host and device; of the CPU alone it is 0.

    Source:
        Bengio 2012, 5.1-03.
    """
    return sum(event.name.startswith(COPIES) for event in events)


def peak_bytes(events: Iterable[Any], *, on_gpu: bool = False) -> int:
    """Return the most memory that was held at once, above what there was before.

    Args:
        events: of `torch.profiler`, with memory.
        on_gpu: whether the memory of the GPU is meant.
    """
    held = most = 0
    for event in sorted(_on_cpu(events), key=lambda one: one.time_range.start):
        held += _own_bytes(event, on_gpu)
        most = max(most, held)
    return most


def _on_cpu(events: Iterable[Any]) -> list[Any]:
    """Return what ran on the CPU; the work of a GPU is also counted by the event that ordered it."""
    return [one for one in events if str(one.device_type).endswith("CPU")]


def _own_bytes(event: Any, on_gpu: bool) -> int:
    return int(event.self_device_memory_usage if on_gpu else event.self_cpu_memory_usage)


def _owner(event: Any, owners: dict[int, Owner | None], makers: dict[tuple[int, int], Owner]) -> Owner | None:
    """Return to what an event belongs: to itself, to the maker of its node, or to whatever its parent does."""
    name = event.name
    if name.startswith(MARK):
        part, _, module = name.removeprefix(MARK).partition("/")
        return part, module if part == "forward" else None
    if name.startswith(EVALUATE):
        _, module = makers.get((event.fwd_thread, event.sequence_nr), ("", None))
        return "backward", module
    return owners.get(id(event.cpu_parent)) if event.cpu_parent is not None else None
