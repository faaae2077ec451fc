"""Facts about what training costs: measured on the first updates, for one example of one trial."""

from __future__ import annotations

import math
import time

import pytest
import torch
from tests.oracles.problems import problem, small_recipe

from practicum.engine import cost
from practicum.engine.cost import seconds_an_example

TASK = problem("binary").laid_out(small_recipe())


def test_a_pace_is_a_small_positive_time():
    """Less than a millisecond an example, for a net of 400 weights."""
    found = seconds_an_example(TASK, [small_recipe(seed=seed) for seed in range(4)])

    assert 0 < found < 1e-3


def test_a_pace_counts_every_example_of_every_trial(monkeypatch):
    """By a clock on which an update takes a second and a validation ten: shared out over trials and examples."""
    now = [0.0]
    monkeypatch.setattr(cost.time, "perf_counter", lambda: now[0])
    recipes = [small_recipe(seed=seed, validate_every_steps=50) for seed in range(4)]

    def ticking(pack, until):
        pack.step, now[0] = until, now[0] + (until - pack.step)
        return iter(())

    class Pack(cost.Pack):
        def evaluate(self):
            now[0] += 10.0

    monkeypatch.setattr(cost, "run", ticking)
    monkeypatch.setattr(cost, "Pack", Pack)

    assert seconds_an_example(TASK, recipes) == pytest.approx((1 + 10 / 50) / (16 * 4))


def test_a_trial_that_diverges_ends_the_measurement():
    """It does not go on for ever."""
    began = time.monotonic()
    found = seconds_an_example(TASK, [small_recipe(learning_rate=1e9, validate_every_steps=2)])

    assert math.isfinite(found)
    assert time.monotonic() - began < 10


def test_pytorchs_number_of_threads_is_put_back():
    """One thread is what a worker has; the caller's number is its own."""
    before = torch.get_num_threads()
    seconds_an_example(TASK, [small_recipe()])

    assert torch.get_num_threads() == before
