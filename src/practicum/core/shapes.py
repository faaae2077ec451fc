"""The letters that name tensor axes, everywhere in the code.

======  =======================================  ======  ==================================
letter  axis                                     letter  axis
======  =======================================  ======  ==================================
``K``   trials trained together                  ``H``   hidden units of a layer
``B``   examples of a minibatch                  ``O``   outputs
``N``   examples of a data set                   ``L``   layers
``I``   inputs                                   ``P``   parameters of one trial
``C``   columns looked up in an embedding        ``V``   levels of such a column
======  =======================================  ======  ==================================

Locals carry them as suffix: ``x_KIB`` is trials × inputs × batch. Widths and the batch are padded up to a
multiple of :data:`GRID`; on that grid a trial alone, packed, re-ordered or compacted has the same bits.
"""

from __future__ import annotations

GRID = 16


def padded(size: int) -> int:
    """Return ``size`` rounded up to the grid.

    Example:
        >>> [padded(n) for n in (1, 16, 17)]
        [16, 16, 32]
    """
    return -(-size // GRID) * GRID
