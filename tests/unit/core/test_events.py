"""Facts about the events of training."""

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import numpy as np
import pytest
from tests.oracles.problems import advance, problem, small_recipe

from practicum.core.events import Ended, Event, Measured, StopReason, Validated
from practicum.core.record import SCHEMA


def test_an_event_cannot_be_changed():
    """Whoever receives one cannot alter what the next one sees."""
    event = Ended(step=25, trial=0, reason="patience")

    with pytest.raises(FrozenInstanceError):
        event.step = 26


def test_these_are_all_events_and_reasons():
    """Who handles the three classes and the three reasons handles everything."""
    assert set(get_args(Event)) == {Validated, Measured, Ended}
    assert set(get_args(StopReason)) == {"patience", "diverged", "num_steps"}


def test_every_measured_field_has_its_column_in_the_record():
    """Nothing that a validation tells is lost in the record."""
    told = {field.name for field in fields(Validated)} - {"trials", "alive"}

    assert told | {"trial"} == set(SCHEMA)


def test_an_event_may_be_kept():
    """Training goes on without touching the numbers in an event of before."""
    pack = problem("binary").pack([small_recipe(), small_recipe(learning_rate=1e6)])
    events = advance(pack, 25)
    kept = [{f.name: np.copy(getattr(e, f.name)) for f in fields(e)} for e in events]

    advance(pack, 100)

    for event, copy in zip(events, kept, strict=True):
        for name, value in copy.items():
            np.testing.assert_array_equal(getattr(event, name), value)
