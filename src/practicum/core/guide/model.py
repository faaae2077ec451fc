"""The two things the guide is made of: recommendations and settings.

A recommendation is one line of the chapter (or an erratum, a fault, a capability of an older system) with
where it stands in this package. A setting is one hyper-parameter of a recipe with its default and its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["chapter", "erratum", "fault", "system"]
Provenance = Literal["text", "memory", "derived"]
Status = Literal["done", "partly", "planned", "context", "out of scope"]
Scale = Literal["log", "linear", "integer", "log-integer", "choice", "flag", "mapping"]

STATUSES: tuple[Status, ...] = ("done", "partly", "planned", "context", "out of scope")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a recommendation says; plain text, one row of the files beside this one.

    Attributes:
        key: id that carries its kind: "3.1-02", "erratum-E6", "fault-D1", "system-P20".
        title: at most eight words.
        text: the recommendation in our own words, numbers and formulas exact.
        provenance: "text" was read in the source, "memory" is knowledge from elsewhere, "derived" our own algebra.
        source: where it was read; "": the chapter's section that the key names.
    """

    key: str
    title: str
    text: str
    provenance: Provenance = "text"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a recommendation stands in this package.

    Attributes:
        status: "done", "partly", "planned", "context" (a statement with nothing to build) or "out of scope".
        code: dotted paths such as "practicum.training.loop:run".
        tests: such as "tests/unit/training/test_loop.py::test_name".
        planned_in: number in the title of the issue that plans the (rest of the) work; None: a later one.
    """

    status: Status
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    planned_in: int | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation and all that is known of it: an :class:`Entry`, its :class:`Evidence`, its settings.

    Attributes:
        section: chapter section ("3.1"), or "errata", "faults", "systems".
        kind: "chapter", "erratum", "fault" or "system".
        settings: names of the recipe's fields that it governs.
    """

    key: str
    section: str
    title: str
    text: str
    source: str
    provenance: Provenance
    kind: Kind
    status: Status
    settings: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    planned_in: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Which numbers are possible at all (a search range is narrower).

    Example:
        >>> Limits(above=0, at_most=1).condition()
        'lie in (0, 1]'
        >>> Limits(above=0).holds(0.0)
        False
    """

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Return whether ``value`` is possible."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )

    def condition(self) -> str:
        """Return the condition as the words of an error message: "be > 0", "lie in [0, 1)"."""
        low = (
            f"[{self.at_least:.15g}"
            if self.at_least is not None
            else f"({self.above:.15g}"
            if self.above is not None
            else ""
        )
        high = (
            f"{self.at_most:.15g}]"
            if self.at_most is not None
            else f"{self.below:.15g})"
            if self.below is not None
            else ""
        )
        if low and high:
            return f"lie in {low}, {high}"
        bounds = (("≥", self.at_least), (">", self.above), ("≤", self.at_most), ("<", self.below))
        return "be " + " and ".join(f"{sign} {bound:.15g}" for sign, bound in bounds if bound is not None)


USED = "used"
"""In a condition: any value but those that mean none (0, null, false)."""

LAST_ITERATE_RULES = ("sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamw")
"""Update rules whose last parameters are what predicts; the schedule-free ones average by themselves."""

LARGEST = 2**63 - 1  # what fits a column of integers in a saved record
COUNT = Limits(at_least=1, at_most=LARGEST)
FRACTION = Limits(at_least=0, below=1)


@dataclass(frozen=True, slots=True)
class Setting:
    """One hyper-parameter of a recipe: the only place where its default and its range stand.

    Attributes:
        name: field of :class:`practicum.recipe.Recipe`.
        guide: key of the recommendation it follows.
        description: one line, with the chapter's symbol and the unit.
        default: value when nothing is said.
        scale: how its range is walked; a "mapping" has none, it is a user's own.
        low: smallest value that a search tries (None for choices and flags).
        high: largest value that a search tries.
        choices: the words it may be ("choice"); of other scales, words allowed beside numbers.
        limits: which numbers are possible at all.
        optional: whether None is a value.
        status: "chapter", or "after the chapter" where the chapter gives no default or no such setting.
        measured: what a default chosen by measurement rests on; "" where the chapter chose it.
        when: values of other settings without which it does nothing or is refused, by name; :data:`USED` among
            them stands for every value but none.
    """

    name: str
    guide: str
    description: str
    default: Any
    scale: Scale
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    optional: bool = False
    status: Literal["chapter", "after the chapter"] = "chapter"
    measured: str = ""
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
