"""Settings that do not go together are refused with one message."""

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.recipe.combinations import check_layers, check_own_module, check_perceptron


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"fold": 1}, "`fold` must be 0 when num_folds is null, one split held out, but got fold=1"),
        ({"num_folds": 5, "fold": 5}, "`fold` must be < num_folds=5, but got fold=5"),
        ({"update_rule": "adam", "momentum": 0.9}, 'must be left out where update_rule="adam"'),
        ({"nesterov": True}, "`momentum` must be > 0 when `nesterov` is true"),
        ({"momentum": 0.5, "initial_momentum": 0.9}, "`initial_momentum` must be ≤ momentum=0.5"),
        ({"schedule": "cosine"}, '`schedule_steps` or `num_steps` must be given when schedule="cosine"'),
        ({"schedule": "exponential", "decay_start_step": 10}, "`decay_start_step` must be null"),
        ({"update_rule": "schedule_free_sgd", "averaging": 0.9}, "`averaging` must be 0"),
        ({"update_rule": "schedule_free_sgd", "max_norm": 1.0}, "`max_norm` must be left out"),
        (
            {"update_rule": "schedule_free_adamw", "l1_penalty": 0.1, "l1_step": "proximal"},
            "`l1_step` must be left out",
        ),
        ({"corruption": "masking", "corruption_level": 1.5}, r"must lie in \[0, 1\]"),
    ],
)
def test_what_contradicts_itself_is_refused(values, message):
    """When the recipe is made."""
    with pytest.raises(ConfigError, match=message):
        Recipe(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"num_folds": 5, "fold": 4},
        {"momentum": 0.9, "nesterov": True, "initial_momentum": 0.5},
        {"schedule": "cosine", "num_steps": 100},
        {"schedule": "linear", "schedule_steps": 100},
        {"corruption": "gaussian", "corruption_level": 1.5},
    ],
)
def test_what_goes_together_is_taken(values):
    """Nothing else is asked for."""
    assert Recipe(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"l2_penalty": [0.1, 0.2]}, "`l2_penalty` must be one number, or 4 numbers, one a layer"),
        ({"layer_rate_multipliers": [1, 2]}, "`layer_rate_multipliers` must be 4 numbers"),
        ({"sparsity_penalty": 0.1, "sparsity_form": "kl"}, "`sparsity_form` must be student_t or target"),
        (
            {"sparsity_penalty": 0.1, "sparsity_form": "kl", "activation": "relu"},
            '`activation` must be "sigmoid"',
        ),
    ],
)
def test_what_does_not_go_with_a_perceptron_is_refused(values, message):
    """When the network is known, since a user's own module has other layers."""
    with pytest.raises(ConfigError, match=message):
        check_perceptron(dict(Recipe(**values)))


def test_one_number_stands_for_any_number_of_layers():
    """Only lists have a length."""
    check_layers("l2_penalty", 0.1, 7)
    check_layers("layer_rate_multipliers", None, 7)

    with pytest.raises(ConfigError, match="7 numbers"):
        check_layers("l1_penalty", (0.1,), 7)


@pytest.mark.parametrize("values", [{"num_folds": 5}, {"bagging": True}, {"input_fraction": 0.5}])
def test_what_a_trial_sees_of_the_data_is_left_to_the_owner_of_a_module(values):
    """Rows of one's own are trained on as they are."""
    name = next(iter(values))

    check_own_module(Recipe(), "trial 3")
    with pytest.raises(
        ConfigError, match=rf"`{name}` must be left out with a module of your own.*\(trial 3\)"
    ):
        check_own_module(Recipe(**values), "trial 3")
