"""Coordinate descent: one entry at a time, from the best so far, the sensitive ones more often."""

import math
from collections import Counter

import pytest

from practicum.recipe import Recipe
from practicum.recipe.space import Choice, Entry, Linear, Log, Space
from practicum.tuning.samplers.coordinate import CoordinateDescent
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("momentum", Linear(0.1, 0.99)),
        Entry("learning_rate", Log(1e-4, 1.0)),
        Entry("init_scale", Log(0.1, 10.0)),
        Entry("l2_penalty", Log(1e-6, 1.0)),
    )
)


def error_of(values):
    """Return an error to which momentum matters more than the scale, and the penalty not at all."""
    rate, scale = math.log10(values["learning_rate"] / 0.03), math.log10(values["init_scale"])
    return 0.1 + 0.05 * rate**2 + 0.2 * (values["momentum"] - 0.9) ** 2 + 0.002 * scale**2


def varied(line):
    """Return the names of the entries that differ among some trials."""
    return {name for name in line[0] if len({trial[name] for trial in line}) > 1}


def descend(num_lines, count=8):
    """Return the search and the lines that it asked for."""
    search, lines, number = CoordinateDescent(SPACE, seed=0), [], 0
    for _ in range(num_lines):
        lines.append(search.ask(count))
        search.tell([Tried(number + i, v, error=error_of(v)) for i, v in enumerate(lines[-1])])
        number += count
    return search, lines


def test_the_learning_rate_comes_first_then_each_other():
    """The most sensitive entry by experience is first; no entry is visited twice before each was once."""
    _, lines = descend(4)

    assert [varied(line) for line in lines] == [
        {"learning_rate"},
        {"momentum"},
        {"init_scale"},
        {"l2_penalty"},
    ]


def test_each_line_starts_from_the_best_so_far():
    """What is not varied stands as in the best trial of the lines before."""
    _, lines = descend(12)

    for number in range(1, 12):
        before = [trial for line in lines[:number] for trial in line]
        best = min(before, key=error_of)
        (name,) = varied(lines[number])
        for other in set(SPACE.names) - {name}:
            assert [trial[other] for trial in lines[number]] == pytest.approx([best[other]] * 8)


def test_sensitive_entries_are_visited_more_often():
    """Visits are neither even nor in a circle: the rate most, what does not matter least, but not never [3.3-09]."""
    search, lines = descend(24)
    visits = Counter(next(iter(varied(line))) for line in lines)

    assert visits["learning_rate"] > visits["momentum"] > visits["l2_penalty"] >= 1
    assert max(search.sensitivity(), key=search.sensitivity().get) == "learning_rate"
    assert search.sensitivity()["l2_penalty"] == 0


def test_later_lines_are_finer():
    """The second line of an entry spans half of the range, around the best."""
    _, lines = descend(10)
    first, second = [line for line in lines if varied(line) == {"learning_rate"}][:2]
    spans = [
        math.log10(max(t["learning_rate"] for t in line) / min(t["learning_rate"] for t in line))
        for line in (first, second)
    ]

    assert spans[0] > 3
    assert 1.4 < spans[1] < 2


def test_it_finds_the_best():
    """A smooth valley is descended to its bottom."""
    _, lines = descend(24)
    best = min((trial for line in lines for trial in line), key=error_of)

    assert error_of(best) < 0.101


def test_a_line_has_four_values_or_more():
    """Asked for two at a time, two asks share a line of four [3.3-04]."""
    search = CoordinateDescent(SPACE, seed=0)
    line = [*search.ask(2), *search.ask(2)]

    assert len({trial["learning_rate"] for trial in line}) == 4
    assert varied(line) == {"learning_rate"}


def test_few_options_are_filled_up_with_another_entry():
    """Two options do not make a pack of six."""
    space = Space((Entry("activation", Choice(("tanh", "relu"))), Entry("momentum", Linear(0.1, 0.99))))
    line = CoordinateDescent(space, seed=0).ask(6)

    assert len(line) == 6
    assert {trial["activation"] for trial in line} == {"tanh", "relu"}
    assert len({trial["momentum"] for trial in line}) >= 4


def test_it_starts_from_the_defaults():
    """What the guide says is the first guess; where the range leaves it out, the middle."""
    first = CoordinateDescent(SPACE, seed=0).ask(4)[0]

    assert first["init_scale"] == pytest.approx(Recipe().init_scale)
    assert first["momentum"] == pytest.approx((0.1 + 0.99) / 2)


def test_it_starts_where_it_is_told():
    """Given values take precedence over the defaults."""
    first = CoordinateDescent(SPACE, seed=0, start={"momentum": 0.3}).ask(4)[0]

    assert first["momentum"] == pytest.approx(0.3)


def test_the_best_of_another_phase_is_where_to_go_on():
    """A trial that it never asked for can be the best."""
    search = CoordinateDescent(SPACE, seed=0)
    search.tell([Tried(0, {**SPACE.values(dict.fromkeys(SPACE.names, 0.25))}, error=0.1)])

    assert search.ask(4)[0]["momentum"] == pytest.approx(SPACE["momentum"].distribution.value(0.25))


def test_halted_trials_are_the_best_only_where_there_is_no_other():
    """An error of a shorter training does not beat one trained in full."""
    search = CoordinateDescent(SPACE, seed=0)
    full, halted = (SPACE.values(dict.fromkeys(SPACE.names, unit)) for unit in (0.25, 0.75))
    search.tell([Tried(0, halted, error=0.1, halted=True), Tried(1, full, error=0.2)])

    assert search.ask(4)[0]["momentum"] == pytest.approx(full["momentum"])


def test_divergence_counts_as_the_worst_error():
    """A rate whose trials blow up is sensitive, but not infinitely so."""
    search = CoordinateDescent(SPACE, seed=0)
    line = search.ask(4)
    errors = [0.1, 0.2, 0.4, math.inf]
    search.tell(
        [Tried(i, v, error=e, diverged=e > 1) for i, (v, e) in enumerate(zip(line, errors, strict=True))]
    )

    assert search.sensitivity()["learning_rate"] == pytest.approx(0.3)
