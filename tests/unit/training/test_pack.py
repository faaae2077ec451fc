"""Facts about packs: what may share one, and what compaction keeps."""

import numpy as np
import pytest
import torch
from tests.oracles.problems import advance, problem, same_bits, small_recipe

from practicum.core.errors import ConfigError
from practicum.core.events import Validated
from practicum.training.pack import MIN_VALIDATE_STEPS, Pack, structure, validation_interval

OTHER_STRUCTURE = {
    "hidden_sizes": (20, 13),
    "activation": "relu",
    "batch_size": 32,
    "batch_order": "fixed",
    "momentum": 0.9,
    "averaging": 0.9,
    "validate_every_steps": 10,
    "pca_variance": 0.9,
    "categories": "embedding",
}
SAME_STRUCTURE = {
    "learning_rate": 0.5,
    "seed": 3,
    "init_scale": 2.0,
    "l2_penalty": 1.0,
    "decay_start_step": 10,
    "early_stopping": False,
    "patience_steps": 7,
    "significant_only": True,
    "num_steps": 100,
}


@pytest.mark.parametrize("name", OTHER_STRUCTURE)
def test_recipes_of_another_shape_need_a_pack_of_their_own(name):
    """The message says which recipe differs and what to do."""
    recipes = [small_recipe(), small_recipe(), small_recipe(**{name: OTHER_STRUCTURE[name]})]

    with pytest.raises(
        ConfigError, match="must have equal shapes, but recipe 2 differs from recipe 0"
    ) as caught:
        problem("binary").pack(recipes)

    assert caught.value.values == {"recipes": [2]}


@pytest.mark.parametrize("name", SAME_STRUCTURE)
def test_all_other_settings_may_differ_within_a_pack(name):
    """They are numbers of a trial."""
    recipes = [small_recipe(), small_recipe(**{name: SAME_STRUCTURE[name]})]
    task = problem("binary").laid_out(recipes[0])

    assert structure(recipes[0], task) == structure(recipes[1], task)
    assert len(problem("binary").pack(recipes)) == 2


def test_any_two_momenta_share_a_pack():
    """Only with or without makes another program."""
    task = problem("binary").laid_out(small_recipe())

    assert structure(small_recipe(momentum=0.5), task) == structure(small_recipe(momentum=0.9), task)


def test_a_pack_needs_a_recipe():
    """Nothing to train is a mistake."""
    with pytest.raises(ConfigError, match="`recipes` must hold at least one recipe, but got none"):
        Pack([], problem("binary").laid_out(small_recipe()))


def test_trials_are_numbered_as_told():
    """From zero if nobody says otherwise."""
    data, recipes = problem("binary"), [small_recipe(), small_recipe(seed=1)]

    assert data.pack(recipes).trials == (0, 1)
    assert data.pack(recipes, trials=[7, 3]).trials == (7, 3)


@pytest.mark.parametrize(
    ("num_valid", "batch_size", "steps"), [(2000, 32, 125), (2001, 32, 126), (10, 32, MIN_VALIDATE_STEPS)]
)
def test_validation_costs_at_most_as_much_as_training(num_valid, batch_size, steps):
    """Twice as many examples are trained on as are validated, and never fewer than 25 updates [3.1-14]."""
    assert validation_interval(num_valid, batch_size) == steps
    assert steps * batch_size >= 2 * num_valid


def test_the_recipe_may_set_the_interval():
    """Then it is exactly that."""
    data = problem("binary")

    assert data.pack([small_recipe(validate_every_steps=3)]).validate_every == 3
    assert data.pack([small_recipe()]).validate_every == validation_interval(50, 16)


def test_trials_of_one_seed_share_minibatches():
    """They differ by their settings alone; other seeds see other rows."""
    pack = problem("binary").pack([small_recipe(seed=seed) for seed in (0, 1, 0)])
    batches = pack.batches(0, 4)

    assert batches.shape == (4, 3, 16)
    assert torch.equal(batches[:, 0], batches[:, 2])
    assert not torch.equal(batches[:, 0], batches[:, 1])


def test_one_seed_needs_the_rows_only_once():
    """All trials read the same batch."""
    pack = problem("binary").pack([small_recipe(learning_rate=rate) for rate in (0.1, 0.2)])

    assert pack.batches(3, 4).shape == (4, 16)


