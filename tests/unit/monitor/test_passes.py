"""Facts about how validations are heard."""

import pytest
import torch
from torch import nn

from practicum.monitor.facts import Facts
from practicum.monitor.passes import HEARD, LONGEST, Passes, rows_of

X, Y = torch.ones(5, 2), torch.zeros(5, 1)


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.5))


def validate(passes, model, *, training=False):
    """Pass some rows without gradients, and report it."""
    model.train(training)
    with torch.no_grad():
        model(X)
    passes.validated(0.5, 0.25, Y)
    model.train()


def test_mode_rows_and_answers_of_a_validation_are_noted(model):
    """Passes with gradients are no part of it."""
    passes = Passes(Facts(), model, model)
    passes.open()
    model(torch.ones(99, 2))
    validate(passes, model)
    validate(passes, model, training=True)

    facts = passes.facts
    assert (facts.heard, facts.validated_in_training, facts.looked_rows) == (2, 1, 5)
    assert [one.error for one in facts.answers] == [0.25, 0.25]
    assert [step for step, _, _ in facts.validations] == [0, 0]


def test_what_comes_before_a_step_is_no_validation(model):
    """A look at some rows between two steps."""
    passes = Passes(Facts(), model, model)
    passes.open()
    with torch.no_grad():
        model(X)
    passes.stepped()
    passes.validated(0.5, None, Y)

    assert passes.facts.answers == []
    assert passes.facts.validated_in_training == 0


def test_after_some_validations_nobody_listens(model):
    """They are counted all the same."""
    passes = Passes(Facts(), model, model)
    passes.open()
    for _ in range(HEARD + 2):
        validate(passes, model)
        passes.stepped()

    assert not passes.is_open
    assert not model._forward_hooks
    assert (passes.facts.heard, len(passes.facts.validations)) == (HEARD, HEARD + 2)


def test_a_loop_that_validates_late_is_listened_to_from_then_on(model):
    """Its first validation is not heard, the second is, if it does not come much later than the first."""
    passes = Passes(Facts(num_steps=LONGEST), model, model)
    passes.open()
    passes.stepped()
    assert not passes.is_open

    validate(passes, model)
    assert passes.facts.heard == 0
    passes.facts.num_steps = 3 * LONGEST - 1
    passes.stepped()
    validate(passes, model)
    assert passes.facts.heard == 1


def test_a_loop_that_validates_no_more_is_not_listened_to_for_ever(model):
    """One validation early, and none since."""
    passes = Passes(Facts(num_steps=10), model, model)
    passes.open()
    validate(passes, model)
    passes.facts.num_steps = LONGEST + 10
    passes.stepped()

    assert not passes.is_open


def test_rows_are_those_of_the_first_tensor():
    """Of nothing, as many as were known."""
    assert [rows_of(one, 7) for one in (X, {"x": X}, [None, X], None, "text", torch.tensor(1.0))] == [
        5,
        5,
        5,
        7,
        7,
        7,
    ]
