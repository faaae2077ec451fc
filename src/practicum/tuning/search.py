"""A search: settings tried until there are enough, the time is over, or more would not pay.

Source: Bengio 2012, 3.3 and 3.4; when to stop the outer loop: 3.4-05.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

from practicum.engine.race import Judge
from practicum.tuning.arena import Arena, Limits
from practicum.tuning.samplers.sampler import Sampler
from practicum.tuning.setting import Setting
from practicum.tuning.trial import Tried

End = Literal["all tried", "time", "flat", "interrupted"]

TIE = 0.5
"""Standard errors; the least of many noisy errors is too good by about as much [3.1-13, 3.3-02]."""


@dataclass(slots=True)
class Found:
    """What a search tried.

    Attributes:
        settings: in the order of their numbers.
        end: why it ended.
        saved: settings that were allowed but not tried, since more would not have paid.
    """

    settings: list[Setting] = field(default_factory=list)
    end: End = "all tried"
    saved: int = 0

    @property
    def tried(self) -> list[Tried]:
        """What a strategy sees of them."""
        return [setting.tried for setting in self.settings]

    @property
    def ranked(self) -> list[Setting]:
        """All that reached a finite error, the best first; those that were not given up go before the others."""
        usable = [setting for setting in self.settings if math.isfinite(setting.tried.error)]
        return sorted(usable, key=_rank)

    @property
    def best(self) -> Setting | None:
        """The best; of errors that few rows cannot tell apart (within :data:`TIE` standard errors) the loss decides."""
        ranked = self.ranked
        if not ranked:
            return None
        first = ranked[0].tried
        margin = TIE * first.standard_error if math.isfinite(first.standard_error) else 0.0
        tied = [
            one
            for one in ranked
            if one.tried.error <= first.error + margin and _class(one) == _class(ranked[0])
        ]
        return min(tied, key=_loss)


def search(
    arena: Arena,
    sampler: Sampler,
    judge: Judge,
    num_settings: int,
    limits: Limits,
    *,
    first: int = 0,
    enough: Callable[[Sequence[Tried]], bool] = lambda _: False,
    listen: Callable[[list[Setting]], None] = lambda _: None,
) -> Found:
    """Try up to ``num_settings`` settings.

    Args:
        arena: trains them.
        sampler: proposes.
        judge: says at each rung who goes on.
        num_settings: at most.
        limits: of time.
        first: number of the first setting.
        enough: asked after each pack, in order, whether more would not pay; what was begun beyond is left out, so
            that timing decides nothing.
        listen: told of each pack, in order.
    """
    found = Found()
    with closing(arena.run(sampler, judge, num_settings, limits, first)) as packs:
        for some in packs:
            settings = [setting for setting in some if setting.tried.age]  # others were never begun
            found.settings += settings
            listen(settings)
            if arena.most_kept is not None:
                lighten(found, arena.most_kept)
            if enough(found.tried):
                found.end, found.saved = "flat", num_settings - len(found.settings)
                break
    found.settings.sort(key=lambda setting: setting.tried.number)
    if limits.stop():
        found.end = "interrupted"
    elif found.end == "all tried" and any(
        result.status == "budget" for setting in found.settings for result in setting.results
    ):
        found.end = "time"
    return found


def lighten(found: Found, most_kept: int) -> None:
    """Let go of the weights of all but the best ``most_kept`` settings: many of a large module fill the memory."""
    heavy = {id(setting) for setting in found.ranked[:most_kept]}
    if found.best is not None:
        heavy.add(id(found.best))
    found.settings = [one if id(one) in heavy else one.without_weights() for one in found.settings]


def _class(setting: Setting) -> int:
    """Return 0 for a setting that was not given up, 1 for one that was, 2 for one that blew up."""
    if setting.tried.diverged:
        return 2
    return int(any(result.status == "halted" for result in setting.results))


def _rank(setting: Setting) -> tuple[int, float, float, int]:
    return (_class(setting), setting.tried.error, _loss(setting), setting.tried.number)


def _loss(setting: Setting) -> float:
    return sum(result.valid_loss for result in setting.results) / len(setting.results)
