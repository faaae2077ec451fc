"""The winner's optimism."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from practicum.core.seeds import stream
from practicum.tuning.analysis.optimism import SHARED, best_probabilities, shared_noise, winner_optimism
from practicum.tuning.trial import Tried


def trials(errors, standard_error=0.01):
    """Return trials with these errors."""
    return [Tried(i, {}, float(e), standard_error=standard_error) for i, e in enumerate(errors)]


def test_best_of_n_noise_only_trials_grows_more_optimistic_with_n():
    """All true errors are 0.2: the lowest of more is lower still [3.3-02], and the correction grows with it."""
    bias, corrected = [], []
    for num in (4, 16, 64):
        found = []
        for i in range(30):
            errors = 0.2 + 0.01 * stream(i, "test/optimism").standard_normal(num)
            found.append(winner_optimism(trials(errors), shared=0.0))
        bias.append(np.mean([0.2 - one.validated for one in found]))
        corrected.append(np.mean([0.2 - one.corrected for one in found]))

    assert bias[0] < bias[1] < bias[2]
    assert np.abs(corrected[2]) < bias[2] / 3


def test_the_interval_covers_and_the_optimism_shrinks_to_a_third():
    """Over 100 searches of 32 trials whose true errors spread as widely as the noise."""
    before, after, held = [], [], []
    for i in range(100):
        generator = stream(i, "test/optimism/spread")
        truth = 0.2 + 0.01 * generator.gamma(1.5, size=32)
        common = np.sqrt(0.5) * generator.standard_normal()
        errors = truth + 0.01 * (common + np.sqrt(0.5) * generator.standard_normal(32))
        found = winner_optimism(trials(errors), shared=0.5)
        before.append(truth[found.number] - found.validated)
        after.append(truth[found.number] - found.corrected)
        held.append(found.low <= truth[found.number] <= found.high)

    assert abs(np.mean(after)) < np.mean(before) / 3
    assert 0.82 <= np.mean(held) <= 0.98


def test_a_clear_winner_is_hardly_corrected():
    """Ten standard errors ahead of all others, there is nothing to be lucky about."""
    found = winner_optimism(trials([0.1, 0.3, 0.31, 0.29]))

    assert found.optimism < 0.003
    assert found.num_contenders == pytest.approx(1.0)


def test_the_correction_never_praises():
    """Having won never makes the true error lower."""
    for i in range(20):
        assert winner_optimism(trials(stream(i, "test/optimism/any").random(12))).optimism >= 0.0


def test_the_epochs_choice_is_corrected_for_too():
    """By what its neighbours say more; never to the winner's praise, and not where they are not known."""
    plain = winner_optimism(trials([0.2, 0.25]))
    known = [replace(one, near_error=one.error + 0.01) for one in trials([0.2, 0.25])]
    lower = [replace(one, near_error=one.error - 0.01) for one in trials([0.2, 0.25])]

    assert winner_optimism(known).corrected == pytest.approx(plain.corrected + 0.01)
    assert winner_optimism(known).high == pytest.approx(plain.high + 0.01)
    assert winner_optimism(lower) == plain


def test_noise_that_was_not_measured_is_shared_as_usual():
    """By the share that real tables showed."""
    some = trials([0.2, 0.21, 0.25])

    assert winner_optimism(some, nan) == winner_optimism(some, SHARED) != winner_optimism(some, 0.0)


def test_noise_that_all_share_is_not_corrected_for():
    """What shifts all trials alike makes none of them the winner."""
    errors = 0.2 + 0.01 * stream(5, "test/optimism").standard_normal(40)

    assert winner_optimism(trials(errors), 1.0).optimism < winner_optimism(trials(errors), 0.0).optimism / 3


def test_the_weighted_mean_is_the_papers():
    """Two that tie share the weight; a far one has none."""
    found = winner_optimism(trials([0.20, 0.21, 0.9], standard_error=0.05))

    assert found.weighted == pytest.approx(0.205, abs=0.002)
    assert best_probabilities(np.array([0.2, 0.9]), np.full(2, 0.01)).tolist() == [1.0, 0.0]


def test_trials_that_diverged_or_were_ended_early_do_not_compete():
    """They are none of the best of N."""
    tried = [
        Tried(0, {}, 0.2, standard_error=0.01),
        Tried(1, {}, 0.1, standard_error=0.01, halted=True),
        Tried(2, {}, inf, diverged=True),
    ]

    assert winner_optimism(tried).num_compared == 1
    assert winner_optimism(tried).number == 0


def test_without_a_standard_error_nothing_is_corrected():
    """It is said, too."""
    found = winner_optimism(trials([0.2, 0.3], standard_error=nan))

    assert (found.corrected, found.low, found.high) == (0.2, -inf, inf)
    assert found.text.endswith("its standard error is not known.")


def test_there_is_no_winner_where_all_diverged():
    """Nothing, or nothing finite."""
    assert winner_optimism([]) is None
    assert winner_optimism([Tried(0, {}, inf, diverged=True)]) is None


def test_the_sentence_says_how_many_may_be_best():
    """Ten equal trials are ten contenders."""
    assert "about 10 trials may be the truly best one" in winner_optimism(trials([0.2] * 10)).text


def test_shared_noise_is_the_mean_correlation_of_rows():
    """Equal rows share all, independent ones nothing; one alone tells nothing."""
    independent = stream(0, "test/optimism/rows").integers(0, 2, (4, 4000))

    assert shared_noise(independent) == pytest.approx(0.0, abs=0.02)
    assert shared_noise([[0, 1, 1]]) == SHARED
    assert shared_noise([[0, 0, 0], [0, 1, 1]]) == SHARED
