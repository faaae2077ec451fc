"""Facts about ending well."""

from tests.made_watched import watched

from practicum.diagnose.derived.ends_well import ends_well, has_learned
from practicum.monitor.facts import Facts


def test_a_net_that_learned_ends_well_and_one_that_stood_still_does_not():
    """Beside a line, neighbours and trees."""
    assert ends_well(watched(num_steps=450))
    assert not ends_well(watched(num_steps=100, learning_rate=0.0))


def test_what_is_not_known_is_not_well():
    """No rows, no verdict."""
    assert not ends_well(Facts())


def test_how_far_a_network_came_is_told_by_validation_rows():
    """From a constant to perfect."""
    good, still = watched(num_steps=450), watched(num_steps=100, learning_rate=0.0)

    assert has_learned(good, 0.5)
    assert not has_learned(good, 1.0)
    assert not has_learned(still, 0.5)
    assert not has_learned(Facts(), 0.0)
