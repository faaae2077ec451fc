"""The parts of the summary that tell of the search: what was tried, what it means, what time decided."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from practicum.core import parts
from practicum.core.found import FinalistScore, Search
from practicum.core.record import Record
from practicum.diagnose.fitting import rate_ratio_text
from practicum.engine.result import Result
from practicum.report.beside import batch_sizes_part, grid_part
from practicum.tuning.analysis.conclusion import analyse
from practicum.tuning.analysis.pairs import compare
from practicum.tuning.cuts import FINALS, cuts_of
from practicum.tuning.effort import Effort
from practicum.tuning.finals import Finalist
from practicum.tuning.learning_rate import RateFound, rate_found
from practicum.tuning.procedure import EXTENDED, SHORT, Hunt


def learning_rate_part(hunted: Hunt | None, best: float) -> parts.LearningRate | None:
    """Return what the search says of the learning rate; None where nothing was searched."""
    if hunted is None:
        return None
    found = rate_found(hunted.found.settings, best)
    # Where other settings varied too, a stable rate of one is none of another.
    stable = found.largest_stable if found.alone else None
    return parts.LearningRate(
        best=best,
        largest_stable=stable,
        smallest_diverged=found.smallest_diverged,
        ratio=best / stable if stable else None,
        resolved_factor=found.resolved_factor,
        extended="learning_rate" in hunted.extended,
        text=_rate_text(found),
    )


def _rate_text(found: RateFound) -> str:
    if found.alone:
        return rate_ratio_text(
            found.best, found.largest_stable, found.smallest_diverged, found.resolved_factor
        )
    text = f"The best setting has a learning rate of {found.best:.3g}."
    if found.smallest_diverged is None:
        return f"{text} No setting of a higher rate blew up or ended above its start."
    return f"{text} From {found.smallest_diverged:.3g} on, some blew up or ended above their start."


def search_part(
    hunted: Hunt | None,
    effort: Effort,
    finalists: Sequence[Finalist],
    shared_noise: float,
) -> Search | None:
    """Return everything that is to be said of the search; None where nothing was searched.

    Args:
        hunted: the search.
        effort: how much was allowed.
        finalists: the best few, the chosen one first.
        shared_noise: share of the validation rows' noise that all trainings have in common.
    """
    if hunted is None:
        return None
    tried = hunted.found.tried
    concluded = analyse(tried, hunted.space, shared_noise)
    best = hunted.found.best
    compared = compare([finalist.errors for finalist in finalists])
    return Search(
        strategy=effort.sampler,
        space=hunted.space.as_mapping(),
        num_settings=len(tried),
        num_folds=effort.num_folds,
        num_halted=sum(one.halted and one.number not in hunted.stopped for one in tried),
        stopped={str(number): stop.reason for number, stop in hunted.stopped.items()},
        num_diverged=sum(one.diverged for one in tried),
        end=hunted.end_text,
        seconds_a_setting=float(np.mean([one.cost for one in tried])) if tried else math.nan,
        sentences=[*hunted.extended_texts, *concluded.sentences()],
        conclusion=concluded.as_data(),
        best_error=best.tried.error if best else math.nan,
        corrected_error=concluded.corrected_error,
        shared_noise=shared_noise,
        finalists=[_finalist(finalist, place == 0) for place, finalist in enumerate(finalists)],
        comparison=compared.text,
        batch_sizes=batch_sizes_part(hunted.batch_sizes, timed=effort.aside.batch_size > 0),
        grid=grid_part(hunted.grid),
    )


def _finalist(finalist: Finalist, chosen: bool) -> FinalistScore:
    errors = finalist.errors[np.isfinite(finalist.errors)]
    mean = float(errors.mean()) if len(errors) else math.nan
    low = high = math.nan  # of one seed nobody knows
    if len(errors) > 1:
        from scipy.special import stdtrit

        half = float(stdtrit(len(errors) - 1, 0.975) * errors.std(ddof=1) / math.sqrt(len(errors)))
        low, high = mean - half, mean + half
    return FinalistScore(
        number=finalist.number,
        values=plain_values(finalist.values),
        errors=[float(error) for error in finalist.errors],
        mean=mean,
        interval=(low, high),
        chosen=chosen,
    )


def decisions_of(
    hunted: Hunt | None,
    effort: Effort,
    results: Sequence[Result],
    phases: Mapping[int, str],
    record: Record,
) -> dict[str, Any]:
    """Return what time decided: which settings the search tried, which finals were begun, where it ended trainings.

    Args:
        hunted: the search; ``None`` where a recipe was given.
        effort: how much was allowed.
        results: of all trainings that were begun.
        phases: name of the phase of each training, by number.
        record: of their validations.
    """
    settings = [] if hunted is None else hunted.found.settings
    tried: dict[str, list[int]] = {"recipe" if hunted is None else FINALS: []}
    for trial, phase in phases.items():
        if phase in (FINALS, "recipe", "batch_size", "grid"):
            tried.setdefault(phase, []).append(trial)
    for setting in settings:
        tried.setdefault(race_of(setting.tried.phase), []).append(setting.tried.number)
    known = {result.trial: result for setting in settings for result in setting.results}
    known |= {result.trial: result for result in results}
    halted = {} if hunted is None else {str(number): rung for number, rung in hunted.halted.items()}
    stops = {} if hunted is None else hunted.stopped
    stopped = {str(number): stop.plain for number, stop in stops.items()}
    cut = cuts_of(known.values(), record)
    return {**effort.as_plain(), "phases": tried, "cut": cut, "halted": halted, "stopped": stopped}


def race_of(phase: str) -> str:
    """Return which race a phase belongs to: a strategy may tell several phases of one.

    Example:
        >>> race_of("zoom 1"), race_of("extended 2"), race_of("wide short")
        ('search', 'extended 2', 'short')
    """
    if phase.endswith(SHORT):
        return SHORT
    return phase if phase.startswith(EXTENDED) else "search"


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON has them, which knows no tuples.

    Example:
        >>> plain_values({"hidden_sizes": (64, 32)})
        {'hidden_sizes': [64, 32]}
    """
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
