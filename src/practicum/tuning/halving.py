"""Early leavers across trials: at each rung the better third of a pack goes on, if all trials so far confirm it.

Successive halving that never waits: a pack is judged against itself and the packs before it, so that a late pack whose
settings are all poor ends at its first rung, and results do not depend on which pack was trained first.
Source: Bengio 2012, 3.3-07 (cheap surrogates pick survivors); after the chapter: Jamieson & Talwalkar 2016 (successive
halving), Li et al. 2020 (asynchronous). `benchmarks/lcbench.py` measures it against the plain baseline.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping

from practicum.core.errors import ConfigError
from practicum.engine.racer import Judge


class Halving:
    """Lets a trial go on that is among the best 1/η of its pack and among the best 1/η of all trials seen there.

    It is called for one pack after another at each rung, and keeps by rung what it was told; so what it says of a pack
    depends on the packs before it, never on those after it. Shares are rounded up: of one trial alone, one goes on.
    Equal errors are told apart by the trials' numbers within the pack; against earlier packs, the tie is in favour.

    Args:
        reduction: one in so many goes on, η.

    Raises:
        ConfigError: if ``reduction`` is not above 1.

    Source:
        Bengio 2012, 3.3-07.
        NOTE[DIFF]: asynchronous halving asks only for the best 1/η of all so far. Of a search that gets better this
        lets most of each new pack go on; so the pack itself is halved too.

    Example:
        >>> judge = Halving(3)
        >>> sorted(judge(0, {0: 0.30, 1: 0.20, 2: 0.10, 3: 0.40}))
        [1, 2]
        >>> judge(0, {4: 0.50, 5: 0.60, 6: 0.70, 7: 0.80})  # all worse than what is known
        set()
    """

    def __init__(self, reduction: float = 3) -> None:
        if not reduction > 1:
            raise ConfigError(
                f"`reduction` must be > 1, but got reduction={reduction}. Use 3: one trial in three goes on.",
                reduction=reduction,
            )
        self._reduction = reduction
        self._seen: defaultdict[int, list[float]] = defaultdict(list)

    def __call__(self, rung: int, errors: Mapping[int, float]) -> set[int]:
        """Return the trials that go on.

        Args:
            rung: its number, from 0.
            errors: best error so far by trial; one that is not finite never goes on.
        """
        seen = self._seen[rung]
        seen += (_comparable(error) for error in errors.values())
        seen.sort()
        num_going = math.ceil(len(seen) / self._reduction)
        best = _best(errors, math.ceil(len(errors) / self._reduction))
        return {trial for trial in best if bisect_left(seen, errors[trial]) < num_going}


class Verdicts:
    """A judge that remembers who was given up at which rung; of a run that is repeated, one who says it again.

    Asked again, a judge need not be asked about the same: what the clock ended just after a rung was judged there, and
    in the repetition ends at it.

    Args:
        judge: decides.
        known: at which rung each trial was given up in the run that is repeated; nobody is asked then.

    Example:
        >>> verdicts = Verdicts(Halving(3))
        >>> sorted(verdicts(0, {0: 0.30, 1: 0.20, 2: 0.10, 3: 0.40})), verdicts.halted
        ([1, 2], {0: 0, 3: 0})
        >>> sorted(Verdicts(Halving(3), verdicts.halted)(0, {0: 0.30, 1: 0.20, 3: 0.40}))
        [1]
    """

    def __init__(self, judge: Judge, known: Mapping[int, int] | None = None) -> None:
        self._judge, self._known = judge, known
        self.halted: dict[int, int] = {}

    def __call__(self, rung: int, errors: Mapping[int, float]) -> set[int]:
        """Return the trials that go on."""
        if self._known is None:
            going = set(self._judge(rung, errors))
        else:
            going = {trial for trial in errors if self._known.get(trial) != rung}
        self.halted |= dict.fromkeys(sorted(errors.keys() - going), rung)
        return going


def _comparable(error: float) -> float:
    """Return ``error``, or infinity for what is no number."""
    return error if math.isfinite(error) else math.inf


def _best(errors: Mapping[int, float], count: int) -> set[int]:
    """Return the ``count`` best trials of finite error; of equals, those of the lower numbers."""
    finite = [trial for trial, error in errors.items() if math.isfinite(error)]
    return set(sorted(finite, key=lambda trial: (errors[trial], trial))[:count])
