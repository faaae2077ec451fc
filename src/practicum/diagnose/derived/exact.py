"""Whether an exact fact of the loop explains a bad run already, so that rates and schedules are not to be blamed."""

from __future__ import annotations

from practicum.diagnose.derived.kept import kept
from practicum.monitor.facts import Facts

LEAST = 3
"""Updates by stale gradients, losses without a graph and the like, before they count."""


@kept
def is_explained(facts: Facts) -> bool:
    """Return whether gradients were not reset or not used, or loss, output and targets do not fit each other.

    Example:
        >>> is_explained(Facts(stale=7)), is_explained(Facts(num_updates=1))
        (True, False)
    """
    idle = facts.num_steps >= LEAST and facts.num_updates == 0 and not facts.moved
    one_batch = (
        len(facts.batches) > LEAST and len(set(facts.batches)) == 1 and facts.looked_rows > facts.batch_size
    )
    return (
        facts.stale >= LEAST
        or is_never_reached(facts)
        or facts.without_graph >= LEAST
        or idle
        or one_batch
        or bool(facts.outside)
        or facts.bad_inputs is not None
        or any(one.severity != "info" for one in facts.fits)
    )


def is_never_reached(facts: Facts) -> bool:
    """Return whether updates were made though no parameter ever had a gradient.

    Example:
        >>> from collections import Counter
        >>> is_never_reached(Facts(num_updates=3, asked=Counter(a=3), never_reached=Counter(a=3)))
        True
    """
    asked = facts.asked
    none = all(facts.never_reached[name] == times for name, times in asked.items())
    return facts.num_backwards == 0 and facts.num_updates >= LEAST and bool(asked) and none
