"""Facts about the baselines."""

import torch
from tests.made_watched import watched

from practicum.diagnose.derived.baselines import baselines_of
from practicum.monitor.facts import Facts


def test_a_line_is_found_by_the_linear_model():
    """And the constant has the spread of the targets."""
    found = baselines_of(watched(regression=True, num_steps=60))

    assert found.linear < 0.01 < found.neighbours < found.constant
    assert found.best == found.linear
    assert found.apart


def test_classes_are_judged_by_their_errors():
    """On the validation rows of the loop."""
    found = baselines_of(watched(num_steps=60))

    assert found.linear < 0.1
    assert 0.3 < found.constant < 0.7
    assert (found.measure, found.num_rows) == ("error", 128)


def test_rows_that_hold_no_numbers_are_not_judged():
    """NaN among inputs is another rule's."""
    facts = watched(num_steps=30, inputs=lambda x: torch.where(x > 2, torch.nan, x))

    assert baselines_of(facts) is None
    assert baselines_of(Facts()) is None
