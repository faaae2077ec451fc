"""Facts about the rule of inputs that are not scaled."""

from tests.made_facts import a_look, a_unit
from tests.made_rows import facts_of, normal

from practicum.diagnose.rules.unscaled_inputs import LARGE, check


def _facts(x, kind="linear"):
    facts = facts_of((x, normal(len(x), 1, seed=9)))
    facts.looks.append(a_look(units=(a_unit(kind=kind),)))
    return facts


def test_pixels_from_0_to_255_are_named():
    """They reach the first weights as they are."""
    assert "root mean square" in check(_facts(128 + 60 * normal(64, 5)))


def test_standardised_inputs_are_silent():
    """Nothing is to be said of them."""
    assert check(_facts(normal(64, 5))) is None


def test_inputs_just_below_the_limit_are_silent():
    """The limit is of the root mean square."""
    assert check(_facts(0.95 * LARGE * normal(512, 5).sign())) is None
    assert check(_facts(1.05 * LARGE * normal(512, 5).sign())) is not None


def test_a_norm_before_the_weights_makes_scales_harmless():
    """It standardises by itself."""
    assert check(_facts(128 + 60 * normal(64, 5), kind="norm")) is None


def test_a_few_outliers_are_not_a_scale():
    """They are heavy tails, which another rule tells."""
    x = normal(400, 5)
    x[3] = 500

    assert check(_facts(x)) is None


def test_a_column_far_wider_than_others_is_worth_knowing():
    """Its severity is less as long as inputs are small as a whole."""
    x = 0.001 * normal(200, 5)
    x[:, 0] *= 1000

    assert check(_facts(x)).severity == "info"
