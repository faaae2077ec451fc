"""What users write for options of the search, checked: batch sizes, settings that they ask about, outer folds."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, cast

from practicum.core.errors import ConfigError, nearest

if TYPE_CHECKING:
    from practicum.recipe.space import Space

WORDS = ("auto", "off")


def batch_sizes_asked(given: str | Iterable[int] | None) -> tuple[int, ...] | Literal["auto", "off"] | None:
    """Return the batch sizes to compare at equal time: numbers, a word, or None where the time decides.

    Args:
        given: "auto", "off", numbers, or text with numbers between commas.

    Raises:
        ConfigError: if it is none of these.

    Example:
        >>> batch_sizes_asked("16, 64,256"), batch_sizes_asked("off")
        ((16, 64, 256), 'off')
    """
    if given is None:
        return None
    if isinstance(given, str) and given in WORDS:
        return cast('Literal["auto", "off"]', given)
    parts = given.split(",") if isinstance(given, str) else list(given)
    try:
        sizes = [int(part) if isinstance(part, str) else operator.index(part) for part in parts]
    except (TypeError, ValueError):
        sizes = []
    if not sizes or min(sizes) < 1:
        raise ConfigError(
            f"`batch_sizes` must be whole numbers ≥ 1 with commas between, auto or off, but got batch_sizes={given}."
            f"{nearest(given, WORDS) if isinstance(given, str) else ''} Give e.g. 16,64,256.",
            batch_sizes=given,
        )
    return tuple(sorted(set(sizes)))


def scientific_asked(given: str | Iterable[str] | None, space: Space | str | None) -> tuple[str, ...]:
    """Return the names of the entries that the user asks about [3.4-07].

    Args:
        given: names, or text with names between commas.
        space: that is searched, or a preset's name; None: one of the two that the time decides between.

    Raises:
        ConfigError: if the space has no entry of such a name; the nearest is offered.

    Example:
        >>> scientific_asked("activation, dropout", None)
        ('activation', 'dropout')
    """
    if given is None:
        return ()
    parts = given.split(",") if isinstance(given, str) else list(given)
    names = tuple(dict.fromkeys(part.strip() for part in parts))
    from practicum.recipe.space import Space

    presets = [Space.preset(name) for name in ((space,) if isinstance(space, str) else ("default", "small"))]
    known = space.names if isinstance(space, Space) else [name for one in presets for name in one.names]
    for name in names:
        if name not in known:
            raise ConfigError(
                f"`scientific` must name settings that the search varies, but got scientific={name}."
                f"{nearest(name, known)} Add it to a space (`practicum space`), or leave it out.",
                scientific=name,
            )
    return names


def check_nested(num_outer: int | None, num_trials: int | None, time: str | None) -> None:
    """Refuse outer folds that no trial is left for, or whose past would know the future."""
    if num_outer is None:
        return
    if num_trials is not None and num_trials <= num_outer:
        raise ConfigError(
            f"`trials` must be more than `nested`, for they are divided among the outer folds and the run on all rows, "
            f"but got trials={num_trials} and nested={num_outer}. Use at least {10 * (1 + num_outer)}.",
            trials=num_trials,
            nested=num_outer,
        )
    if time is not None:
        raise ConfigError(
            f"`nested` must be left out where rows are split by time, but got nested={num_outer} and time={time}. The "
            "latest rows are tested on without it.",
            nested=num_outer,
            time=time,
        )
