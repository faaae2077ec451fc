"""Facts about the rule of a loss that starts far too high."""

import math

import pytest
import torch
from tests.made_facts import a_look, a_unit
from tests.made_rows import facts_of, normal
from torch import nn

from practicum.diagnose.derived.constant import Learned
from practicum.diagnose.rules import wild_start as module
from practicum.diagnose.rules.wild_start import SOUND, check

X = normal(128, 3)
Y = torch.arange(128) % 3


def _facts(factor, arrives=1.0, x=X):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 3))
    with torch.no_grad():
        model[2].weight *= factor
    facts = facts_of((x, Y), model=model, loss_fn=nn.CrossEntropyLoss())
    facts.looks.append(a_look(units=(a_unit(kind="linear", input_rms=arrives),)))
    return facts


def test_a_last_layer_a_hundred_times_too_large_is_named():
    """Its logits are wild."""
    seen = check(_facts(100))

    assert seen.severity in ("warning", "critical")
    assert seen.causes[0][0] == "L4"


def test_a_plain_start_is_silent():
    """It is near the prior's loss."""
    assert check(_facts(1)) is None


def test_a_start_a_few_times_the_priors_is_worth_knowing():
    """It is gone in some steps."""
    assert check(_facts(9)).severity == "info"


@pytest.mark.parametrize(("valid", "severity"), [(0.9, "info"), (0.2, "warning"), (math.nan, "warning")])
def test_it_weighs_more_where_little_was_learned(valid, severity, monkeypatch):
    """The start was not unlearned."""
    learned = Learned(valid, valid, "error", 0.6, 0.5, 0.5, 0.01)
    monkeypatch.setattr(module, "learned_of", lambda _facts: learned)

    assert (check(_facts(60)).severity == "info") == (severity == "info")


def test_where_large_numbers_arrive_the_layers_below_are_to_blame():
    """The last layer only passes them on."""
    assert check(_facts(100, arrives=2 * SOUND)).causes[0][0] == "A3"


def test_inputs_that_are_not_scaled_explain_it():
    """Another rule tells them."""
    assert check(_facts(1, x=1000 * X)) is None


@pytest.mark.parametrize(
    ("loss_fn", "squared"),
    [
        (nn.MSELoss(), True),
        (nn.L1Loss(), False),
        (nn.HuberLoss(), False),
        (nn.MSELoss(reduction="sum"), True),
    ],
)
def test_a_loss_of_squares_is_known_by_how_it_grows(loss_fn, squared):
    """Its root is what is compared."""
    y = X[:, :1]
    facts = facts_of((X, y), model=nn.Linear(3, 1), loss_fn=loss_fn)

    assert module._is_squared(facts) == squared


def test_a_loss_of_classes_is_none_of_squares():
    """Its targets are no numbers."""
    assert not module._is_squared(_facts(1))
