"""How many trials of one shape should share a program on this machine: measured once, kept in the user's cache.

Packing pays for small nets and costs for some large ones, and more trials than the cache holds are slower again; no
formula knows. The measurement takes under two seconds and changes no number of any run: what it chose is part of the
run's layout.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

SECONDS = 1.6
"""Aim for one measurement; warming up comes on top."""

SIZES = (2, 4, 8, 16, 32, 64)
WORSE = 1.25
"""A pack size whose time per trial is so many times the best one's ends the search for larger ones."""

TIE = 1.03
"""Sizes so near the best cannot be told apart; the largest of them is taken, which makes fewer packs."""

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Crossover:
    """What was measured.

    Attributes:
        alone_seconds: time of one update of one trial by itself.
        packed_seconds: time per trial of one update, by the number of trials in the pack.
    """

    alone_seconds: float
    packed_seconds: dict[int, float]

    @property
    def size(self) -> int:
        """The number of trials of the fastest pack; 1 where one by one is fastest.

        Example:
            >>> Crossover(1.0, {2: 0.8, 8: 0.5}).size, Crossover(1.0, {2: 1.2}).size
            (8, 1)
        """
        best = min(self.packed_seconds.values(), default=float("inf"))
        if best >= self.alone_seconds:
            return 1
        return max(size for size, seconds in self.packed_seconds.items() if seconds <= TIE * best)


def measure(
    alone: Callable[[], Step],
    packed: Callable[[int], Step],
    num_trials: int,
    clock: Callable[[], float] = time.perf_counter,
) -> Crossover:
    """Time one update alone and in packs of growing size.

    Args:
        alone: makes a function that does one update of one trial.
        packed: the same for a pack of so many trials.
        num_trials: there are no more.
        clock: seconds that only grow.
    """
    sizes = sorted({size for size in SIZES if size < num_trials} | ({num_trials} & set(range(2, 65))))
    share = SECONDS / (len(sizes) + 1)
    # PyTorch's first backward passes are slow whatever they compute, so the first measurement is thrown away.
    typical_seconds(alone(), share / 8, clock)
    alone_seconds = typical_seconds(alone(), share, clock)
    found: dict[int, float] = {}
    for size in sizes:
        found[size] = typical_seconds(packed(size), share, clock) / size
        if found[size] > WORSE * min(found.values()):
            break
    return Crossover(alone_seconds, found)


def typical_seconds(
    step: Step, seconds: float = 0.3, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the median time of ``step``, called for about ``seconds``, at least twice.

    Example:
        >>> typical_seconds(lambda: None, 0.01) < 0.01
        True
    """
    step()
    taken: list[float] = []
    end = clock() + seconds
    while len(taken) < 2 or (clock() < end and len(taken) < 1000):
        start = clock()
        step()
        taken.append(clock() - start)
    return statistics.median(taken)


class Cache:
    """Measurements kept in a file of the user's cache folder; a damaged or unwritable file is no matter.

    Args:
        path: the file; in ``$XDG_CACHE_HOME/practicum`` or ``~/.cache/practicum`` without it.
    """

    def __init__(self, path: Path | None = None) -> None:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.path = path or Path(base) / "practicum" / "crossover.json"

    def get(self, key: str) -> Crossover | None:
        """Return what was measured for ``key`` on this machine."""
        try:
            found = self._read()[key]
            packed = {int(size): float(seconds) for size, seconds in found["packed"].items()}
            return Crossover(float(found["alone"]), packed)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def put(self, key: str, found: Crossover) -> None:
        """Keep ``found``; the file is replaced whole."""
        known = self._read()
        known[key] = {"alone": found.alone_seconds, "packed": found.packed_seconds}
        temporary = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(known), encoding="utf-8")
            temporary.replace(self.path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def key_of(*parts: object) -> str:
    """Return a short name for this machine, this PyTorch, its threads and ``parts``."""
    machine = (
        platform.node(),
        platform.machine(),
        os.cpu_count(),
        torch.__version__,
        torch.get_num_threads(),
    )
    text = "\n".join(map(str, (*machine, *parts)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def measured(cache: Cache, key: str, sizes: Sequence[int], run: Callable[[], Crossover]) -> Crossover:
    """Return what the cache knows of ``key`` for packs of these ``sizes``, or ``run`` the measurement and keep it."""
    name = f"{key}/{max(sizes, default=1)}"
    found = cache.get(name)
    if found is None:
        found = run()
        cache.put(name, found)
    return found
