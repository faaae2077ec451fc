"""Facts about what a user asks of a fit."""

from dataclasses import FrozenInstanceError
from time import monotonic

import pytest

from practicum.request import Request


def test_data_and_target_are_enough():
    """A minute, five seeds, the chapter's procedure by the default error; the budget begins now."""
    began = monotonic()
    request = Request(data="x.csv", target="y")

    assert (request.budget_seconds, request.num_trials, request.num_seeds, request.seed) == (60.0, None, 5, 0)
    assert (request.sampler, request.metric, request.task) == ("zoom", "error", "auto")
    assert (request.recipe, request.space, request.decisions, request.out) == (None,) * 4
    assert began <= request.started <= monotonic()


def test_a_request_cannot_be_changed():
    """What was asked stays asked."""
    with pytest.raises(FrozenInstanceError):
        Request(data="x.csv", target="y").seed = 1  # type: ignore[misc]


def test_settings_have_names():
    """With so many of them nobody knows an order."""
    with pytest.raises(TypeError, match="positional"):
        Request("x.csv", "y")  # type: ignore[misc]
