"""Facts about comparing whatever a module may hold."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pytest
import torch
from torch import nn

from practicum.training.lift.frozen import Freezer


@dataclass
class Record:
    """Compares by its fields."""

    width: int


class Plain:
    """Says nothing of what it is equal to."""

    def __init__(self, width):
        self.width = width


class Reserved:
    """Says what it is equal to."""

    def __init__(self, width):
        self.width, self.other = width, object()

    def __eq__(self, other):
        return self.width == other.width

    __hash__ = None


class Rude(Reserved):
    """Cannot be compared."""

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


class Method:
    """Has methods of every kind."""

    def __init__(self, width):
        self.width = width

    def run(self):
        """Return the width."""
        return self.width


def closing_over(value):
    """Return a function that has closed over ``value``."""
    return lambda: value


def of_default(value):
    """Return a function with a default."""

    def function(x=value, *, y=value):
        return x + y

    return function


def frozen(value):
    """Return a value in comparable form."""
    return Freezer(nn.Linear(1, 1)).freeze(value)


MAKERS = [
    lambda n: n,
    lambda n: [1, (n, "a")],
    lambda n: {"a": {n}},
    lambda n: {n, 3},
    lambda n: torch.full((2,), float(n)),
    Record,
    Plain,
    Reserved,
    lambda n: [Plain(n)],
    closing_over,
    of_default,
    lambda n: functools.partial(max, n),
    lambda n: functools.partial(max, default=n),
    lambda n: Method(n).run,
    lambda n: property(closing_over(n)),
    lambda n: staticmethod(closing_over(n)),
    lambda n: type("Made", (), {"run": closing_over(n), "size": n}),
]


@pytest.mark.parametrize("make", MAKERS)
def test_equal_values_are_equal(make):
    """Two values made alike."""
    assert frozen(make(1)) == frozen(make(1))


@pytest.mark.parametrize("make", MAKERS)
def test_other_values_are_different(make):
    """Two values made of different numbers."""
    assert frozen(make(1)) != frozen(make(2))


def test_what_cannot_be_compared_is_itself_only():
    """An object whose comparison raises equals itself."""
    rude = Rude(1)

    assert frozen(rude) == frozen(rude)
    assert frozen(rude) != frozen(Rude(1))


def test_a_frozen_value_does_not_follow_its_original():
    """A list that grows later is another list."""
    values = [1]
    before = frozen(values)
    values.append(2)

    assert frozen(values) != before


@pytest.mark.parametrize("value", [object(), torch.zeros(1), [1]])
def test_values_of_another_kind_are_different(value):
    """An object, a tensor and a list equal no number."""
    assert frozen(value) != frozen(1)
    assert frozen(value) == frozen(value)


@pytest.mark.parametrize("value", [object(), torch.zeros(1), [1], nn.ReLU])
def test_frozen_values_can_be_told_and_hashed(value):
    """For messages, and as keys."""
    assert repr(frozen(value))
    assert hash(frozen(value)) == hash(frozen(value))


def test_cycles_end():
    """A list that holds itself can be frozen."""
    values = [1]
    values.append(values)

    assert frozen(values) == frozen(values)


def test_a_reference_to_the_modules_own_tensor_is_no_value():
    """It is compared by name, for its numbers may differ."""
    one, other = nn.Linear(1, 1), nn.Linear(1, 1)

    assert Freezer(one).freeze([one.weight]) == Freezer(other).freeze([other.weight])
    assert Freezer(one).freeze([one.weight]) != Freezer(other).freeze([other.bias])


def test_an_empty_cell_can_be_frozen():
    """A function may refer to a name that has no value any more."""

    later = 1

    def function():
        return later

    def forget():
        nonlocal later
        del later

    forget()

    assert frozen(function) == frozen(function)
