"""Laws of spaces: value and unit are inverse, values grow with units, parts stay inside, files bring all back."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from practicum.core.guide.settings import SEARCHED
from practicum.recipe import Recipe
from practicum.recipe.space import (
    PRESETS,
    Choice,
    Entry,
    Integer,
    Linear,
    Log,
    LogInteger,
    LogNormal,
    SometimesOff,
    Space,
)

UNITS = st.floats(0, 1, exclude_max=True)
POSITIVE = st.floats(1e-9, 1e9)
LOW_HIGH = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)
LOGS = st.tuples(POSITIVE, st.floats(1.001, 1e9)).map(lambda pair: Log(pair[0], pair[0] * pair[1]))
LINEARS = LOW_HIGH.map(lambda pair: Linear(*pair))
INTEGERS = st.tuples(st.integers(-1000, 1000), st.integers(1, 10**6)).map(
    lambda p: Integer(p[0], p[0] + p[1])
)
LOG_INTEGERS = st.tuples(st.integers(1, 1000), st.integers(1, 10**5), st.sampled_from([1, 2, 16])).map(
    lambda p: LogInteger(p[0], p[0] + p[2] * (p[1] + 1), p[2])
)
LOG_NORMALS = st.tuples(POSITIVE, st.floats(0.1, 5)).map(lambda pair: LogNormal(*pair))
NUMBERS = LOGS | LINEARS | INTEGERS | LOG_INTEGERS | LOG_NORMALS
POSITIVES = LOGS | LOG_INTEGERS | LOG_NORMALS
WORDS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
CHOICES = st.lists(WORDS, min_size=1, max_size=6, unique_by=lambda one: (isinstance(one, bool), one)).flatmap(
    lambda options: st.builds(
        Choice,
        st.just(tuple(options)),
        st.none() | st.tuples(*[st.floats(0.1, 10)] * len(options)),
    )
)
SOMETIMES = st.builds(SometimesOff, POSITIVES, st.sampled_from([0.0, None]), st.floats(0.05, 0.95))
ALL = NUMBERS | CHOICES | SOMETIMES


def near(one, other):
    """Return whether two values are the same but for rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6 if abs(one) > 1 else 1e-9)
    return (one, type(one)) == (other, type(other)) or one == other


@given(ALL, UNITS)
@settings(deadline=None)
def test_the_unit_of_a_value_gives_it_back(distribution, unit):
    """Exactly where values are counted, but for rounding on a continuum."""
    value = distribution.value(unit)
    again = distribution.value(distribution.unit(value))

    assert distribution.takes(value)
    assert near(again, value)
    assert distribution.num_values is None or again == value


@given(NUMBERS, UNITS, UNITS)
@settings(deadline=None)
def test_numbers_grow_with_units(distribution, one, other):
    """Also off at 0 comes before all that is positive."""
    low, high = sorted((one, other))

    assert distribution.value(low) <= distribution.value(high)
    assert distribution.value(0) == distribution.ends[0]
    assert distribution.value(1 - 1e-16) == pytest.approx(distribution.ends[-1])


@given(POSITIVES, st.floats(0.05, 0.95), UNITS, UNITS)
@settings(deadline=None)
def test_off_comes_first(inner, probability, one, other):
    """A number that is sometimes off grows with units too."""
    distribution = SometimesOff(inner, 0.0, probability)
    low, high = sorted((one, other))

    assert distribution.value(low) <= distribution.value(high)


@given(ALL, UNITS, st.floats(1e-3, 1), UNITS)
@settings(deadline=None)
def test_a_part_stays_inside(distribution, start, length, unit):
    """Every value of a part is one of the whole, between the values at its ends."""
    end = min(1.0, start + length)
    part = distribution.narrowed(start, end) if end - start >= 1e-3 else distribution
    value = part.value(unit)
    place = distribution.unit(value)

    assert (
        distribution.takes(value) or near(value, distribution.ends[-1]) or near(value, distribution.ends[0])
    )
    if distribution.num_values is None and part is not distribution:
        slack = 1e-6
        off = isinstance(distribution, SometimesOff) and value == distribution.off
        assert off or start - slack <= place <= end + slack


@given(ALL, st.sampled_from(["scientific", "nuisance"]))
@settings(deadline=None)
def test_a_distribution_is_its_plain_data(distribution, role):
    """As a user's own setting, which takes any."""
    space = Space((Entry("model.x", distribution, role),))

    assert Space.from_mapping(space.as_mapping()) == space


LISTS = ("hidden_sizes", "layer_rate_multipliers", "model")
# Ranges that depend on another value: ≤ momentum, < num_folds; and the length that a cosine needs.
RELATIVE = ("initial_momentum", "momentum_ramp_steps", "fold", "num_steps")
NEEDS_A_WORD = ("decay_threshold",)  # acts for decay_start_step = auto only
NAMES = [name for name in SEARCHED if name not in (*LISTS, *RELATIVE, *NEEDS_A_WORD)]
FREE = [name for name in NAMES if not SEARCHED[name].when and name != "schedule"]
BASES = st.fixed_dictionaries(
    {},
    optional={
        "dropout": st.floats(0, 0.9),
        "hidden_sizes": st.lists(st.integers(1, 64), max_size=3).map(tuple),
    },
)


@given(st.lists(st.sampled_from(FREE), unique=True), BASES, st.sampled_from([None, *PRESETS]))
@settings(deadline=None, max_examples=60)
def test_a_space_written_and_read_is_the_same(tmp_path_factory, names, base, preset):
    """Entries, conditions, roles and what is fixed."""
    start = {} if preset is None else {"preset": preset}
    if base.get("hidden_sizes") == ():
        base = {}
    space = Space.from_mapping({**start, **dict.fromkeys(names, "searched")}, Recipe(**base))
    path = tmp_path_factory.mktemp("space") / "space.yaml"

    space.save(path)

    assert Space.from_mapping(space.as_mapping()) == space
    assert Space.load(path) == space


def with_parents(names):
    """Return the names and those that they depend on."""
    found = list(names)
    for name in found:
        found += [parent for parent in SEARCHED[name].when if parent not in found]
    return found


@given(st.lists(st.sampled_from(NAMES), unique=True), st.data())
@settings(deadline=None, max_examples=60)
def test_whatever_the_guide_lets_be_searched_together_makes_recipes(names, data):
    """With the guide's conditions no combination of its own ranges is refused."""
    space = Space.from_mapping(with_parents(names), Recipe(num_steps=1000))
    values = space.values({name: data.draw(UNITS) for name in space.names})

    assert list(values) == [name for name in space.names if space.active(name, values)]
    assert isinstance(space.recipe(values), Recipe)
