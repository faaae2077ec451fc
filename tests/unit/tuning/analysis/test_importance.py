"""Which entries matter."""

import pytest

from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Entry, Linear, Log, SometimesOff, Space
from practicum.tuning.analysis.importance import Importance, importance_text, importances
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-5, 1.0)),
        Entry("momentum", Linear(0.0, 0.9)),
        Entry("l2_penalty", SometimesOff(Log(1e-3, 10.0))),
        Entry("preprocess", Choice(("standardise", "uniformise"))),
        Entry("tails", Choice(("none", "log"))),  # acts beside one of the two only
    )
)


def searched(error, num=100, seed=0):
    """Return a random search with ``error`` of the units."""
    tried = []
    for i, row in enumerate(stream(seed, "test/importance").random((num, len(SPACE)))):
        units = dict(zip(SPACE.names, map(float, row), strict=True))
        found = error(units)
        tried.append(Tried(i, SPACE.values(units), found, diverged=found == float("inf")))
    return tried


def test_what_decides_the_error_is_most_important():
    """Its share is above a half and clear; shares sum to 1, the largest first."""
    found = importances(searched(lambda u: (u["learning_rate"] - 0.4) ** 2 + 0.01 * u["momentum"]), SPACE)

    assert found[0].name == "learning_rate"
    assert found[0].share > 0.5
    assert found[0].clear
    assert sum(one.share for one in found) == pytest.approx(1.0)
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)


def test_a_rate_at_which_all_diverges_matters():
    """Diverged trials count as the worst instead of being left out."""
    found = importances(
        searched(lambda u: float("inf") if u["learning_rate"] > 0.2 else 0.1 + 1e-6 * u["momentum"]), SPACE
    )

    assert found[0].name == "learning_rate"


def test_an_entry_that_acts_in_some_trials_only_is_judged_too():
    """It has a share, and no trial without it is in the way."""
    assert {one.name for one in importances(searched(lambda u: u["momentum"]), SPACE)} == set(SPACE.names)


def test_of_noise_nothing_is_clear():
    """In at most 3 of 15 searches without any effect is some entry called clear."""
    generator = stream(1, "test/importance/noise")
    found = [
        importances(searched(lambda u: float(generator.random()), 60, seed), SPACE) for seed in range(15)
    ]

    assert sum(any(one.clear for one in shares) for shares in found) <= 3


@pytest.mark.parametrize("num", [0, 1, 2, 9])
def test_few_trials_say_nothing(num):
    """Fewer than ten."""
    assert importances(searched(lambda u: u["momentum"], num), SPACE) == ()


def test_equal_or_no_errors_say_nothing():
    """Nothing to be explained."""
    assert importances(searched(lambda u: 0.2), SPACE) == ()
    assert importances(searched(lambda u: float("inf")), SPACE) == ()


def test_the_same_trials_give_the_same_shares():
    """Resampling is a function of the seed."""
    tried = searched(lambda u: u["momentum"], 30)

    assert importances(tried, SPACE) == importances(tried, SPACE)


def test_the_sentence_names_only_what_is_clear():
    """None, some, all."""
    clear, doubtful = Importance("momentum", 0.6, 0.1, 0.2), Importance("init_scale", 0.4, 0.1, 0.5)

    assert importance_text([]) == ""
    assert importance_text([Importance("momentum", 1.0, 0.0, 0.5)]) == ""
    assert importance_text([doubtful]) == "Which settings matter cannot be told from these trials."
    assert importance_text([clear, doubtful]).endswith("the rest could be chance.")
    assert importance_text([clear, clear]) == (
        "What matters most is `momentum` (60 ± 10 %) and `momentum` (60 ± 10 %)."
    )
