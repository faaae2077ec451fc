"""Facts about the course of losses."""

import math

import numpy as np

from practicum.diagnose.derived.course import FEWEST, course_of, validations_of
from practicum.monitor.facts import Facts


def of(losses):
    """Return the course."""
    return course_of(Facts(num_steps=len(losses), losses=[float(one) for one in losses]))


def noise(count, seed=0):
    """Return standard normal numbers."""
    return np.random.Generator(np.random.PCG64(seed)).standard_normal(count)


def test_few_losses_are_no_course():
    """Nor are those that are no numbers."""
    assert of([1.0] * (FEWEST - 1)) is None
    assert of([math.nan] * 50) is None


def test_a_falling_course_is_told_from_a_flat_one():
    """By the slope of its last third."""
    flat = of(1 + 0.1 * noise(300))
    falling = of(2 - np.arange(300) / 300 + 0.1 * noise(300))

    assert abs(flat.slope_t) < 3
    assert falling.slope_t < -5
    assert math.isclose(falling.slope_share, -1 / 3, abs_tol=0.12)


def test_jumps_are_counted():
    """One step in ten at five times its surroundings."""
    losses = np.ones(200)
    losses[::10] = 5

    assert math.isclose(of(losses).jumps, 0.1)


def test_zigzag_has_negative_serial_correlation():
    """And a slow wave a positive one."""
    assert of(1 + 0.1 * (-1.0) ** np.arange(200)).serial < -0.9
    assert of(1 + 0.1 * np.sin(np.arange(200) / 10)).serial > 0.5


def test_validations_without_a_number_are_left_out():
    """They are no point of a curve."""
    facts = Facts(validations=[(1, 0.5, None), (2, math.inf, None)])

    assert validations_of(facts) == ((1, 0.5, None),)
