"""Facts about ending well."""

from tests.made_watched import watched

from practicum.diagnose.derived.ends_well import ends_well
from practicum.monitor.facts import Facts


def test_a_net_that_learned_ends_well_and_one_that_stood_still_does_not():
    """Beside a line, neighbours and trees."""
    assert ends_well(watched(num_steps=450))
    assert not ends_well(watched(num_steps=100, learning_rate=0.0))


def test_what_is_not_known_is_not_well():
    """No rows, no verdict."""
    assert not ends_well(Facts())
