"""One value of a recipe: take what a person may write, return what the program uses, or say what is wrong.

Numbers may come as text, since YAML reads ``1e-3`` (no dot) as text. Limits stand in the guide's settings.
"""

from __future__ import annotations

import math
import numbers
import reprlib
from collections.abc import Mapping
from typing import Any

from practicum.core.errors import ConfigError, nearest
from practicum.core.guide.model import Setting

Number = float | int
LISTS = ("hidden_sizes", "layer_rate_multipliers")
PER_LAYER = ("l2_penalty", "l1_penalty")


class Own(dict[str, Any]):
    """A user's own settings by name: values that YAML can hold. It is not to be changed, so it can be hashed.

    Example:
        >>> len({Own(channels=8), Own(channels=8)})
        1
    """

    def __hash__(self) -> int:  # type: ignore[override]
        """Return one number for equal settings."""
        return hash(repr(sorted(self.items())))

    def _fixed(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            "`model` is part of a frozen recipe; make another with `recipe.changed(model={...})`."
        )

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = __ior__ = _fixed


def checked(setting: Setting, value: Any, where: str) -> Any:
    """Return ``value`` in the type that the recipe keeps.

    Args:
        setting: the field's row of the guide.
        value: what was given.
        where: for the message, e.g. "in recipe.yaml"; may be empty.

    Raises:
        ConfigError: if the type is wrong or the value impossible.
    """
    if value is None and setting.optional:
        return None
    if setting.scale in ("mapping", "flag"):
        return (_own if setting.scale == "mapping" else _flag)(setting, value, where)
    if isinstance(value, str) and value in setting.choices:
        return str(value)
    if setting.scale == "choice":
        raise _wrong(setting, value, where, f"be one of {', '.join(setting.choices)}", _guess(setting, value))
    if setting.name in LISTS:
        return _many(setting, value, where)
    if setting.name in PER_LAYER and isinstance(value, list | tuple):
        return _many(setting, value, where)
    return _number(setting, value, where)


def _flag(setting: Setting, value: Any, where: str) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(setting, value, where, "be true or false")


def _own(setting: Setting, value: Any, where: str) -> Own:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise _wrong(setting, value, where, "be a mapping of names to values", 'Write {"channels": 8}.')
    return Own({name: _plain_value(setting, name, one, where) for name, one in value.items()})


def _plain_value(setting: Setting, name: str, value: Any, where: str) -> Any:
    """Return a word, a number, true, false, null, or a list of them (as a tuple): what YAML brings back."""
    if isinstance(value, list | tuple):
        return tuple(_plain_value(setting, name, one, where) for one in value)
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, numbers.Real) and not isinstance(value, bool | int):
        return float(value)
    if value is None or isinstance(value, bool | str):
        return value
    raise _wrong(setting, value, where, f"hold words, numbers or lists of them (`{name}`)")


def _many(setting: Setting, value: Any, where: str) -> tuple[Number, ...]:
    if isinstance(value, list | tuple):
        return tuple(_number(setting, one, where, f"{setting.name}[{i}]") for i, one in enumerate(value))
    kind = "integers" if setting.scale == "log-integer" else "numbers"
    raise _wrong(setting, value, where, f"be a list of {kind}", "Write [64] where there is one layer.")


def _number(setting: Setting, value: Any, where: str, name: str = "") -> Number:
    """Return an int or a float within the limits; text that spells a number counts as one."""
    whole = setting.scale in ("integer", "log-integer")
    number = whole_number(value) if whole else real_number(value)
    words = "".join(f" or {word}" for word in (*setting.choices, *(["null"] if setting.optional else [])))
    if number is None:
        kind = "an integer" if whole else "a number"
        raise _wrong(setting, value, where, f"be {kind}{words}", _guess(setting, value), name=name)
    if isinstance(number, float) and not math.isfinite(number):
        raise _wrong(setting, value, where, f"be finite{words}", name=name)
    if not setting.limits.holds(number):
        hint = (
            "" if setting.low is None else f"Values usually tried lie in {setting.low:g} … {setting.high:g}."
        )
        raise _wrong(setting, value, where, f"{setting.limits.condition()}{words}", hint, name=name)
    return number


def real_number(value: Any) -> float | None:
    """Return ``value`` as a float, or None if it does not spell a number."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def whole_number(value: Any) -> int | None:
    """Return ``value`` as an int, or None if it is not a whole number (``1e4`` and ``"1e4"`` are)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    real = real_number(value)
    return int(real) if real is not None and math.isfinite(real) and real == int(real) else None


def _guess(setting: Setting, value: Any) -> str:
    return nearest(value, setting.choices).strip() if isinstance(value, str) else ""


def _wrong(
    setting: Setting, value: Any, where: str, must: str, hint: str = "", *, name: str = ""
) -> ConfigError:
    shown = name or setting.name
    place = f" ({where})" if where else ""
    text = f"`{shown}` must {must}, but got {setting.name}={show(value)}{place}."
    return ConfigError(f"{text} {hint}".rstrip(), **{setting.name: value})


def show(value: Any) -> str:
    """Return a short text of any value, also of an integer too long to print."""
    try:
        return reprlib.repr(value)
    except ValueError:  # an integer of thousands of digits
        return f"<{type(value).__name__}>"
