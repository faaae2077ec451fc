"""Trials of one pack that see different data: each is the trial that it would be alone, on its own data.

Folds, preparations, bags of rows and parts of the inputs, all mixed in one pack.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.oracles.loop import train
from tests.oracles.problems import TASK_NAMES, advance, same_bits
from tests.oracles.runs import side_by_side
from tests.oracles.sources import laid_out, mixed, sources
from tests.oracles.terms import TERMS

from practicum.data.key import DataKey
from practicum.training.pack import Pack
from practicum.training.snapshot import restore, take

NUM_STEPS = 40

every_task = pytest.mark.parametrize("task", TASK_NAMES)
every_term = pytest.mark.parametrize(
    "term", [name for name in TERMS if name not in ("bagging", "some inputs")]
)


def recipes_of(term):
    """Return mixed recipes of one term of the update; corrupted ones draw noise of one width."""
    return mixed(
        **{name: value for name, value in TERMS[term].items() if name not in ("bagging", "input_fraction")}
    )


def problems_for(task, recipes, num_levels=()):
    """Return sources whose widths differ unless noise on the inputs forbids it."""
    return sources(task, num_levels, one_width=recipes[0].corruption_level > 0)


@every_term
@pytest.mark.parametrize("num_levels", [(), (4, 7)])
def test_company_of_other_data_changes_no_bit(term, num_levels):
    """Each trial of a mixed pack has the bits of the trial alone, and in any order."""
    recipes = recipes_of(term)
    task = laid_out(problems_for("regression", recipes, num_levels))
    whole = Pack(recipes, task)
    advance(whole, NUM_STEPS)
    order = [4, 2, 5, 0, 3, 1]
    shuffled = Pack([recipes[k] for k in order], task)
    advance(shuffled, NUM_STEPS)
    for place, k in enumerate(order):
        alone = Pack([recipes[k]], task)
        advance(alone, NUM_STEPS)

        for one, position in ((alone, 0), (shuffled, place)):
            assert same_bits(one.parameters.get(position), whole.parameters.get(k))
            assert same_bits(one.best_of(position), whole.best_of(k))


@pytest.mark.parametrize("num_valid", [50, 300])
@every_task
def test_what_is_measured_is_each_trials_own(task, num_valid):
    """Start, training and validation loss and the error have the bits of the trial alone, in one chunk or two."""
    recipes = mixed()
    laid = laid_out(sources(task, num_valid=num_valid))
    whole = Pack(recipes, laid)
    packed = [event for event in advance(whole, NUM_STEPS) if hasattr(event, "valid_loss")]
    for k, recipe in enumerate(recipes):
        alone = Pack([recipe], laid)
        own = [event for event in advance(alone, NUM_STEPS) if hasattr(event, "valid_loss")]

        assert alone.start_loss[0] == whole.start_loss[k]
        for one, other in zip(packed, own, strict=True):
            for name in ("train_loss", "valid_loss", "valid_error", "improved"):
                np.testing.assert_array_equal(getattr(one, name)[k], getattr(other, name)[0])


@every_task
@pytest.mark.parametrize(
    "term", ["plain", "everything", "schedule-free adamw", "salt and pepper", "proximal"]
)
def test_each_trial_is_the_slow_loop_on_its_own_data(task, term):
    """In double precision, with its own width, bag and inputs."""
    recipes = recipes_of(term)
    problems = problems_for(task, recipes)
    pack = Pack(recipes, laid_out(problems, torch.float64))
    advance(pack, NUM_STEPS)
    for k, recipe in enumerate(recipes):
        data = problems[DataKey.of(recipe)]
        expected = train(data.network(recipe), recipe, data.train, NUM_STEPS)

        for name, value in pack.parameters.get(k).items():
            torch.testing.assert_close(value, expected.parameters[name], atol=1e-9, rtol=0)


@every_task
@pytest.mark.parametrize("trouble", [7.0, torch.nan])
def test_the_data_of_neighbours_never_matter(task, trouble):
    """Whatever the rows of another source hold, a trial keeps its bits."""
    recipes, problems = mixed(batch_size=20), sources(task)
    clean = Pack(recipes, laid_out(problems))
    key = DataKey.of(recipes[0])
    for data in (problems[key].train, problems[key].valid):
        data.x.fill_(trouble)
    troubled = Pack(recipes, laid_out(problems))
    advance(clean, NUM_STEPS)
    advance(troubled, NUM_STEPS)
    for k, recipe in enumerate(recipes):
        same = same_bits(clean.parameters.get(k), troubled.parameters.get(k))

        assert same == (DataKey.of(recipe) != key)


def test_a_mixed_pack_is_compacted_and_read_back_with_the_same_bits():
    """What a trial sees follows from its recipe, so a checkpoint needs nothing new."""
    recipes = mixed(momentum=0.5)
    task = laid_out(sources("regression"))
    whole, pack = Pack(recipes, task), Pack(recipes, task)
    advance(whole, 100)
    advance(pack, 50)
    pack.alive[[0, 3]] = False
    pack.compact()
    pack = restore(task, take(pack))
    advance(pack, 100)

    for place, k in enumerate((1, 2, 4, 5)):
        assert same_bits(pack.parameters.get(place), whole.parameters.get(k))
        assert same_bits(pack.best_of(place), whole.best_of(k))


def test_the_number_of_workers_changes_no_bit_of_a_mixed_phase():
    """One worker has all six trials in a pack, two have three each."""
    recipes = [recipe.changed(num_steps=60) for recipe in mixed()]
    task = laid_out(sources("binary"))
    outcomes = [side_by_side(recipes, task, num_workers) for num_workers in (1, 2)]

    for one, other in zip(*outcomes, strict=True):
        assert same_bits(one.weights, other.weights)


@every_term
def test_a_trial_does_not_listen_to_inputs_it_does_not_see(term):
    """Weights from them are exactly 0 after any update, so predictions cannot depend on them."""
    recipes = [recipe.changed(input_fraction=0.4) for recipe in recipes_of(term)]
    pack = Pack(recipes, laid_out(problems_for("multiclass", recipes)))
    advance(pack, NUM_STEPS)
    for kept in (pack.parameters, pack.best, pack.update.predicting()):
        for k in range(len(recipes)):
            weight = kept.get(k)["layers.0.weight"]

            assert int(weight.any(0).sum()) == round(0.4 * weight.shape[1])


def test_a_mixed_pack_sees_no_less_than_one_of_equal_data():
    """Trials of one seed and one source share their minibatch; one of another source ends that."""
    task = laid_out(sources("binary"))
    alike = [mixed()[0], mixed()[5], mixed()[0].changed(input_fraction=0.5)]

    assert Pack(alike, task).program.shared
    assert not Pack([*alike, mixed()[1]], task).program.shared
    assert not Pack([*alike, mixed()[0].changed(bagging=True)], task).program.shared
    assert Pack([mixed()[2], mixed()[2]], task).program.shared
