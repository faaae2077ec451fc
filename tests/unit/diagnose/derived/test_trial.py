"""Facts about short trainings of copies."""

import copy
import math

import pytest
import torch
from tests.made_watched import watched

from practicum.diagnose.derived.trial import Variant, agrees, copied, loss_now, trial_of, valid_now
from practicum.monitor.facts import Facts


@pytest.fixture(scope="module")
def facts():
    """Of a net that has half learned."""
    return watched(num_steps=60, optimiser=lambda given: torch.optim.AdamW(given, lr=3e-3, weight_decay=0.5))


def test_a_trial_learns_and_touches_nothing(facts):
    """Neither the model nor its optimiser, and no random numbers."""
    trained = facts.trained
    before = copy.deepcopy((trained.model.state_dict(), trained.optimizers[0].state_dict()))
    drawn = torch.get_rng_state()
    trial = trial_of(facts, Variant(True))

    assert trial.train < 0.8 * trial.before
    assert trial.valid < trial.before
    after = (trained.model.state_dict(), trained.optimizers[0].state_dict())
    assert all(torch.equal(after[0][name], before[0][name]) for name in before[0])
    assert str(after[1]) == str(before[1])
    assert torch.equal(torch.get_rng_state(), drawn)


def test_it_begins_where_it_is_told(facts):
    """At the start, or where the run is now."""
    assert trial_of(facts, Variant()).before == pytest.approx(loss_now(facts))
    assert trial_of(facts, Variant(True)).before > loss_now(facts)
    assert valid_now(facts) == pytest.approx(loss_now(facts), abs=0.2)


def test_it_is_run_once(facts):
    """For each variant."""
    assert trial_of(facts, Variant(rate=0.5)) is trial_of(facts, Variant(rate=0.5))


def test_a_rate_beyond_all_measure_is_lost():
    """Its loss is infinite, not nan."""
    facts = watched(num_steps=20, regression=True, optimiser=lambda given: torch.optim.SGD(given, lr=0.01))

    assert trial_of(facts, Variant(True, rate=1e9)).train == math.inf


def test_settings_are_those_of_the_variant(facts):
    """Rate, momentum, ε, and what decays."""
    trained = facts.trained
    _, (optimizer,) = copied(facts, trained, Variant(rate=0.1, momentum=0.5, epsilon=0.1, decays="weights"))
    weights, others = optimizer.param_groups
    _, (without,) = copied(facts, trained, Variant(decays="none"))

    assert weights["lr"] == pytest.approx(3e-4)
    assert (weights["betas"][0], weights["eps"]) == (0.5, 0.1)
    assert (weights["weight_decay"], others["weight_decay"]) == (0.5, 0.0)
    assert {one.ndim for one in weights["params"]} == {2}
    assert {one.ndim for one in others["params"]} == {1}
    assert without.param_groups[0]["weight_decay"] == 0


def test_a_clip_holds_steps_back():
    """Of SGD, whose steps are as long as the gradient."""
    facts = watched(num_steps=20, optimiser=lambda given: torch.optim.SGD(given, lr=0.1))

    assert trial_of(facts, Variant(True, clip=1e-3)).train > trial_of(facts, Variant(True)).train


def test_without_rows_or_a_model_there_is_none():
    """Nothing is tried with made-up facts."""
    assert trial_of(Facts()) is None
    assert loss_now(Facts()) is None
    assert math.isnan(valid_now(Facts()))


def test_a_loss_that_the_loop_computes_otherwise_is_not_tried():
    """Outputs that it squeezes first, or something that it adds."""

    def squeezed(output, target):
        return ((output.squeeze(1) if output.ndim > 1 else output) - target).square().mean()

    sound = watched(num_steps=20, regression=True, targets=lambda x: x[:, :1])
    other = watched(num_steps=20, regression=True, targets=lambda x: x[:, 0], loss_fn=squeezed)

    assert agrees(sound)
    assert not agrees(other)
    assert trial_of(other) is None
    sound.kept.clear()
    sound.losses[0] += 0.5
    assert not agrees(sound)
