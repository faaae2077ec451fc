"""The search for the learning rate, the one hyper-parameter to tune if only one [3.1-01].

Wide first, in log steps over the whole range, as one pack; beyond the border if the best lies on it [3.3-03]; then
finer around the best, to within a factor of 2 [3.3-10]. All trials see the same minibatches, so they differ by their
rate alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from practicum.core.guide.settings import SETTINGS
from practicum.engine.phase import Phase, Result
from practicum.recipe import Recipe
from practicum.tuning.rates import around, border, extension, learning_rate_grid

PhaseName = Literal["wide", "extended", "zoom"]

PER_DECADE = 2
TIE = 0.5
"""Standard errors of a fraction; the least of many noisy errors is too good by about as much [3.1-13, 3.3-02]."""

MAX_EXTENSIONS = 2
EXTENSION_COUNT = 2
ZOOM_COUNT = 5
WIDE_SHARE, EXTENSION_SHARE, ZOOM_SHARE = 0.25, 0.15, 0.4
"""Parts of the training time left when each phase begins; what they leave is the committee's."""

TrainPhase = Callable[[PhaseName, Sequence[Recipe], float], Phase]
"""Trains recipes in a named phase for a share of the time left."""


@dataclass(slots=True)
class RateSearch:
    """What was tried and what it says.

    Attributes:
        phases: name of each trial's phase, by trial number.
        results: of all trials, in the order of their numbers.
        extended: whether the range was extended.
        interrupted: whether Ctrl-C ended the search.
        num_valid: validation rows behind an error that is a fraction; ``None`` for regression.
    """

    phases: dict[int, PhaseName] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    extended: bool = False
    interrupted: bool = False
    num_valid: int | None = None

    @property
    def best(self) -> Result:
        """The trial of the lowest validation error among :meth:`candidates`.

        Errors that few rows cannot tell apart (within :data:`TIE` standard errors) are ties; the loss decides.
        """
        candidates = self.candidates()
        lowest = min(candidates, key=lambda result: result.rank)
        if self.num_valid is None or not math.isfinite(lowest.valid_error):
            return lowest
        # Half a row more wrong: no error at all in few rows is no certainty either.
        fraction = (lowest.valid_error * self.num_valid + 0.5) / (self.num_valid + 1)
        margin = TIE * math.sqrt(fraction * (1 - fraction) / self.num_valid)
        tied = [result for result in candidates if result.valid_error <= lowest.valid_error + margin]
        return min(tied, key=lambda result: result.valid_loss)

    def candidates(self) -> list[Result]:
        """Return the trials to choose from: those that did not diverge, if any; of them the zoom, trained longest.

        A zoom cut short, by Ctrl-C or by a tiny budget, has no such precedence.
        """
        finite = [r for r in self.results if math.isfinite(r.valid_error)]
        usable = [r for r in finite if r.status != "diverged"] or finite or self.results
        zoom = [r for r in usable if self.phases[r.trial] == "zoom"]
        before = [r for r in usable if self.phases[r.trial] != "zoom"]
        if not (zoom and before):
            return usable
        reached = min(before, key=lambda result: result.rank).num_steps
        return zoom if max(result.num_steps for result in zoom) >= reached else usable

    @property
    def rates(self) -> tuple[float, ...]:
        """All rates tried, ascending."""
        return tuple(sorted({result.recipe.learning_rate for result in self.results}))

    @property
    def largest_stable(self) -> float | None:
        """The largest rate below :attr:`smallest_diverged` [2.1-02]."""
        limit = self.smallest_diverged or math.inf
        return max(
            (r.recipe.learning_rate for r in self.results if r.recipe.learning_rate < limit), default=None
        )

    @property
    def smallest_diverged(self) -> float | None:
        """The smallest rate, from the best on, whose training loss diverged or ended above its start, or ``None``."""
        best = self.best
        above = [r for r in self.results if r is best or r.recipe.learning_rate > best.recipe.learning_rate]
        return min((r.recipe.learning_rate for r in above if not r.stable), default=None)

    @property
    def at_border(self) -> bool:
        """Whether the best rate is the smallest or the largest that was tried."""
        return border(self.rates, self.best.recipe.learning_rate) is not None

    @property
    def resolved_factor(self) -> float:
        """Ratio of the best rate to its nearest neighbour, > 1; ``nan`` when only one rate was tried."""
        best = self.best.recipe.learning_rate
        ratios = [max(best / rate, rate / best) for rate in self.rates if rate != best]
        return min(ratios, default=math.nan)


def wide_rates() -> tuple[float, ...]:
    """Return the rates tried first: the guide's whole range in log steps [3.1-02].

    Example:
        >>> len(wide_rates()), wide_rates()[0], wide_rates()[-1]
        (13, 1e-06, 1.0)
    """
    setting = SETTINGS["learning_rate"]
    assert setting.low is not None
    assert setting.high is not None
    return learning_rate_grid(setting.low, setting.high, PER_DECADE)


def find_learning_rate(base: Recipe, train: TrainPhase, num_valid: int | None = None) -> RateSearch:
    """Search the learning rate of ``base`` and return all that was tried.

    Args:
        base: every other setting.
        train: trains recipes that differ in their rate; the search decides which, the caller how.
        num_valid: validation rows, where the error is a fraction of them.

    Source:
        Bengio 2012, 3.1-01/02, 3.3-03, 3.3-05, 3.3-10.
    """
    search = RateSearch(num_valid=num_valid)

    def run(name: PhaseName, recipe: Recipe, rates: Sequence[float], share: float) -> None:
        phase = train(name, [recipe.changed(learning_rate=rate) for rate in rates], share)
        search.results += phase.results
        search.phases |= {result.trial: name for result in phase.results}
        search.interrupted |= phase.interrupted

    run("wide", base, wide_rates(), WIDE_SHARE)
    for _ in range(MAX_EXTENSIONS):
        side = border(search.rates, search.best.recipe.learning_rate)
        if side is None or search.interrupted or (side == "high" and not search.best.stable):
            break
        search.extended = True
        # As many updates as the others had: a comparison at equal age.
        equal = base.changed(num_steps=max(result.num_steps for result in search.results))
        run("extended", equal, extension(search.rates, side, EXTENSION_COUNT), EXTENSION_SHARE)
    if not search.interrupted and math.isfinite(search.best.valid_error):
        # Neighbours of the wide grid lie a factor 10^(1/2) apart; five rates fill the gap on both sides.
        factor = 10 ** (2 / 3 / PER_DECADE)
        run("zoom", base, around(search.best.recipe.learning_rate, factor, ZOOM_COUNT), ZOOM_SHARE)
    return search
