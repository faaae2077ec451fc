"""The process that says which points promise the most."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.seeds import stream
from practicum.tuning.samplers import surrogate as tested
from practicum.tuning.samplers.surrogate import Surrogate, targets


def squares(one, other):
    """Return squared distances along each axis."""
    return (one.T[:, :, None] - other.T[:, None, :]) ** 2


def known(num_points=30, num_axes=3):
    """Return random points and a smooth outcome of the first axis alone, lowest at 0.3."""
    points = stream(0, "test").random((num_points, num_axes))
    return points, targets((points[:, 0] - 0.3) ** 2 + 0.01)


def test_it_agrees_with_the_textbook():
    """Mean and variance of the formulas, with the same length scales, choose the same candidate."""
    points, outcomes = known()
    surrogate = Surrogate(squares, points, outcomes)
    weights, noise = tested._fitted(squares(points, points), outcomes)
    candidates = stream(1, "test").random((50, 3))

    def kernel(one, other):
        distance = math.sqrt(5 * float((weights * (one - other) ** 2).sum()))
        return (1 + distance + distance**2 / 3) * math.exp(-distance)

    def cross(some, others):
        return np.array([[kernel(a, b) for b in others] for a in some])

    covariance = cross(points, points) + noise * np.eye(len(points))
    solved = np.linalg.solve(covariance, outcomes)
    variance = outcomes @ solved / len(outcomes)
    best = (cross(points, points) @ solved).min()
    gains = []
    for row in cross(candidates, points):
        deviation = math.sqrt(variance * (1 - row @ np.linalg.solve(covariance, row)))
        ratio = (best - row @ solved) / deviation
        chance = 0.5 * (1 + math.erf(ratio / math.sqrt(2)))
        gains.append(deviation * (ratio * chance + math.exp(-(ratio**2) / 2) / math.sqrt(2 * math.pi)))

    assert surrogate.choose(candidates, 1) == [int(np.argmax(gains))]


def test_it_finds_the_axis_that_matters():
    """Outcomes that depend on one axis make the scales of the others long."""
    points, outcomes = known()

    weights, _ = tested._fitted(squares(points, points), outcomes)
    assert weights[0] > 4 * weights[1:].max()


def test_the_first_choice_is_near_the_best():
    """The most promising of a thousand points lies where the outcomes are lowest."""
    candidates = stream(1, "test").random((1000, 3))

    (chosen,) = Surrogate(squares, *known()).choose(candidates, 1)
    assert abs(candidates[chosen, 0] - 0.3) < 0.1


def test_choices_are_distinct_and_no_more_than_there_are():
    """A candidate is chosen once, even where it stands twice nothing is chosen beyond the last."""
    candidates = stream(1, "test").random((5, 3))

    assert sorted(Surrogate(squares, *known()).choose(candidates, 9)) == [0, 1, 2, 3, 4]


def test_points_under_way_are_kept_away_from():
    """What is believed to be known is not chosen again while something else promises anything."""
    surrogate = Surrogate(squares, *known(num_points=6))
    candidates = stream(1, "test").random((200, 3))
    (first,) = surrogate.choose(candidates, 1)
    surrogate.believe(candidates[[first]])

    assert surrogate.choose(candidates, 1) != [first]


def test_believing_one_after_the_other_is_choosing_together():
    """A pack chosen at once is the pack chosen point by point."""
    together = Surrogate(squares, *known())
    apart = Surrogate(squares, *known())
    candidates = stream(1, "test").random((100, 3))
    pack = together.choose(candidates, 3)

    for number in pack[:2]:
        apart.believe(candidates[[number]])
    assert apart.choose(candidates, 1) == [pack[2]]


def test_nothing_to_believe_changes_nothing():
    """No points under way, the same choice."""
    surrogate = Surrogate(squares, *known())
    candidates = stream(1, "test").random((100, 3))
    before = surrogate.choose(candidates, 2)
    surrogate.believe(np.zeros(0))

    assert surrogate.choose(candidates, 2) == before


@given(errors=st.lists(st.one_of(st.floats(0, 1e9), st.just(math.inf)), min_size=2, max_size=20))
def test_targets_keep_the_order(errors):
    """Lower errors have lower targets; what is infinite counts as the worst."""
    if not any(map(math.isfinite, errors)):
        errors[0] = 0.5
    outcomes = targets(errors)

    assert np.isfinite(outcomes).all()
    assert [outcomes[i] for i in np.argsort(errors, kind="stable")] == sorted(outcomes)


def test_equal_errors_have_equal_targets():
    """Where nothing differs, all targets are 0 and no number is divided by 0."""
    assert targets([0.3, 0.3, 0.3]).tolist() == [0, 0, 0]
    assert Surrogate(squares, known(3)[0], np.zeros(3)).choose(np.full((1, 3), 0.5), 1) == [0]


@pytest.mark.parametrize("outlier", [1e3, 1e12])
def test_an_outlier_bends_nothing(outlier):
    """The two lowest stay apart when the worst is a million times worse."""
    low, middle, _ = targets([0.1, 0.2, outlier])

    assert middle - low > 0.15
