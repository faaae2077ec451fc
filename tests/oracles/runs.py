"""Trials trained side by side, as one line."""

from __future__ import annotations

from practicum.engine.plans.layout import dealt
from practicum.engine.plans.plan import Plan
from practicum.engine.run import run


def side_by_side(recipes, task, num_workers, record=None):
    """Return the results of ``recipes``, of equal structure, by trial: a pack for each worker."""
    packs = dealt(range(len(recipes)), len(recipes), num_workers)
    plans = [Plan([recipes[k] for k in pack], task, pack) for pack in packs]
    return sorted(run(plans, num_workers=num_workers, record=record), key=lambda result: result.trial)
