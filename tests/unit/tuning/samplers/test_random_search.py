"""Random search: trial i is a function of the seed and i alone."""

from practicum.recipe.space import Choice, Entry, Linear, Log, Space
from practicum.tuning.samplers.random_search import Random

SPACE = Space((Entry("learning_rate", Log(1e-3, 1.0)), Entry("momentum", Linear(0.0, 0.99))))


def test_trial_i_is_the_same_whatever_the_number_of_trials():
    """The first 100 of 150 trials are those of a search of 100 [3.4-06]."""
    assert Random(SPACE, seed=1).ask(150)[:100] == Random(SPACE, seed=1).ask(100)


def test_an_extended_search_goes_on_where_it_ended():
    """Fifty more trials are the ones that a longer search would have had."""
    assert Random(SPACE, seed=1, first=100).ask(50) == Random(SPACE, seed=1).ask(150)[100:]


def test_rates_are_drawn_evenly_in_the_logarithm():
    """A third of the trials lies in each decade of three."""
    rates = [trial["learning_rate"] for trial in Random(SPACE, seed=0).ask(3000)]
    counts = [sum(low <= rate < 10 * low for rate in rates) for low in (1e-3, 1e-2, 1e-1)]

    assert all(abs(count - 1000) < 100 for count in counts)  # four standard deviations


def test_an_inactive_entry_moves_no_other():
    """An entry whose condition fails uses up its number all the same, so the others keep theirs."""
    entries = (
        Entry("update_rule", Choice(("sgd", "adam"))),
        Entry("momentum", Linear(0.1, 0.99), when={"update_rule": ("sgd",)}),
        Entry("learning_rate", Log(1e-3, 1.0)),
    )
    always = Space(entries).replaced("update_rule", Choice(("sgd",)))
    sometimes = Space(entries)

    rates = [
        [trial["learning_rate"] for trial in Random(space, seed=0).ask(20)] for space in (always, sometimes)
    ]
    assert rates[0] == rates[1]
