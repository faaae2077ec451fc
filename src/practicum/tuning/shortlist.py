"""Who enters the finals, and with which recipe: the best few settings, their length, a rate that falls to its end.

Source: Bengio 2012, 3.2-35; that only the best few may have a schedule that ends is after the chapter (decision 0014).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from practicum.recipe import Recipe
from practicum.recipe.space import Space
from practicum.tuning.arena import in_folds
from practicum.tuning.batch_size import BatchSizes, sized_values
from practicum.tuning.effort import Effort
from practicum.tuning.finals import NUM_FINALISTS, Asked
from practicum.tuning.procedure import Hunt
from practicum.tuning.samplers.sampler import Values
from practicum.tuning.setting import Setting

NORMALISED = ("adam", "adamw")
"""Rules whose steps are about as long as the rate, whatever the gradient."""

RATE = "learning_rate"
SCHEDULE = ("schedule", "schedule_steps", "decay_start_step")
"""Where one of these is searched, the rate's course is what the search chose."""


def ranked(hunted: Hunt) -> list[Setting]:
    """Return the settings of a search, the best first; where few rows cannot tell errors apart the loss decides."""
    best = hunted.found.best
    assert best is not None
    return [best, *(one for one in hunted.found.ranked if one is not best)]


def best_few(settings: Sequence[Setting], count: int = NUM_FINALISTS) -> list[Setting]:
    """Return the first ``count`` of ``settings``, which stand the best first; two of equal values count once."""
    found: list[Setting] = []
    for setting in settings:
        if len(found) == count:
            break
        if all(setting.tried.values != other.tried.values for other in found):
            found.append(setting)
    return found


def entering(effort: Effort, hunted: Hunt) -> list[Setting]:
    """Return the settings that enter: those that were decided, or the best few."""
    known = {setting.tried.number: setting for setting in hunted.found.settings}
    if effort.entering and all(number in known for number in effort.entering):
        return [known[number] for number in effort.entering]
    return best_few(ranked(hunted))


def shortlist(effort: Effort, hunted: Hunt, num_valid: int) -> list[Asked]:
    """Return what the finals train: the best few settings, the first of them perhaps with another batch size.

    Args:
        effort: with how long each trains, as far as that is decided.
        hunted: what the search gave.
        num_valid: validation rows.
    """
    settings = entering(effort, hunted)
    asked = [_asked(effort, setting, num_valid) for setting in settings]
    if hunted.batch_sizes is not None and hunted.batch_sizes.changed:
        asked = [_resized(effort, settings[0], hunted.batch_sizes, num_valid), *asked][: len(asked)]
    return asked


def cooled(recipe: Recipe) -> Recipe:
    """Return ``recipe`` with a rate that falls to nothing at its end and is the same on average, if it was constant.

    Only those who stay have it: while trials are compared, a schedule that ends would make it unfair. And only rules
    that divide by the gradient's size: momentum's best rate is near the largest that is stable [2.1-02], and cannot be
    doubled. After the chapter, whose own schedule is that of ``decay_start_step``.
    """
    constant = recipe.schedule == "power" and recipe.decay_start_step is None
    if not constant or recipe.num_steps is None or recipe.update_rule not in NORMALISED:
        return recipe
    rate, length = 2 * recipe.learning_rate, recipe.num_steps
    return recipe.changed(schedule="linear", schedule_steps=length, learning_rate=rate)


def patient(setting: Setting, age: int) -> bool:
    """Return whether patience, not its length, ends a setting that trains for ``age`` examples, as in the search.

    Where the end is not known, a constant rate is at least as good (`docs/experiments.md`).
    """
    ends = [
        result.num_steps * result.recipe.batch_size if result.status == "patience" else math.inf
        for result in setting.results
    ]
    return max(ends) <= age


def before_cooling(recipe: Recipe, values: Values, space: Space) -> Recipe:
    """Return what :func:`cooled` made ``recipe`` of, the recipe of a finalist with ``values``; itself if it did not."""
    if not may_cool(space) or recipe.schedule == space.base.schedule:
        return recipe
    base = space.base
    return recipe.changed(
        schedule=base.schedule, schedule_steps=base.schedule_steps, learning_rate=values[RATE]
    )


def may_cool(space: Space) -> bool:
    """Return whether the rate's course is open: the rate was searched, and nothing of a schedule.

    Example:
        >>> may_cool(Space.preset("default")), may_cool(Space.preset("default").fixed(learning_rate=0.001))
        (True, False)
    """
    return RATE in space and not any(name in space for name in SCHEDULE)


def _asked(effort: Effort, setting: Setting, num_valid: int) -> Asked:
    """Return what ``setting`` trains in the finals."""
    return _entered(effort, setting, effort.space.recipe(setting.tried.values), num_valid)


def _resized(effort: Effort, setting: Setting, sizes: BatchSizes, num_valid: int) -> Asked:
    """Return what ``setting`` trains in the finals with the batch size that is best at equal time."""
    recipe = sizes.applied(effort.space.recipe(setting.tried.values))
    resized = _entered(effort, setting, recipe, num_valid, sizes.longer)
    return replace(resized, values=sized_values(setting.tried.values, recipe))


def _entered(effort: Effort, setting: Setting, recipe: Recipe, num_valid: int, longer: float = 1.0) -> Asked:
    """Return ``recipe`` with its length; its rate falls only where its end is known."""
    number = setting.tried.number
    lengths = effort.lengths_of(number)
    lengths = replace(lengths, final=round(lengths.final * longer))
    trained = lengths.trained(recipe, num_valid, final=True)
    ends = bool(effort.final_ages) and not patient(setting, lengths.final)
    if ends and may_cool(effort.space):
        trained = cooled(trained)
    return Asked(number, dict(setting.tried.values), in_folds(trained, effort.num_folds))
