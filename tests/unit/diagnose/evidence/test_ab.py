"""Facts about A/B comparisons: paired by seed, bounded where a course diverges, within their time."""

import math

import pytest
import torch
from tests.made_subjects import made_subject

from practicum.diagnose.evidence.ab import (
    LEAST_SEEDS,
    LEAST_STEPS,
    WORST,
    Comparison,
    beats,
    compare,
    standard_error,
    t_interval,
)
from practicum.diagnose.evidence.course import Variant
from practicum.diagnose.evidence.of_optimiser import times_decay, times_rate
from practicum.diagnose.evidence.subject import CannotTryError

NOTHING = Variant("nothing", lambda _: None)
FASTER = Variant("the rate × 1000", times_rate(1000))


def slow_subject():
    return made_subject(lambda parameters: torch.optim.SGD(parameters, lr=1e-4))


def test_a_change_that_helps_has_a_gain_above_chance():
    """A rate a thousand times too low."""
    found = compare(slow_subject(), [FASTER], num_steps=40)[0]

    assert found.interval().low > 0
    assert len(found.gains) == len(found.changed) == len(found.as_it_is)


def test_no_change_makes_no_difference_at_all():
    """Both sides are the same bits: all numbers that they draw are common."""
    found = compare(made_subject(num_steps=5), [NOTHING], num_steps=20, num_seeds=3)[0]

    assert found.gains == (0.0, 0.0, 0.0)


def test_comparisons_are_the_same_each_time_and_whatever_else_is_compared():
    """Nothing depends on the company."""
    subject = slow_subject()
    alone = compare(subject, [FASTER], num_steps=10, num_seeds=3)[0]
    both = compare(subject, [NOTHING, FASTER], num_steps=10, num_seeds=3)[1]

    assert alone.gains == both.gains


def test_a_course_that_diverges_counts_as_so_many_times_the_beginning():
    """It is a result, and bounds what it says."""
    wild = Variant("the rate × 1e8", times_rate(1e8))
    found = compare(made_subject(), [wild], num_steps=20, num_seeds=3)[0]

    assert found.num_diverged == (0, 3)
    assert found.gain == pytest.approx(sum(found.as_it_is) / 3 - found.worst)
    assert WORST > 1


def test_what_cannot_be_tried_says_why_and_leaves_the_others():
    """No weight decay to divide."""
    first, second = compare(
        slow_subject(), [Variant("less decay", times_decay(0.1)), FASTER], num_steps=10, num_seeds=3
    )

    assert (first.untried, first.gains) == ("there is no weight decay", ())
    assert math.isnan(first.gain)
    assert second.gains


def test_no_time_gives_the_least():
    """As few steps and seeds as still say something."""
    found = compare(slow_subject(), [FASTER], budget_seconds=0.0)[0]

    assert (found.num_steps, len(found.gains)) == (LEAST_STEPS, LEAST_SEEDS)


def test_a_beginning_without_a_loss_is_refused():
    """There is nothing to compare."""
    subject = made_subject()
    with torch.no_grad():
        subject.model[6].bias.fill_(torch.nan)

    with pytest.raises(CannotTryError, match="no number to begin with"):
        compare(subject, [NOTHING])


@pytest.mark.parametrize(
    ("gains", "usual", "others", "helps"),
    [
        ((0.30, 0.32, 0.31), 1.0, [], True),
        ((0.019, 0.019, 0.0191), 1.0, [], False),
        ((0.9, -0.2, 0.1), 1.0, [], False),
        ((9.0, 0.1, 0.1, 9.0, 0.1, 0.1), 1.0, [], True),
        ((9.0, 0.1, 0.1, 9.0, 0.1), 1.0, [], False),
        ((0.30, 0.32, 0.31), 1.0, [(0.30, 0.32, 0.31)], False),
        ((0.30, 0.32, 0.31), 1.0, [(0.2, 0.2, 0.2), (0.0, 0.0, 0.0)], True),
    ],
)
def test_a_change_helps_beyond_chance_by_enough_and_more_than_others(gains, usual, others, helps):
    """By Student's t, or by six equal signs."""
    assert beats(gains, usual, others) is helps


def test_the_interval_is_students():
    """Of three differences, by hand."""
    found = t_interval((1.0, 2.0, 3.0))

    assert found.high - found.value == pytest.approx(4.303 / math.sqrt(3), rel=1e-3)
    assert math.isnan(standard_error([1.0]))
    assert Comparison(NOTHING, 10, afresh=False, gains=(1.0, 3.0)).standard_error == 1.0
