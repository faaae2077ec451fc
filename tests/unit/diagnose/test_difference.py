"""Facts about where two runs part."""

import math

import pytest

from practicum.core.errors import ConfigError
from practicum.diagnose.difference import first_difference
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("second", "step"),
    [
        ([1.0, 0.5, 0.25], None),
        ([1.0, 0.5 + 1e-8, 0.25], None),
        ([1.0, 0.5 + 1e-5, 0.25], 2),
        ([2.0, 0.5, 0.25], 1),
        ([1.0, 0.5], 3),
        ([1.0, 0.5, math.nan], 3),
    ],
)
def test_the_first_step_that_differs_is_named(second, step):
    """Rounding is no difference; an end that comes earlier is one."""
    found = first_difference([1.0, 0.5, 0.25], second)

    assert (None if found is None else found.step) == step


def test_two_runs_that_were_lost_alike_do_not_differ():
    """NaN is nobody's number, but it is the same end."""
    assert first_difference([1.0, math.nan], [1.0, math.nan]) is None


def test_with_no_tolerance_the_bits_count():
    """For loops that should be repeated exactly."""
    assert first_difference([1.0], [1.0 + 1e-12], tolerance=0).step == 1


def test_facts_are_as_good_as_losses_and_the_finding_says_where_to_look():
    """Weights or first rows if it is the first step, else what draws later."""
    first = first_difference(Facts(losses=[1.0, 2.0]), Facts(losses=[3.0, 2.0])).finding
    later = first_difference(Facts(losses=[1.0, 2.0]), Facts(losses=[1.0, 3.0])).finding

    assert first.causes == later.causes == (("C10", 1.0),)
    assert "before the model is made" in first.advice
    assert "drops out" in later.advice


@pytest.mark.parametrize("given", [[], Facts(), "losses", None])
def test_a_run_without_losses_is_refused(given):
    """With the way out."""
    with pytest.raises(ConfigError, match="`second` must be a monitor"):
        first_difference([1.0], given)
