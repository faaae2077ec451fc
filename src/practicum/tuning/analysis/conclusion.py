"""All that one search says, in plain sentences and as data: the first thing to read after a search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import numpy as np

from practicum.recipe.space import Space
from practicum.tuning.analysis.border import Border, borders
from practicum.tuning.analysis.crowd import Crowd, crowds
from practicum.tuning.analysis.importance import Importance, importance_text, importances
from practicum.tuning.analysis.marginals import Marginal, marginals
from practicum.tuning.analysis.matters import Matters, matters
from practicum.tuning.analysis.optimism import SHARED, Optimism, winner_optimism
from practicum.tuning.analysis.outlook import Convergence, Outlook, expected_best, outlook
from practicum.tuning.analysis.pareto import Front, pareto
from practicum.tuning.analysis.positions import errors_of
from practicum.tuning.trial import Tried

WIDE = "wide"
"""Phase whose trials were drawn from the whole space; what holds for random trials only is asked of these."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a search says; parts that its trials cannot tell are None or empty.

    Attributes:
        num_tried: trials.
        num_diverged: trials whose loss blew up.
        num_without_error: these, and trials that time ended before a validation.
        num_halted: trials that the search ended early.
        borders: where the lowest error lies in each range.
        crowds: how many values were tried near the best.
        importances: of the entries, largest first.
        scientific: whether each entry of that role matters.
        convergence: expected best of N.
        outlook: what more trials should gain.
        optimism: of the winner's validation error.
        front: of error and cost.
        marginals: data for plots.
    """

    num_tried: int
    num_diverged: int
    num_without_error: int
    num_halted: int
    borders: tuple[Border, ...]
    crowds: tuple[Crowd, ...]
    importances: tuple[Importance, ...]
    scientific: tuple[Matters, ...]
    convergence: Convergence
    outlook: Outlook | None
    optimism: Optimism | None
    front: Front
    marginals: tuple[Marginal, ...]

    @property
    def corrected_error(self) -> float:
        """What the winner's validation error should be read as; ``nan`` where there is none."""
        return math.nan if self.optimism is None else self.optimism.corrected

    @property
    def diverged_text(self) -> str:
        """One sentence on the trials that diverged, or an empty string."""
        if not self.num_diverged:
            return ""
        share = f"{100 * self.num_diverged / self.num_tried:.0f} %"
        return f"{self.num_diverged} of {self.num_tried} trials diverged ({share})."

    def sentences(self) -> list[str]:
        """Return plain sentences, the most important first.

        What was answered badly by the space comes first (borders), then what is known of the error, then what to do.
        None holds a time: a run that is repeated says the same.
        """
        texts = [one.text for one in self.borders]
        if self.num_tried == self.num_without_error:
            texts.append(
                "No trial has an error: nothing can be concluded." if self.num_tried else "Nothing was tried."
            )
        texts.append(self.diverged_text)
        texts += [one.text for one in self.scientific]
        texts.append(importance_text(self.importances))
        texts.append("" if self.outlook is None else self.outlook.text)
        texts.append("" if self.optimism is None or self.optimism.num_compared < 2 else self.optimism.text)
        # Of the entries that matter: too few values of the others change nothing.
        clear = {one.name for one in self.importances if one.clear}
        texts += [one.text for one in self.crowds if one.name in clear]
        return [text for text in texts if text]

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; what is not finite is None, trials are their numbers."""
        data: dict[str, Any] = {
            "num_tried": self.num_tried,
            "num_diverged": self.num_diverged,
            "num_without_error": self.num_without_error,
            "num_halted": self.num_halted,
            "corrected_error": _plain(self.corrected_error),
            "front": [one.number for one in self.front.trials],
        }
        for name in (
            "borders",
            "crowds",
            "importances",
            "scientific",
            "convergence",
            "outlook",
            "optimism",
            "marginals",
        ):
            data[name] = _plain(getattr(self, name))
        return data


def analyse(tried: Sequence[Tried], space: Space, shared_noise: float = SHARED) -> Conclusion:
    """Return everything that the trials of one search say.

    Args:
        tried: finished trials, however many.
        space: what was searched; widened, if it was.
        shared_noise: share of the validation rows' noise that all trials have in common, where it was measured.

    Source:
        Bengio 2012, sections 3.3 and 3.4.

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(1e-6, 1)),))
        >>> analyse([], space).sentences()
        ['Nothing was tried.']
    """
    errors = errors_of(tried)
    at_random = [one for one in tried if one.phase == WIDE] or list(tried)
    return Conclusion(
        num_tried=len(tried),
        num_diverged=sum(one.diverged for one in tried),
        num_without_error=int((~np.isfinite(errors)).sum()),
        num_halted=sum(one.halted for one in tried),
        borders=borders(tried, space),
        crowds=crowds(tried, space),
        importances=importances(at_random, space),
        scientific=tuple(
            matters(at_random, space, entry.name) for entry in space if entry.role == "scientific" and tried
        ),
        convergence=expected_best(errors_of(at_random)),
        outlook=outlook(at_random),
        optimism=winner_optimism(tried, shared_noise),
        front=pareto(tried),
        marginals=marginals(tried, space),
    )


def _plain(value: Any) -> Any:
    """Return numbers, text, lists and mappings only."""
    if is_dataclass(value) and not isinstance(value, type):
        data = {name: _plain(one) for name, one in asdict(value).items()}
        return {**data, "text": value.text} if hasattr(value, "text") else data
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
