"""Facts about laying out the trials of a user's module."""

import pytest
from tests.oracles.modules import ZOO, zoo_recipes

from practicum.engine.plans import arrange as arrange_module
from practicum.engine.plans.arrange import arrange
from practicum.engine.plans.crossover import Cache, Crossover
from practicum.training.lift.instance import instances


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Say that packs of four are fastest, and measure nothing; return an empty cache."""
    found = Crossover(1.0, {2: 0.6, 4: 0.4})
    monkeypatch.setattr(arrange_module, "measure", lambda alone, packed, num_trials: found)
    return Cache(tmp_path / "crossover.json")


def laid_out(name, recipes, cache, num_workers=1):
    """Return the layout of these recipes of a module of the zoo."""
    task = ZOO[name].task()
    return arrange(task, recipes, instances(task, recipes), num_workers, cache)


def test_equal_shapes_share_packs_of_the_measured_size(quick):
    """Ten trials, four a pack at most: three packs of nearly equal size."""
    layout = laid_out("mlp", zoo_recipes(10), quick)

    assert sorted(len(pack.trials) for pack in layout.packs) == [3, 3, 4]
    assert {pack.way for pack in layout.packs} == {"packed"}
    assert layout.notes == ()


def test_other_batch_sizes_and_rules_have_packs_of_their_own(quick):
    """What must be shared decides."""
    recipes = [*zoo_recipes(2), *zoo_recipes(2, batch_size=4), *zoo_recipes(2, update_rule="adam")]
    layout = laid_out("mlp", recipes, quick)

    assert sorted(pack.trials for pack in layout.packs) == [(0, 1), (2, 3), (4, 5)]


@pytest.mark.parametrize(
    ("name", "words"),
    [("decides", "reads a number out of a tensor"), ("liar_caches", "gradient of one.weight")],
)
def test_what_cannot_be_lifted_runs_one_by_one_and_is_said_once(quick, name, words):
    """With the trials and the reason."""
    layout = laid_out(name, zoo_recipes(3), quick)

    assert sorted(pack.trials for pack in layout.packs) == [(0,), (1,), (2,)]
    assert {pack.way for pack in layout.packs} == {"alone"}
    assert len(layout.notes) == 1
    assert words in layout.notes[0]
    assert layout.notes[0].startswith("Trials 0, 1, 2 run one by one: ")


def test_trials_that_all_differ_are_said_to(quick):
    """And in what."""
    layout = laid_out("liar_slopes", zoo_recipes(3), quick)

    assert "trial 1 differs from trial 0 in 1.negative_slope: 0.1 against 0.4" in layout.notes[0]


def test_one_trial_runs_alone_without_a_word(quick):
    """There is nothing to pack, nothing to prove, nothing to say."""
    layout = laid_out("mlp", zoo_recipes(1), quick)

    assert [(pack.trials, pack.way) for pack in layout.packs] == [((0,), "alone")]
    assert layout.notes == ()


@pytest.mark.parametrize(("two_seconds", "expected"), [(0.5, 2), (0.95, 1)])
def test_a_lone_trial_may_use_idle_cores_where_that_clearly_pays(quick, monkeypatch, two_seconds, expected):
    """Half the time is clear, five per cent are not; the answer is kept."""
    taken = iter([1.0, two_seconds])
    monkeypatch.setattr(arrange_module, "typical_seconds", lambda step: next(taken))
    first = laid_out("mlp", zoo_recipes(1), quick, num_workers=2)

    assert first.num_threads == expected
    assert laid_out("mlp", zoo_recipes(1), quick, num_workers=2) == first


def test_where_every_core_has_a_pack_an_operation_has_one_thread(quick):
    """Nothing is measured for it."""
    assert laid_out("mlp", zoo_recipes(4), quick, num_workers=2).num_threads == 1


def test_a_full_memory_makes_small_packs(quick, monkeypatch):
    """Room for two trials a worker."""
    monkeypatch.setattr(arrange_module, "largest_pack", lambda size, free, workers: 2)
    layout = laid_out("mlp", zoo_recipes(6), quick)

    assert max(len(pack.trials) for pack in layout.packs) == 2


def test_the_real_measurement_comes_to_a_layout(tmp_path):
    """Without a stand-in, and the second time from the cache."""
    cache = Cache(tmp_path / "crossover.json")
    first = laid_out("mlp", zoo_recipes(2), cache)

    assert laid_out("mlp", zoo_recipes(2), cache) == first
    assert cache.path.exists()
