"""Facts about Bottou's rate: the trial's state is not touched, and the best candidate goes on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.oracles.modules import bowl
from tests.oracles.problems import advance, problem, same_bits, small_recipe, update_once

from practicum.core.errors import ConfigError
from practicum.recipe import Recipe
from practicum.training.bottou import FACTORS, RateTrials, set_rates
from practicum.training.pack import Pack
from practicum.training.snapshot import take

DATA = problem("binary")


def test_choosing_changes_nothing_of_the_trial():
    """Not a bit of all that a snapshot holds."""
    pack = Pack([small_recipe(momentum=0.5)], DATA.laid_out(small_recipe()))
    trials = RateTrials(pack, FACTORS, 60, 32)
    advance(pack, 60)
    before = take(pack)
    trials.choose(pack)
    after = take(pack)

    assert before.meta == after.meta
    assert same_bits(before.tensors, after.tensors)


@pytest.mark.parametrize("lifted", [True, False])
@pytest.mark.parametrize(
    ("rate", "best"), [(0.025, 0.1), (0.1, 0.1), (0.4, 0.1), (0.08, 0.08), (0.001, 0.004)]
)
def test_the_best_candidate_of_a_quadratic_is_chosen(rate, best, lifted):
    """The nearest to one over its curvature, 10; both too large and too small ones are left."""
    recipe = Recipe(batch_size=8, learning_rate=rate, num_steps=1)
    pack = Pack([recipe], bowl(10.0, lifted))
    choice = RateTrials(pack, FACTORS, 10, 16).choose(pack)

    assert choice.rate == pytest.approx(best)


def test_the_losses_are_those_of_trials_one_by_one():
    """Each rate alone, by hand, on the same rows; the least is kept."""
    recipe = small_recipe(momentum=0.5)
    pack = Pack([recipe], DATA.laid_out(recipe))
    advance(pack, 30)
    trials = RateTrials(pack, FACTORS, 60, 32, trial_steps=3)
    choice = trials.choose(pack)
    expected = []
    for rate in choice.candidates:
        alone = Pack([recipe], pack.task)
        advance(alone, 30)
        for step in range(3):
            update_once(alone, trials._batches[step], 30 + step, [rate])
        losses = []
        for rows in trials.rows.view(2, 16):
            alone.program.gradients(rows, 0)
            losses.append(float(alone.program.batch_losses()[0]))
        expected.append(np.mean(losses))

    assert sorted(choice.candidates) == pytest.approx([0.1 * factor for factor in FACTORS])
    assert choice.losses == pytest.approx(expected, rel=1e-5)
    assert choice.rate == choice.candidates[int(np.argmin(expected))]


def test_what_blows_up_is_not_chosen():
    """Where everything does, the smallest rate is."""
    recipe = Recipe(batch_size=8, learning_rate=1e10, num_steps=1)
    some = Pack([recipe], bowl(10.0))
    mixed = RateTrials(some, (1e-11, 1.0, 1e30), 10, 16, trial_steps=40).choose(some)
    none = RateTrials(some, (1.0, 10.0, 1e30), 10, 16, trial_steps=40).choose(some)

    assert (mixed.rate, np.isfinite(mixed.losses).sum()) == (pytest.approx(0.1), 1)
    assert (none.rate, np.isfinite(none.losses).any()) == (1e10, False)


def test_of_equal_candidates_the_present_rate_is_kept():
    """Where there is nothing to learn."""
    pack = Pack([Recipe(batch_size=8, learning_rate=0.1)], bowl(0.0))

    assert RateTrials(pack, FACTORS, 10, 16).choose(pack).rate == 0.1


@pytest.mark.parametrize(("asked", "given"), [(10, 10), (32, 32), (90, 90), (5000, 90)])
def test_the_subset_is_fixed_and_counted_in_rows(asked, given):
    """Whatever share of the data that is; the seed draws it."""
    task = DATA.laid_out(small_recipe())
    found = [RateTrials(Pack([small_recipe(seed=s)], task), FACTORS, 60, asked).rows for s in (0, 0, 1)]
    larger = problem("binary", num_train=900).laid_out(small_recipe())

    assert [len(rows.unique()) for rows in found] == [given] * 3
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[2]) is (given == 90)
    assert len(RateTrials(Pack([small_recipe()], larger), FACTORS, 60, asked).rows) == min(asked, 900)


def test_rates_are_set_for_the_next_updates():
    """As if the recipes had them."""
    task = DATA.laid_out(small_recipe())
    one, other = Pack([small_recipe()], task), Pack([small_recipe(learning_rate=0.3)], task)
    set_rates(one, [0.3])
    advance(one, 25)
    advance(other, 25)

    assert same_bits(one.parameters.get(0), other.parameters.get(0))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"factors": ()}, r"`factors` must be one or more finite numbers > 0, but got factors=\(\)"),
        ({"factors": ("2",)}, r"`factors` must be .* got factors=\('2',\)"),
        ({"factors": (1.0, 0.0)}, r"`factors` must be .* got factors=\(1.0, 0.0\)"),
        ({"every_steps": 0}, "`every_steps` must be at least 1, but got every_steps=0"),
        ({"subset_rows": 0}, "`subset_rows` must be at least 1, but got subset_rows=0"),
        ({"trial_steps": 0}, "`trial_steps` must be at least 1, but got trial_steps=0"),
    ],
)
def test_numbers_out_of_range_are_refused(values, message):
    """With what they were."""
    pack = Pack([small_recipe()], DATA.laid_out(small_recipe()))
    usual = {"factors": FACTORS, "every_steps": 60, "subset_rows": 32}

    with pytest.raises(ConfigError, match=message):
        RateTrials(pack, **{**usual, **values})


def test_several_trials_are_refused():
    """Each has its own rate."""
    pack = Pack([small_recipe()] * 2, DATA.laid_out(small_recipe()))

    with pytest.raises(ConfigError, match="`pack` must hold one trial, but got 2"):
        RateTrials(pack, FACTORS, 60, 32)
