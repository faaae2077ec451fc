"""Faults of searches."""

from practicum.diagnose.searches import best_at_borders, noise_of_seeds
from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.trial import Tried


def test_a_lead_that_seeds_may_explain_is_no_gain():
    """With two seeds it is a warning, with many worth knowing; a clear lead is none."""
    assert noise_of_seeds([[0.10, 0.14], [0.13, 0.12]]).severity == "warning"
    assert noise_of_seeds([[0.10, 0.14, 0.11, 0.13, 0.12], [0.13, 0.12, 0.12, 0.12, 0.13]]).severity == "info"
    assert noise_of_seeds([[0.10, 0.12, 0.11, 0.13, 0.12], [0.15, 0.18, 0.16, 0.17, 0.17]]) is None


def test_a_single_setting_has_nothing_to_lead():
    """One is always the best."""
    assert noise_of_seeds([[0.1, 0.2]]) is None


def test_the_best_at_an_end_is_found_and_one_within_is_not():
    """The error falls to the upper end, or to the middle of the range."""
    space = Space((Entry("learning_rate", Log(1e-6, 1e-3)),))
    places = [k / 15 for k in range(16)]

    def tried(error):
        return [Tried(k, {"learning_rate": 10 ** (-6 + 3 * one)}, error(one)) for k, one in enumerate(places)]

    assert [one.rule for one in best_at_borders(tried(lambda one: 0.5 - 0.3 * one), space)] == ["R082"]
    assert best_at_borders(tried(lambda one: 0.2 + (one - 0.5) ** 2), space) == ()
