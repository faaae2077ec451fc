"""The course of validations."""

import pytest
from tests.made_networks import Exact, facts_of

from practicum.diagnose.derived.validated import train_outputs_loss, validated_of

FALLING = [1 / (1 + step) for step in range(60)]


def test_best_end_and_gap_are_told():
    """The gap is beside the loss of the best constant output, here 1."""
    seen = validated_of(facts_of(Exact(), losses=FALLING, validations=[0.9, 0.5, 0.2, 0.4, 0.4, 0.4]))

    assert (seen.num, seen.best, seen.best_step, seen.since) == (6, 0.2, 30, 3)
    assert seen.gap == pytest.approx(0.4, abs=0.01)
    assert seen.rise == pytest.approx(0.2, abs=0.01)
    assert seen.num_rows == 300


def test_few_validations_have_no_course():
    """Five are the least."""
    assert validated_of(facts_of(Exact(), losses=FALLING, validations=[0.9, 0.5, 0.2, 0.4])) is None


def test_the_best_constant_is_found():
    """Of two values that come equally often it has an error of 1."""
    now, constant = train_outputs_loss(facts_of(Exact()))

    assert now == 0
    assert constant == pytest.approx(1.0, abs=0.02)
