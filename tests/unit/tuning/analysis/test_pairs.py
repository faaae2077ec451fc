"""The best few on the same seeds."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.oracles.arenas import BASE, result

from practicum.core.seeds import stream
from practicum.tuning.analysis.pairs import compare, holm
from practicum.tuning.finals import Finalist


def test_a_pair_is_scipys_paired_t_test():
    """Difference, interval and p value agree with scipy.stats.ttest_rel to 1e-9."""
    first, second = stream(0, "test/pairs").random((2, 8))
    expected = stats.ttest_rel(first, second)
    found = compare([first, second]).pairs[0]

    assert found.difference == pytest.approx(first.mean() - second.mean())
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)), abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holms_correction_keeps_order_and_never_lowers(p_values):
    """Corrected values lie between the p value and Bonferroni's, in the same order."""
    found = holm(p_values)

    for p, corrected in zip(p_values, found, strict=True):
        assert p <= corrected <= min(1.0, len(p_values) * p) + 1e-12
    ranks = np.argsort(p_values, kind="stable")
    assert (np.diff(np.array(found)[ranks]) >= 0).all()


def test_common_luck_of_seeds_cancels():
    """Seeds differ far more than recipes, yet the better recipe is told, as both meet the same seeds."""
    luck = np.array([0.1, 0.3, 0.2, 0.5, 0.4])

    found = compare([luck, luck + 0.01 + 0.0001 * np.arange(5)])

    assert found.pairs[0].verdict == "first"
    assert found.text == "The chosen recipe is better than the other over 5 seeds: mean error 0.3."


def test_equal_recipes_cannot_be_told_apart():
    """In at least 93 of 100 comparisons of three recipes that differ by chance only."""
    alike = 0
    for i in range(100):
        found = compare(0.2 + 0.01 * stream(i, "test/pairs/alike").standard_normal((3, 5)))
        alike += all(one.verdict == "alike" for one in found.pairs)

    assert alike >= 93


def test_ties_with_the_best_are_said():
    """One rival cannot be told apart, another is clearly worse."""
    errors = [[0.10, 0.12, 0.11, 0.10], [0.11, 0.11, 0.12, 0.10], [0.5, 0.52, 0.51, 0.5]]

    found = compare(errors)

    assert found.tied == (1,)
    assert found.text == (
        "The chosen recipe has the lowest mean error over 4 seeds, 0.1075, but cannot be told apart from the second."
    )
    assert compare([*errors[:2], errors[0], errors[2]]).text.endswith("apart from the second and the third.")


def test_without_recipes_nothing_is_tied():
    """No best, no rival."""
    assert compare([]).tied == ()


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([], "There is one recipe only"),
        ([[0.1, 0.2]], "There is one recipe only"),
        ([[0.1], [0.2]], "With 1 common seeds the 2 best recipes cannot be told apart"),
        ([[0.2, 0.1], [inf, inf]], "With 0 common seeds"),
        ([[0.1, 0.1], [0.1, 0.1]], "The 2 best recipes cannot be told apart over 2 seeds"),
    ],
)
def test_little_to_compare_is_said(errors, words):
    """No recipe, one, one seed, diverged seeds, no difference at all."""
    assert compare(errors).text.startswith(words)


def test_the_sentence_names_the_finalist_that_was_chosen_where_a_seed_diverged():
    """The one that blew up with a seed comes behind, and it is said that it is better where both reached an error."""

    def finalist(*errors):
        return Finalist(0, {}, BASE, tuple((result(k, error),) for k, error in enumerate(errors)))

    chosen, other = sorted(
        [finalist(0.2, 0.21, 0.2, 0.2), finalist(0.1, 0.11, inf, 0.1)], key=lambda f: f.rank
    )
    found = compare([chosen.errors, other.errors])

    assert other.errors[2] == inf
    assert found.means == pytest.approx((0.61 / 3, 0.31 / 3))
    assert (found.num_seeds, found.surer) == (3, (1,))
    assert found.text == (
        "The chosen recipe, mean error 0.2033, reached an error with more seeds than the second (0.1033), but is worse "
        "over the 3 seeds that all reached."
    )


def test_a_mean_that_a_missing_seed_made_beats_nobody():
    """On the seeds that both reached the other is clearly better: they are not told apart."""
    found = compare([[0.20, 0.211, 0.202, 0.01], [0.19, 0.20, 0.192, inf]])

    assert found.means == pytest.approx((0.613 / 3, 0.194))
    assert found.pairs[0].verdict == "second"
    assert found.tied == (1,)
