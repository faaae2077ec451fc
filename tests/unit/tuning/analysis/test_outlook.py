"""The best of N, and whether more trials would pay."""

from itertools import combinations
from math import comb, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.seeds import stream
from practicum.tuning.analysis.outlook import curve_sizes, expected_best, flat, lowest_probabilities, outlook
from practicum.tuning.trial import Tried


def trials(errors, standard_error=float("nan")):
    """Return trials with these errors."""
    return [
        Tried(i, {}, float(e), diverged=not np.isfinite(e), standard_error=standard_error)
        for i, e in enumerate(errors)
    ]


@pytest.mark.parametrize(
    "errors", [(0.3, 0.1, 0.5, 0.2, 0.6, 0.4), (0.2, 0.2, 0.1, 0.1, 0.3, 0.1), (1.0,) * 6], ids=str
)
def test_the_formula_equals_enumeration(errors):
    """Mean and deviation over all subsets of each size of n = 6, ties or not, to 1e-12."""
    found = expected_best(np.array(errors))

    for place, size in enumerate(range(1, 7)):
        lowest = [min(subset) for subset in combinations(errors, size)]
        assert found.mean[place] == pytest.approx(np.mean(lowest), abs=1e-12)
        assert found.deviation[place] == pytest.approx(np.std(lowest), abs=1e-9)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))))
def test_probabilities_are_ratios_of_binomials(case):
    """P(min = v_i) = C(n-i, N-1) / C(n, N), and they sum to 1."""
    count, size = case
    exact = [comb(count - i, size - 1) / comb(count, size) for i in range(1, count + 1)]

    assert lowest_probabilities(count, size) == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 100, 5000, 9999, 10_000])
def test_ten_thousand_trials_neither_overflow_nor_lose_precision(size):
    """Of 1..n the expected lowest of N is (n + 1) / (N + 1), here to 1e-8."""
    found = expected_best(np.arange(1.0, 10_001.0), [size])

    assert found.mean[0] == pytest.approx(10_001 / (size + 1), rel=1e-8)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_curve_falls_from_the_mean_to_the_minimum(errors):
    """N = 1 is the plain mean, N = n the minimum without deviation; in between it never rises."""
    found = expected_best(np.array(errors))

    assert found.mean[0] == pytest.approx(np.mean(errors))
    assert found.mean[-1] == pytest.approx(min(errors))
    assert found.deviation[-1] == pytest.approx(0.0, abs=1e-9)
    assert (np.diff(found.mean) <= 1e-12).all()


def test_the_first_n_and_the_best_of_n_are_two_curves():
    """A lucky first trial makes the first-N curve flat at once; the subset curve still falls [3.4-05]."""
    found = expected_best(np.array([0.1, 0.5, 0.4, 0.3]))

    assert found.first.tolist() == [0.1] * 4
    assert found.mean[1] > found.mean[2] > 0.1


def test_a_diverged_trial_counts_as_the_worst_or_as_told():
    """By default with the largest error; with inf, where all of a subset may have diverged the mean is infinite."""
    errors = np.array([0.2, inf, 0.4])

    assert expected_best(errors).mean[0] == pytest.approx(1 / 3)
    assert expected_best(errors).num_diverged == 1
    assert expected_best(errors, diverged=inf).mean.tolist() == [inf, pytest.approx(0.8 / 3), 0.2]
    assert len(expected_best(np.array([inf, inf])).sizes) == 0
    assert len(expected_best(np.zeros(0)).sizes) == 0


def test_sizes_of_a_long_curve_are_few_and_hold_both_ends():
    """At most 64 points for a thousand trials."""
    found = curve_sizes(1000)

    assert (found[0], found[-1]) == (1, 1000)
    assert len(found) <= 64


def test_sixty_trials_reach_the_top_twentieth():
    """1 - 0.95^60 = 0.954 [3.4-12]: the lowest of 60 of 10,000 even ranks is nearly always among the best 500."""
    reached = lowest_probabilities(10_000, 60)[:500].sum()

    assert reached == pytest.approx(1 - 0.95**60, abs=5e-4)


@pytest.mark.parametrize("shape", ["uniform", "power", "normal", "exponential"])
def test_the_stated_limit_covers_and_the_mean_is_right(shape):
    """Over 200 searches of 50 and 50 more: at most 8 % beyond the 95 % limit; the mean gain right within a half."""
    generator = stream(0, f"test/outlook/{shape}")
    draw = {
        "uniform": generator.random,
        "power": lambda n: generator.random(n) ** 0.25,
        "normal": generator.standard_normal,
        "exponential": lambda n: generator.exponential(size=n),
    }[shape]
    gained, said, covered = [], [], []
    for _ in range(200):
        errors, more = draw(50), draw(50)
        found = outlook(trials(errors), 50)
        gained.append(max(0.0, errors.min() - more.min()))
        said.append(found.gain)
        covered.append(gained[-1] <= found.most)

    assert np.mean(covered) >= 0.92
    assert np.mean(said) == pytest.approx(np.mean(gained), rel=0.5)


def test_the_probability_of_a_gain_is_exact():
    """The lowest of n + m lies among the last m with probability m / (n + m)."""
    assert outlook(trials(np.linspace(0, 1, 30)), 10).probability == pytest.approx(0.25)


def test_nobody_looks_further_ahead_than_three_times():
    """A batch of thousands is cut down."""
    assert outlook(trials(np.linspace(0, 1, 10)), 1000).num_more == 30


@pytest.mark.parametrize("errors", [[], [0.1], [0.1] * 7, [inf] * 50])
def test_few_errors_have_no_outlook_and_do_not_stop_a_search(errors):
    """Fewer than eight say nothing."""
    assert outlook(trials(errors)) is None
    assert not flat(trials(errors))


def test_a_search_whose_curve_still_falls_goes_on_and_a_flat_one_ends():
    """The same errors, measured coarsely or finely: a gain below a quarter of the standard error is none."""
    errors = 0.1 + stream(0, "test/outlook/flat").random(60) ** 2

    assert not flat(trials(errors, standard_error=1e-4))
    assert flat(trials(errors, standard_error=0.1))


def test_the_subset_curve_decides_and_not_the_order():
    """Shuffled trials give the same answer, though the best of the first N stands still in one order only."""
    errors = np.sort(stream(1, "test/outlook/flat").random(40))

    assert outlook(trials(errors)) == outlook(trials(errors[::-1]))


def test_equal_errors_promise_nothing():
    """No spread, no gain: flat."""
    found = outlook(trials([0.2] * 20))

    assert (found.gain, found.most, found.probability, found.pays) == (0.0, 0.0, 0.0, False)
    assert "would hardly pay" in found.text


def test_ties_at_the_best_do_not_make_nonsense_of_the_sentence():
    """A gain of at most 0, 95 % sure, would not go with a probability of one."""
    found = outlook(trials([*[0.2] * 6, *np.linspace(0.3, 0.9, 20)], standard_error=0.05))

    assert (found.most, found.pays) == (0.0, False)
    assert found.text == "Another 50 trials would hardly pay: the lowest errors are all alike."


def test_what_was_ended_early_makes_the_gain_rather_larger():
    """Errors of shorter trainings are upper limits; the lowest errors are of whole ones."""
    errors = np.sort(0.1 + stream(2, "test/outlook/early").random(40))
    early = errors + 0.2 * (np.arange(40) >= 4)

    assert outlook(trials(early)).gain >= outlook(trials(errors)).gain
