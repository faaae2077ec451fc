"""One value at a time: what is taken, what is refused."""

import numpy as np
import pytest

from practicum.core.errors import ConfigError
from practicum.core.guide.settings import SETTINGS
from practicum.recipe.checks import checked, show


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("learning_rate", "1e-3", 1e-3),
        ("learning_rate", 1, 1.0),
        ("learning_rate", np.float32(0.5), 0.5),
        ("batch_size", "64", 64),
        ("batch_size", "1e2", 100),
        ("batch_size", 64.0, 64),
        ("batch_size", np.int64(64), 64),
        ("hidden_sizes", [64, "32"], (64, 32)),
        ("hidden_sizes", [], ()),
        ("l2_penalty", ["1e-2", 0], (0.01, 0.0)),
        ("l1_penalty", "0.5", 0.5),
        ("decay_start_step", "auto", "auto"),
        ("decay_start_step", "300", 300),
        ("decay_start_step", None, None),
        ("pca_variance", None, None),
        ("penalise_biases", True, True),
        ("activation", "tanh", "tanh"),
    ],
)
def test_a_value_that_a_person_may_write_is_taken(name, given, kept):
    """The kept value has the recipe's own type."""
    value = checked(SETTINGS[name], given, "")

    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        (
            "learning_rate",
            0,
            r"`learning_rate` must be > 0, but got learning_rate=0 \(here\)\. Values usually",
        ),
        ("learning_rate", float("nan"), "must be finite"),
        ("learning_rate", "inf", "must be finite"),
        ("learning_rate", "fast", "must be a number, but got learning_rate='fast'"),
        ("learning_rate", True, "must be a number"),
        ("learning_rate", None, "must be a number"),
        ("learning_rate", 10**400, "must be a number"),
        ("learning_rate", [0.1], "must be a number"),
        ("momentum", 1, r"must lie in \[0, 1\)"),
        ("averaging", 1.0, r"must lie in \[0, 1\)"),
        ("batch_size", 0, "must lie in "),
        ("batch_size", 2.5, "must be an integer"),
        ("batch_size", False, "must be an integer"),
        ("batch_size", "32x", "must be an integer"),
        ("hidden_sizes", 64, r"must be a list of integers.*Write \[64\]"),
        ("hidden_sizes", "64", "must be a list of integers"),
        ("hidden_sizes", [64, 0], r"`hidden_sizes\[1\]` must lie in \[1, 65536\]"),
        ("hidden_sizes", [65537], "65536"),
        ("hidden_sizes", [[64]], r"`hidden_sizes\[0\]` must be an integer"),
        ("pca_variance", 0.0, r"must lie in \(0, 1\] or null"),
        ("pca_variance", 1.01, r"must lie in \(0, 1\] or null"),
        ("decay_exponent", 0, r"must lie in \(0, 1\]"),
        ("l2_penalty", -1e-9, "must be ≥ 0"),
        ("l1_penalty", [0, -1], r"`l1_penalty\[1\]` must be ≥ 0"),
        ("patience_increase", 0.5, "must be ≥ 1"),
        ("improvement_threshold", -0.1, r"must lie in \[0, 1\)"),
        ("seed", -1, "must lie in "),
        pytest.param("seed", 10**5000, "must lie in ", id="huge"),
        ("num_steps", 0, "or null"),
        ("decay_start_step", "aut", r"an integer or auto or null.*Did you mean \"auto\"\?"),
        ("activation", "relo", r"must be one of tanh, .*Did you mean \"relu\"\?"),
        ("activation", None, "must be one of"),
        ("preprocess", ["unit"], "must be one of"),
        ("early_stopping", "yes", "must be true or false"),
        ("early_stopping", 1, "must be true or false"),
    ],
)
def test_an_impossible_value_is_refused_with_its_reason(name, given, message):
    """The message says the condition, the value, the place; the value rides along."""
    with pytest.raises(ConfigError, match=message) as caught:
        checked(SETTINGS[name], given, "here")

    assert name in caught.value.values


def test_a_number_too_long_to_print_is_named_by_its_type():
    """Python refuses to print integers beyond some thousand digits; the message survives it."""
    assert "int" in show(10**5000)


def test_a_long_value_is_shortened():
    """A message stays readable."""
    assert len(show("x" * 10_000)) < 100


def test_every_default_and_every_end_of_a_search_range_is_possible():
    """The table does not contradict itself."""
    for setting in SETTINGS.values():
        assert checked(setting, setting.default, "") == setting.default
        for end in (setting.low, setting.high):
            assert end is None or setting.limits.holds(end)
