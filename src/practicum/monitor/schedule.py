"""At which steps it is looked closely: often in the beginning, where most is decided, then rarely."""

from __future__ import annotations

from collections.abc import Callable

BEGINNING = frozenset({1, 2, 5, 6, 10, 11, 20, 21, 40, 41, 70, 71})
"""First steps at which it is looked; always two together, since gradients are compared in pairs."""

EVERY = 100
"""From here on, steps between pairs of looks."""

SPARSE = ((600, 400), (2000, 2000))
"""From the first of each, pairs are at multiples of the second."""

Schedule = Callable[[int], bool]


def default_schedule(step: int) -> bool:
    """Return whether step number ``step`` (from 1) is looked at closely.

    Example:
        >>> [step for step in range(1, 210) if default_schedule(step)]
        [1, 2, 5, 6, 10, 11, 20, 21, 40, 41, 70, 71, 100, 101, 200, 201]
    """
    if step < EVERY:
        return step in BEGINNING
    apart = next((apart for begin, apart in reversed(SPARSE) if step >= begin + 2), EVERY)
    return step % apart in (0, 1)


def every(number: int) -> Schedule:
    """Return the schedule that looks at every ``number``-th step, from the first.

    Example:
        >>> [step for step in range(1, 8) if every(3)(step)]
        [1, 4, 7]
    """
    return lambda step: (step - 1) % number == 0


def is_deep(step: int) -> bool:
    """Return whether histograms are kept of a step too: the first, then ever more rarely.

    Example:
        >>> [step for step in range(1, 40) if is_deep(step)]
        [1, 5, 10, 20]
    """
    return (
        step in (1, 5, 10, 20, 40)
        or step in (100, 200, 400, 800, 1600)
        or (step >= 2000 and step % 2000 == 0)
    )
