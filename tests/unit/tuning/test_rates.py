"""Learning rates to try: wide, zoomed, beyond a border."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import ConfigError
from practicum.tuning.rates import around, border, extension, learning_rate_grid

RATES = st.floats(1e-9, 1e3)


def test_the_chapters_range_in_whole_decades_has_seven_round_values():
    """1e-6..1 with one rate a decade is exactly what a person would write."""
    assert learning_rate_grid(1e-6, 1.0, 1) == (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)


@given(RATES, st.floats(1.5, 1e9), st.integers(1, 5))
def test_a_grid_has_both_ends_and_even_ratios(low, span, per_decade):
    """Ends are exact and all neighbouring ratios are the same to rounding."""
    rates = learning_rate_grid(low, low * span, per_decade)

    ratios = [b / a for a, b in itertools.pairwise(rates)]
    assert (rates[0], rates[-1]) == (low, low * span)
    assert max(ratios) == pytest.approx(min(ratios), rel=1e-9)
    assert len(rates) == 1 + max(1, round(math.log10(low * span / low) * per_decade))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (1, 1), (2, 1), (1, math.inf), (math.nan, 1)])
def test_impossible_bounds_are_refused(low, high):
    """A logarithm needs 0 < low < high < inf."""
    with pytest.raises(
        ConfigError, match=r"`low` and `high` must satisfy 0 < low < high.*Use a small positive"
    ):
        learning_rate_grid(low, high, 1)


@pytest.mark.parametrize("per_decade", [0, -1, math.inf, math.nan])
def test_an_impossible_density_is_refused(per_decade):
    """`per_decade` counts rates."""
    with pytest.raises(ConfigError, match="`per_decade` must be finite and > 0"):
        learning_rate_grid(0.1, 1, per_decade)


@given(RATES, st.floats(1.1, 100), st.integers(1, 8))
def test_zooming_is_symmetric_and_keeps_the_best_in_the_middle(best, factor, half):
    """An odd count has the best itself in the middle and best/factor, best*factor at the ends."""
    rates = around(best, factor, 2 * half + 1)

    assert len(rates) == 2 * half + 1
    assert rates[half] == best
    assert (rates[0], rates[-1]) == (pytest.approx(best / factor), pytest.approx(best * factor))
    assert list(rates) == sorted(rates)


def test_an_even_zoom_does_not_repeat_the_best():
    """With an even count all rates are new."""
    assert around(0.01, factor=10, count=2) == (0.001, 0.1)


def test_an_impossible_zoom_is_refused():
    """Best, factor and count each have one message."""
    with pytest.raises(ConfigError, match="`best` must be finite and > 0"):
        around(0, 2, 3)
    with pytest.raises(ConfigError, match="`factor` must be finite and > 1"):
        around(0.1, 1, 3)
    with pytest.raises(ConfigError, match="`count` must be ≥ 2"):
        around(0.1, 2, 1)


@pytest.mark.parametrize(("best", "side"), [(0.01, "low"), (0.1, None), (1.0, "high")])
def test_the_border_is_recognised(best, side):
    """The smallest and the largest rate are borders, the others are not."""
    assert border((1.0, 0.01, 0.1), best) == side


def test_an_extension_goes_on_in_the_same_steps():
    """Beyond the border the ratio of neighbours stays as it was, nothing is repeated."""
    rates = (0.01, 0.02, 0.04)

    assert extension(rates, "high", 2) == (0.08, 0.16)
    assert extension(rates, "low", 1) == (0.005,)


def test_an_extension_needs_a_step_to_go_on_with():
    """One rate has no neighbour, and nought rates are no extension."""
    with pytest.raises(ConfigError, match="`extension` must get two rates or more"):
        extension((0.1, 0.1), "low", 1)
    with pytest.raises(ConfigError, match="count ≥ 1"):
        extension((0.1, 1.0), "low", 0)
