"""What users import: `practicum.__all__` is exactly what is there."""

from __future__ import annotations

from types import ModuleType

import practicum


def test_every_promised_name_is_there() -> None:
    """Each name of `__all__` can be imported."""
    assert [name for name in practicum.__all__ if not hasattr(practicum, name)] == []


def test_nothing_else_is_public() -> None:
    """A public name of the package that is not a module stands in `__all__`."""
    found = {
        name
        for name in dir(practicum)
        if not name.startswith("_") and not isinstance(getattr(practicum, name), ModuleType)
    }

    assert found - {"annotations"} == set(practicum.__all__) - {"__version__"}


def test_names_are_sorted_and_unique() -> None:
    """`__all__` reads like an index."""
    assert list(practicum.__all__) == sorted(set(practicum.__all__))


def test_every_public_name_is_documented() -> None:
    """Each public name says what it is."""
    names = [name for name in practicum.__all__ if name != "__version__"]

    assert [name for name in names if not getattr(practicum, name).__doc__] == []
