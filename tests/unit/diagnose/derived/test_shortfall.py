"""What the network lacks."""

import math

from tests.made_networks import Exact, facts_of, tower

from practicum.diagnose.derived.shortfall import loss_is_left, loss_left, shortfall


def test_a_network_that_knows_nothing_lacks_what_trees_find():
    """The sentence has both shares."""
    said = shortfall(facts_of(tower(8)))

    assert said.startswith("From a constant to perfect")


def test_what_is_right_lacks_nothing():
    """However it came about."""
    assert shortfall(facts_of(Exact())) is None


def test_a_loss_that_is_no_number_is_a_shortfall():
    """Without any rows."""
    assert "no finite number" in shortfall(facts_of(Exact(), losses=[1.0, math.nan]))


def test_the_loss_that_is_left_is_beside_the_best_constant():
    """None of it is left where all is right; where simple models tell more, nothing is said."""
    assert loss_left(facts_of(Exact())) == 0
    assert loss_is_left(facts_of(tower(8)), 0.1) is None
