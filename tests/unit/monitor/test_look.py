"""Facts about what is kept of a look."""

import math

from tests.made_facts import a_look, a_parameter


def test_the_ratio_is_the_step_over_the_weights():
    """A parameter of zero has none."""
    assert a_parameter(norm=2.0, update_norm=0.5).update_ratio == 0.25
    assert math.isnan(a_parameter(norm=0.0, update_norm=0.5).update_ratio)


def test_weights_are_told_from_biases():
    """By their kind."""
    look = a_look(parameters=(a_parameter(kind="weight"), a_parameter(kind="bias")))

    assert [one.kind for one in look.weights] == ["weight"]
