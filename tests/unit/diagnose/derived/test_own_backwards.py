"""Backward passes that somebody wrote."""

from tests.made_networks import facts_of, tower, with_own

from practicum.diagnose.derived.own_backwards import wrong_backwards


def found(factor):
    """Return what is found in a network with such a layer."""
    return wrong_backwards(facts_of(with_own(factor)))


def test_models_without_one_are_not_asked():
    """Finite differences are slow."""
    assert wrong_backwards(facts_of(tower(8))) is None


def test_a_right_one_is_named_and_not_blamed():
    """It was asked."""
    assert found(1.0).functions == ("Own",)
    assert found(1.0).modules == ()


def test_a_wrong_one_is_found_where_it_is():
    """The innermost module is named."""
    assert found(-1.0).modules == ("1",)
