"""Looks that are made when somebody asks: until then their numbers stay where they were computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableSequence
from typing import Any, overload

from practicum.monitor.look import Look

Later = Callable[[], Look]
"""Makes a look of what was measured."""


class Looks(MutableSequence[Look]):
    """A list of looks; each may be given as a function that makes it, which is called once, when it is first asked for.

    In the loop that is watched nothing has to wait for a device, and no number is read that nobody wants to see.

    Example:
        >>> from practicum.monitor.look import Look
        >>> looks = Looks()
        >>> looks.add(lambda: Look(1, 32, 0.5, (), (), ()))
        >>> len(looks), looks[0].age
        (1, 32)
    """

    def __init__(self, looks: Iterable[Look] = ()) -> None:
        self._items: list[Look | Later] = list(looks)

    def add(self, later: Later) -> None:
        """Add a look by what makes it."""
        self._items.append(later)

    def _made(self, place: int) -> Look:
        item = self._items[place]
        if not isinstance(item, Look):
            item = self._items[place] = item()
        return item

    @overload
    def __getitem__(self, place: int) -> Look: ...

    @overload
    def __getitem__(self, place: slice) -> list[Look]: ...

    def __getitem__(self, place: int | slice) -> Look | list[Look]:
        """Return a look, or some."""
        if isinstance(place, slice):
            return [self._made(one) for one in range(*place.indices(len(self)))]
        return self._made(place)

    def __setitem__(self, place: Any, look: Any) -> None:
        """Put a look, or some, in the place of others."""
        self._items[place] = look

    def __delitem__(self, place: int | slice) -> None:
        """Forget a look, or some: they are not made."""
        del self._items[place]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def insert(self, place: int, look: Look) -> None:
        """Put a look before that place."""
        self._items.insert(place, look)

    def __eq__(self, other: object) -> bool:
        """Return whether these are the same looks."""
        return list(self) == list(other) if isinstance(other, Looks | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
