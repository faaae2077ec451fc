"""The best few on the same seeds."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from practicum.core.seeds import stream
from practicum.tuning.analysis.pairs import compare, holm


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
    assert found.text == "Recipe 1 is better than the other over 5 seeds: mean error 0.3."


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

    assert found.order == (0, 1, 2)
    assert found.tied == (1,)
    assert found.text.endswith("but cannot be told apart from recipe 2.")


def test_without_recipes_nothing_is_tied():
    """No best, no rival."""
    assert compare([]).tied == ()


def test_of_equal_means_the_first_is_chosen():
    """The order given decides, not chance."""
    assert compare([[0.2, 0.1], [0.1, 0.2]]).order == (0, 1)


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([], "There is one recipe only"),
        ([[0.1, 0.2]], "There is one recipe only"),
        ([[0.1], [0.2]], "With 1 common seeds the 2 best recipes cannot be told apart"),
        ([[inf, inf], [0.2, 0.1]], "With 0 common seeds"),
        ([[0.1, 0.1], [0.1, 0.1]], "The 2 best recipes cannot be told apart over 2 seeds"),
    ],
)
def test_little_to_compare_is_said(errors, words):
    """No recipe, one, one seed, diverged seeds, no difference at all."""
    assert compare(errors).text.startswith(words)


def test_a_recipe_that_diverged_on_a_seed_comes_last():
    """Its mean is infinite; the seeds that both have are still compared."""
    found = compare([[0.1, 0.1, inf, 0.1], [0.2, 0.21, 0.2, 0.2]])

    assert found.order == (1, 0)
    assert found.num_seeds == 3
    assert found.pairs[0].difference < 0


def test_few_rows_widen_the_interval():
    """A difference that is the same for every seed but rests on twelve rows is not beyond doubt."""
    rows = np.zeros((2, 5, 12))
    rows[1, :, 0] = 1.0
    rows[1, 0, 1] = 1.0
    errors = rows.mean(axis=2)

    assert compare(errors).pairs[0].verdict == "first"
    assert compare(errors, rows).pairs[0].verdict == "alike"


def test_rows_and_seeds_both_count():
    """With rows and seeds the stated interval holds the true difference, 0, in 90 to 100 % of 200 comparisons."""
    held = 0
    for i in range(200):
        generator = stream(i, "test/pairs/rows")
        row, seed = generator.standard_normal((2, 1, 40)), generator.standard_normal((2, 6, 1))
        rows = row + 0.5 * seed + generator.standard_normal((2, 6, 40))
        pair = compare(rows.mean(axis=2), rows).pairs[0]
        held += pair.low <= 0 <= pair.high

    assert held >= 180