EVERYTHING = {
    "momentum": 0.5,
    "averaging": 0.9,
    "l2_penalty": 0.1,
    "significant_only": True,
    "decay_start_step": "auto",
    "early_stopping": False,
}


def validations(events):
    """Return those events that are validations."""
    return [event for event in events if isinstance(event, Validated)]


def pack_of_four(data, **values):
    """Return a pack of four trials, three of them with seeds of their own."""
    return data.pack(
        [
            small_recipe(seed=seed, learning_rate=rate, **EVERYTHING | values)
            for seed, rate in ((0, 0.1), (1, 0.2), (0, 0.05), (2, 0.3))
        ],
        trials=[10, 11, 12, 13],
    )


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
@pytest.mark.parametrize("staying", [[2], [0, 2], [1, 2, 3]])
def test_trials_that_stay_go_on_as_if_nobody_had_left(staying, num_levels):
    """Weights, averages, bests, schedules and events keep every bit; one seed or several may remain."""
    data = problem("multiclass", num_levels=num_levels)
    whole, part = pack_of_four(data), pack_of_four(data)
    advance(whole, 60)  # between two validations
    advance(part, 60)
    part.alive[[k for k in range(4) if k not in staying]] = False
    part.compact()
    expected, found = advance(whole, 130), advance(part, 130)

    assert part.trials == tuple(10 + k for k in staying)
    for position, k in enumerate(staying):
        for kept in ("parameters", "average", "best"):
            assert same_bits(getattr(part, kept).get(position), getattr(whole, kept).get(k))
        for name, state in part.update.tensors().items():
            assert torch.equal(state[position], whole.update.tensors()[name][k])
        assert torch.equal(part.best_row_losses[position], whole.best_row_losses[k])
    for one, other in zip(*(validations(events) for events in (found, expected)), strict=True):
        for name in ("learning_rate", "train_loss", "valid_loss", "valid_error", "improved", "alive"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name)[staying])
    for name in part.stopping.__slots__:
        np.testing.assert_array_equal(getattr(part.stopping, name), getattr(whole.stopping, name)[staying])


def test_compaction_of_a_whole_pack_changes_nothing():
    """Nor does it when everybody has ended: the results are still to be taken."""
    pack = pack_of_four(problem("binary"))
    advance(pack, 25)
    parameters = pack.parameters
    pack.compact()
    pack.alive[:] = False
    pack.compact()

    assert len(pack) == 4
    assert pack.parameters is parameters


@pytest.mark.parametrize(
    ("task", "loss"), [("multiclass", np.log(3)), ("binary", np.log(2)), ("regression", 0.5)]
)
def test_the_start_loss_is_that_of_an_untrained_net_on_training_rows(task, loss):
    """Output weights start at zero, so it follows from the targets alone [3.2-28]."""
    assert problem(task).pack([small_recipe()]).start_loss == pytest.approx(loss, rel=1e-6)


@pytest.mark.parametrize(("batch_size", "window"), [(16, 5), (90, 1), (200, 1)])
def test_an_automatic_schedule_compares_whole_epochs(batch_size, window):
    """90 rows in batches of 16 are five updates; a batch of more than all rows is one."""
    pack = problem("binary").pack([small_recipe(batch_size=batch_size, decay_start_step="auto")])

    assert pack.decay.window_steps == window


def test_the_best_weights_are_a_copy():
    """What was handed out stays when training goes on."""
    pack = problem("binary").pack([small_recipe()])
    advance(pack, 25)
    best = pack.best_of(0)
    kept = {name: value.clone() for name, value in best.items()}
    advance(pack, 100)

    assert same_bits(best, kept)
    assert not same_bits(best, pack.best_of(0))


def test_row_losses_are_kept_only_where_a_recipe_asks():
    """They are needed to judge whether a gain is significant [3.1-13]."""
    data = problem("binary")
    recipe = small_recipe()

    assert data.pack([recipe]).best_row_losses is None
    assert data.pack([recipe, recipe.changed(significant_only=True)]).best_row_losses.shape == (2, 50)


def test_a_pack_in_double_precision_is_double_throughout():
    """The data decide the type."""
    pack = problem("binary").pack([small_recipe(momentum=0.9, averaging=0.9)], torch.float64)
    tensors = [pack.parameters.flat, pack.best.flat, *pack.update.tensors().values()]

    assert {tensor.dtype for tensor in tensors} == {torch.float64}
