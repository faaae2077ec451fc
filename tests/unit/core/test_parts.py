"""The parts of a summary."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from practicum.core.parts import Paired, Score, Trial


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_error_survives_or_becomes_nan(error: float):
    """A finite number is read back to the same bits; what is not finite is null, and nan when read."""
    score = Score(error=error, interval=(error, error), num_rows=1)
    found = Score.model_validate_json(score.model_dump_json())

    assert found.error == error if math.isfinite(error) else math.isnan(found.error)


@pytest.mark.parametrize(
    ("interval", "clear"), [((-0.2, -0.1), True), ((-0.1, 0.0), False), ((0.1, 0.2), True)]
)
def test_a_paired_difference_is_clear_when_its_interval_leaves_out_zero(
    interval: tuple[float, float], clear: bool
):
    """An interval read back as nan is never clear."""
    assert Paired(value=0.0, interval=interval).clear is clear
    assert not Paired(value=0.0, interval=(math.nan, math.nan)).clear


def test_only_the_status_says_that_a_trial_diverged():
    """An error may be missing for other reasons."""
    trial = Trial(number=0, phase="wide", learning_rate=1.0, seed=0, num_steps=8, status="diverged")

    assert trial.diverged
    assert not trial.model_copy(update={"status": "budget"}).diverged


def test_an_unknown_status_is_refused():
    """The words of a summary are fixed."""
    with pytest.raises(ValidationError, match="status"):
        Trial(number=0, phase="wide", learning_rate=1.0, seed=0, num_steps=8, status="tired")  # type: ignore[arg-type]
