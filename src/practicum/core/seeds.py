"""Named random streams: every random number is a function of (seed, purpose, counter) and of nothing else.

No global generator is ever read, so packing, resuming and the number of workers change no number. One Philox per
stream, its 128-bit key a hash of seed and purpose (`torch.Generator.manual_seed` keeps only 32 bits of a hash).
Source: Bengio 2012, 3.2-34 (each source of randomness has its own seed).
"""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, purpose: str, counter: int = 0) -> np.random.Generator:
    """Return the generator of the stream ``(seed, purpose)`` at ``counter``.

    Args:
        seed: any integer; different seeds give independent streams.
        purpose: what the numbers are for, e.g. ``"init"``, ``"order"``, ``"split"``.
        counter: position, e.g. the epoch; each counter has 2^128 numbers of its own before it meets the next.

    Returns:
        A fresh NumPy generator; the same three arguments always give the same numbers.

    Source:
        Bengio 2012, 3.2-34.

    Example:
        >>> int(stream(0, "order").integers(1000)) == int(stream(0, "order").integers(1000))
        True
    """
    key = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=16).digest()
    philox = np.random.Philox(key=int.from_bytes(key, "little"), counter=counter << 128)
    return np.random.Generator(philox)
