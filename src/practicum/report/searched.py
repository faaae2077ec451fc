"""The parts of the summary that tell of the search: what was tried, what it means, what time decided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from practicum.core import parts
from practicum.core.found import FinalistScore, Search
from practicum.diagnose.fitting import rate_ratio_text
from practicum.engine.result import Result
from practicum.training.pack import validation_interval
from practicum.tuning.analysis.conclusion import analyse
from practicum.tuning.analysis.pairs import compare
from practicum.tuning.effort import Effort
from practicum.tuning.finals import Finalist
from practicum.tuning.learning_rate import RateFound, rate_found
from practicum.tuning.procedure import Hunt

ENDS = {
    "all tried": "all settings that were planned were tried",
    "time": "its share of the time was over",
    "flat": "trying more would not have paid",
    "interrupted": "Ctrl-C",
}
"""Why a search ended, in words."""


def learning_rate_part(hunted: Hunt | None, best: float) -> parts.LearningRate | None:
    """Return what the search says of the learning rate; None where nothing was searched."""
    if hunted is None:
        return None
    found = rate_found(hunted.found.settings, best)
    return parts.LearningRate(
        best=best,
        largest_stable=found.largest_stable,
        smallest_diverged=found.smallest_diverged,
        ratio=best / found.largest_stable if found.largest_stable else None,
        resolved_factor=found.resolved_factor,
        extended="learning_rate" in hunted.extended,
        at_border=False,
        text=_rate_text(found),
    )


def _rate_text(found: RateFound) -> str:
    if found.alone:
        return rate_ratio_text(
            found.best, found.largest_stable, found.smallest_diverged, found.resolved_factor
        )
    text = f"The best setting has a learning rate of {found.best:.3g}."
    if found.smallest_diverged is None:
        return f"{text} No setting of a higher rate diverged."
    return f"{text} From {found.smallest_diverged:.3g} on, settings diverged."


def search_part(
    hunted: Hunt | None,
    effort: Effort | None,
    finalists: Sequence[Finalist],
    results: Sequence[Result],
    num_valid: int,
) -> Search | None:
    """Return everything that is to be said of the search; None where nothing was searched."""
    if hunted is None or effort is None:
        return None
    tried = hunted.found.tried
    concluded = analyse(tried, hunted.space)
    best = hunted.found.best
    compared = compare([finalist.errors for finalist in finalists])
    return Search(
        strategy=effort.sampler,
        space=effort.space.as_mapping(),
        num_settings=len(tried),
        num_folds=effort.num_folds,
        num_halted=sum(any(r.status == "halted" for r in s.results) for s in hunted.found.settings),
        num_diverged=sum(one.diverged for one in tried),
        end=_end_text(hunted),
        seconds_a_setting=float(np.mean([one.cost for one in tried])) if tried else math.nan,
        decisions=decisions(hunted, effort, results, num_valid),
        sentences=list(concluded.sentences()),
        conclusion=concluded.as_data(),
        best_error=best.tried.error if best else math.nan,
        corrected_error=concluded.corrected_error,
        finalists=[_finalist(finalist, place == 0) for place, finalist in enumerate(finalists)],
        comparison=compared.text,
    )


def _end_text(hunted: Hunt) -> str:
    text = ENDS[hunted.found.end]
    if hunted.found.saved:
        text += f"; {hunted.found.saved} settings were saved"
    return text


def _finalist(finalist: Finalist, chosen: bool) -> FinalistScore:
    errors = finalist.errors[np.isfinite(finalist.errors)]
    mean = float(errors.mean()) if len(errors) else math.nan
    low = high = mean
    if len(errors) > 1:
        from scipy.special import stdtrit

        half = float(stdtrit(len(errors) - 1, 0.975) * errors.std(ddof=1) / math.sqrt(len(errors)))
        low, high = mean - half, mean + half
    return FinalistScore(
        number=finalist.number,
        values={name: _plain(value) for name, value in finalist.values.items()},
        errors=[float(error) for error in finalist.errors],
        mean=mean,
        interval=(low, high),
        chosen=chosen,
    )


def decisions(hunted: Hunt, effort: Effort, results: Sequence[Result], num_valid: int) -> dict[str, Any]:
    """Return what time decided: how many settings each phase tried, and where it ended trainings."""
    races = [race_of(setting.tried.phase) for setting in hunted.found.settings]
    cut = {}
    for result in results:
        if result.status in ("budget", "stopped"):
            recipe = result.recipe
            every = recipe.validate_every_steps or validation_interval(num_valid, recipe.batch_size)
            # Up to the last validation: what came after it left no trace.
            cut[str(result.trial)] = max(1, result.num_steps // every * every)
    return {
        **effort.as_plain(),
        "phases": {race: races.count(race) for race in dict.fromkeys(races)},
        "cut": cut,
    }


def race_of(phase: str) -> str:
    """Return which race a phase belongs to: a strategy may tell several phases of one.

    Example:
        >>> race_of("zoom 1"), race_of("extended")
        ('search', 'extended')
    """
    return phase if phase == "extended" else "search"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
