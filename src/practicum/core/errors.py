"""The errors a user can meet, each with one message: condition, values, where, way out.

Each also inherits the builtin that a caller would expect. Values ride as attributes, so that callers and tests
need not parse the text.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class PracticumError(Exception):
    """Base of all errors that practicum raises on purpose.

    Args:
        message: the whole message, one or two sentences.
        **values: the offending values, kept in ``self.values``.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.values = values


class ConfigError(PracticumError, ValueError):
    """A setting, or a combination of settings, cannot work."""


class DataError(PracticumError, ValueError):
    """The data cannot be used."""


class ShapeError(PracticumError, ValueError):
    """Two shapes do not meet."""


class DivergedError(PracticumError, ArithmeticError):
    """Every trial diverged; ``values`` carries the step and the trials."""


class RecordError(PracticumError, ValueError):
    """A file or a run folder is not one that we can read."""


class MissingExtraError(PracticumError, ImportError):
    """An optional package is missing; the message says the install command."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean …?" with the nearest of ``names``, or an empty string.

    Example:
        >>> nearest("incme", ["age", "income"])
        ' Did you mean "income"?'
        >>> nearest("zzz", ["age", "income"])
        ''
    """
    by_folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f' Did you mean "{by_folded[close[0]]}"?' if close else ""
