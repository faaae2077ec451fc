"""Facts about what each trial of a pack sees of the data."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.oracles.problems import advance, problem, small_recipe
from tests.oracles.sources import laid_out, mixed, sources

from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.training.mlp.views import Views, bag, seen_inputs
from practicum.training.pack import Pack

NETWORK = Network(6, (8,), 1, "tanh", "binary", num_levels=(3, 8))


def test_a_bag_is_as_many_rows_drawn_with_replacement():
    """Some twice, about e⁻¹ of them never; the seed decides."""
    drawn = bag(0, 10_000)
    seen = np.unique(drawn).size / 10_000

    assert drawn.size == 10_000
    assert 0 <= drawn.min() <= drawn.max() < 10_000
    assert seen == pytest.approx(1 - np.exp(-1), abs=0.01)
    assert np.bincount(drawn).max() > 3
    np.testing.assert_array_equal(drawn, bag(0, 10_000))
    assert not np.array_equal(drawn, bag(1, 10_000))


@pytest.mark.parametrize(("fraction", "num_seen"), [(0.01, 1), (0.25, 2), (0.5, 4), (0.99, 8), (1.0, 8)])
def test_a_part_of_the_inputs_is_seen(fraction, num_seen):
    """At least one; a looked-up column counts as one and is seen as a whole."""
    for seed in range(20):
        seen = seen_inputs(NETWORK, small_recipe(input_fraction=fraction, seed=seed))
        first, second = seen[6:8], seen[8:]

        assert len(seen) == 6 + 2 + 4
        assert seen[:6].sum() + first[0] + second[0] == num_seen
        assert len(set(first.tolist())) == len(set(second.tolist())) == 1


def test_every_input_is_seen_by_some_seed():
    """Members of a committee differ, and together they see everything."""
    seen = [seen_inputs(NETWORK, small_recipe(input_fraction=0.3, seed=seed)) for seed in range(20)]

    assert np.any(seen, 0).all()
    assert len({tuple(one.tolist()) for one in seen}) > 10


def test_rows_of_the_usual_view_are_not_turned():
    """One source, no bag: the indices themselves, whoever is in the pack."""
    recipes = [small_recipe(seed=seed, input_fraction=0.5) for seed in (0, 1)]
    views = Views(problem("binary").laid_out(small_recipe()), recipes)
    indices = torch.arange(8).view(2, 4)

    assert views.rows(indices) is indices
    assert not views.shared


def test_rows_lie_in_the_trials_own_source_and_bag():
    """The number of a row counts within the view."""
    recipes, task = mixed(), laid_out(sources("binary"))
    views = Views(task, recipes)
    rows = views.rows(torch.arange(4).repeat(6, 1))

    assert rows[0].tolist() == [0, 1, 2, 3]
    assert rows[1].tolist() == [90, 91, 92, 93]
    assert rows[2].tolist() == (180 + bag(1, 90)[:4]).tolist()
    assert rows[4].tolist() == bag(1, 90)[:4].tolist()


def test_one_bag_of_all_is_one_minibatch():
    """Trials of one seed that are all bagged share everything."""
    views = Views(problem("binary").laid_out(small_recipe()), [small_recipe(bagging=True)] * 2)

    assert views.shared
    assert views.rows(torch.arange(4)).tolist() == bag(0, 90)[:4].tolist()


def test_training_starts_at_the_loss_of_the_trials_own_rows():
    """½ the mean square of its own targets, twice where a row is twice in the bag."""
    recipes, problems = mixed(), sources("regression")
    views = Views(laid_out(problems), recipes)
    targets = [list(problems.values())[place].train.target[:, 0].double() for place in (0, 1, 2, 3, 0, 0)]
    for k in (2, 4):
        targets[k] = targets[k][torch.from_numpy(bag(1, 90))]

    assert views.start_loss() == pytest.approx([float((t**2).mean() / 2) for t in targets], rel=1e-6)
    sampled = views.sampled_start(torch.arange(3).repeat(6, 1))
    assert sampled == pytest.approx([float((t[:3] ** 2).mean() / 2) for t in targets], rel=1e-6)


def test_an_error_of_regression_is_relative_to_the_trials_own_rows():
    """A net that knows the mean of its own validation rows has error 1, whatever the scale of its source."""
    recipes, problems = mixed(), sources("regression")
    pack = Pack(recipes, laid_out(problems))
    for k, place in enumerate((0, 1, 2, 3, 0, 0)):
        mean = list(problems.values())[place].valid.target.mean()
        pack.parameters.put(k, pack.parameters.get(k) | {"layers.2.bias": mean[None]})

    assert pack.evaluate().error == pytest.approx([1.0] * 6, rel=1e-5)


@pytest.mark.parametrize("num_levels", [(), (4, 7)])
def test_predictions_do_not_change_with_inputs_that_are_not_seen(num_levels):
    """The module that a user gets back takes all inputs and answers the same whatever the others are."""
    data, recipe = (
        problem("multiclass", num_levels=num_levels),
        small_recipe(input_fraction=0.5, l2_penalty=0.1),
    )
    pack = data.pack([recipe])
    advance(pack, 40)
    module = MLP(data.network(recipe))
    module.load_state_dict(pack.best_of(0))
    seen = torch.from_numpy(seen_inputs(data.network(recipe), recipe))
    x, codes = data.valid.x.clone(), data.valid.codes.clone()
    x[:, ~seen[:5]] = 17.0
    for column, start in enumerate((5, 7)[: len(num_levels)]):
        if not seen[start]:
            codes[:, column] = 1

    assert 0 < int((~seen).sum()) < len(seen)
    assert torch.equal(module(x, codes), module(data.valid.x, data.valid.codes))
    assert not torch.equal(module(-x, codes), module(data.valid.x, data.valid.codes))


def test_a_committee_of_bags_and_inputs_errs_no_more_than_its_members_do():
    """Squared error of the mean ≤ mean squared error of the members: exact, by Jensen [3.2-37]."""
    data = problem("regression")
    recipes = [
        small_recipe(seed=seed, bagging=seed % 2 == 0, input_fraction=0.6 if seed % 3 else 1.0)
        for seed in range(8)
    ]
    pack = data.pack(recipes)
    advance(pack, 100)
    predictions = []
    for k, recipe in enumerate(recipes):
        module = MLP(data.network(recipe))
        module.load_state_dict(pack.best_of(k))
        predictions.append(module(data.valid.x, data.valid.codes).detach().double())
    said, target = torch.stack(predictions), data.valid.target.double()
    committee = float(((said.mean(0) - target) ** 2).mean())
    spread = float(said.var(0, correction=0).mean())

    assert spread > 0
    assert committee == pytest.approx(float(((said - target) ** 2).mean()) - spread)
