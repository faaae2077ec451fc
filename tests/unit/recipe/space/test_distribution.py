"""Facts about the distributions over a continuum."""

import math

import numpy as np
import pytest
from scipy import stats

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Linear, Log, LogNormal


def test_draws_are_uniform_in_the_log():
    """Even units give as many values in each decade [3.3-05]."""
    draws = stream(0, "test").random(2000)
    logs = [math.log10(Log(1e-6, 1).value(unit)) for unit in draws]

    assert stats.kstest(logs, stats.uniform(-6, 6).cdf).pvalue > 0.01
    assert np.histogram(logs, bins=6, range=(-6, 0))[0] == pytest.approx([2000 / 6] * 6, rel=0.15)


def test_a_log_normal_has_its_median_and_deviation():
    """In the log domain it is a normal without its last thousandths."""
    draws = stream(0, "test").random(4000)
    logs = np.log([LogNormal(0.01, 3).value(unit) for unit in draws])

    assert np.median(logs) == pytest.approx(math.log(0.01), abs=0.15)
    assert logs.std() == pytest.approx(3, rel=0.03)


def test_the_ends_are_exact():
    """Rounding steps over no limit: 0.99 stays below 1."""
    for low, high in ((1e-6, 1.0), (0.1, 0.3), (1e-3, 0.7)):
        assert (Log(low, high).value(0), Log(low, high).value(1)) == (low, high)
        assert (Linear(low, high).value(0), Linear(low, high).value(1)) == (low, high)
        assert low <= Log(low, high).value(1 - 1e-16) <= high


def test_a_narrowed_log_normal_is_still_one():
    """It is the part of the same normal between the two quantiles."""
    whole = LogNormal(0.01, 3)
    part = whole.narrowed(0.25, 0.75)

    assert part.ends == pytest.approx((whole.value(0.25), whole.value(0.75)))
    assert part.value(0.5) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Log(1, 1), r"`low` must be < high, but got low=1 and high=1"),
        (lambda: Linear(2, 1), r"`low` must be < high, but got low=2 and high=1"),
        (
            lambda: Log(0, 1),
            r"`low` must be > 0 on a log scale, but got low=0\. Use a small positive low, e\.g\. 1e-6",
        ),
        (lambda: Log(-1, 1), r"`low` must be > 0 on a log scale, but got low=-1"),
        (lambda: Linear(math.nan, 1), r"`low` must be a finite number, but got low=nan"),
        (lambda: Linear(0, math.inf), r"`high` must be a finite number, but got high=inf"),
        (lambda: Linear("0", 1), r"`low` must be a finite number, but got low='0'"),
        (lambda: LogNormal(0, 1), r"`median` must be > 0, but got median=0"),
        (lambda: LogNormal(1, math.inf), r"`deviation` must be > 0, but got deviation=inf"),
        (lambda: LogNormal(1, 1, (0.5, 0.5)), r"`between` must be two ascending quantiles inside \(0, 1\)"),
        (lambda: Log(1, 2).unit(3), r"`value` must lie in \[1, 2\], but got value=3"),
        (lambda: Linear(1, 2).unit("x"), r"`value` must lie in \[1, 2\], but got value='x'"),
    ],
)
def test_what_cannot_work_is_refused(make, message):
    """Each with the numbers and a way out."""
    with pytest.raises(ConfigError, match=message):
        make()
