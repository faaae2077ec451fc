"""Which trials are trained together: grouped by shape, cut into packs, each packed or one by one.

A layout is data: it is written into the run and read back on resume and on a re-run, so that timing may choose it once
and never changes the numbers of a re-run.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from practicum.core.errors import RecordError

Way = Literal["packed", "alone"]
WAYS: tuple[Way, ...] = ("packed", "alone")


@dataclass(frozen=True, slots=True)
class PackPlan:
    """One pack to be: the numbers of its trials, and whether they run as one program or one by one."""

    trials: tuple[int, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class Layout:
    """How all trials of a run are trained.

    Attributes:
        packs: each trial stands in one of them.
        notes: what a user should know, one sentence each: which trials run one by one, and why.
        num_threads: that each worker uses in one operation of PyTorch.
    """

    packs: tuple[PackPlan, ...]
    notes: tuple[str, ...] = ()
    num_threads: int = 1

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        packs = [{"trials": list(pack.trials), "way": pack.way} for pack in self.packs]
        return {"packs": packs, "notes": list(self.notes), "num_threads": self.num_threads}

    @classmethod
    def from_data(cls, data: Any, num_trials: int) -> Layout:
        """Return the layout that :meth:`as_data` wrote.

        Raises:
            RecordError: if it is none, or one of other trials.
        """
        try:
            packs = tuple(PackPlan(tuple(map(int, one["trials"])), one["way"]) for one in data["packs"])
            notes, num_threads = tuple(map(str, data["notes"])), int(data["num_threads"])
        except (KeyError, TypeError, ValueError):
            raise RecordError(
                "`layout` must be one that this version of practicum wrote, but the saved one is not. "
                "Choose a new folder."
            ) from None
        trials = sorted(trial for pack in packs for trial in pack.trials)
        if trials != list(range(num_trials)) or any(pack.way not in WAYS for pack in packs):
            raise RecordError(
                f"`layout` must place each of the {num_trials} trials in one pack, but the saved one does not. "
                "Give the recipes with which the run was started, or a new folder."
            )
        return cls(packs, notes, max(1, num_threads))


def grouped(keys: Sequence[Hashable]) -> list[list[int]]:
    """Return the positions of equal ``keys``, in order of first appearance.

    Example:
        >>> grouped(["wide", "deep", "wide"])
        [[0, 2], [1]]
    """
    groups: dict[Hashable, list[int]] = {}
    for position, key in enumerate(keys):
        groups.setdefault(key, []).append(position)
    return list(groups.values())


def dealt(trials: Sequence[int], largest: int, num_workers: int = 1) -> list[tuple[int, ...]]:
    """Return ``trials`` dealt out into packs of nearly equal size.

    Args:
        trials: numbers of the trials.
        largest: most trials of one pack, ≥ 1.
        num_workers: at least so many packs, where there are as many trials, so that no worker idles.

    Example:
        >>> dealt(range(5), largest=4), dealt(range(4), largest=4, num_workers=2)
        ([(0, 2, 4), (1, 3)], [(0, 2), (1, 3)])
    """
    count = min(len(trials), max(-(-len(trials) // largest), num_workers))
    if count > num_workers:  # whole rounds, so that the last round leaves nobody idle
        count = min(len(trials), -(-count // num_workers) * num_workers)
    return [tuple(trials[start::count]) for start in range(count)]
