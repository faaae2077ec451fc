"""Facts about the ready-made spaces."""

import math
import re

import pytest

from practicum.core.errors import ConfigError
from practicum.core.guide import GUIDE, SETTINGS
from practicum.core.seeds import stream
from practicum.recipe.combinations import check_perceptron
from practicum.recipe.space import PRESETS, Choice, LogInteger, SometimesOff, Space
from practicum.recipe.space.presets import preset_rows

NAMES = list(PRESETS)


def some(space, count, purpose="test"):
    """Return values of random points."""
    units = (stream(0, purpose, i).random(len(space)) for i in range(count))
    return [space.values(dict(zip(space.names, map(float, row), strict=True))) for row in units]


@pytest.mark.parametrize("name", NAMES)
def test_every_point_is_a_recipe_of_a_perceptron(name):
    """500 random points: none is refused."""
    space = Space.preset(name)

    for values in some(space, 500):
        check_perceptron(dict(space.recipe(values)))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_names_a_line_of_the_guide(name):
    """Nothing is searched without a source."""
    for row in preset_rows(name):
        keys = re.findall(r"\b(?:system-[A-Z]\d+|\d\.\d-\d\d)\b", row.source)
        assert keys
        assert set(keys) <= set(GUIDE), row


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_its_own_mapping(name):
    """Written and read it is the same."""
    space = Space.preset(name)

    assert Space.from_mapping(space.as_mapping()) == space


@pytest.mark.parametrize("name", ["default", "chapter"])
def test_the_usual_spaces_keep_packs_full(name):
    """At most eight structures, all else free; no schedule, and no batch size, which is for time [3.1-08]."""
    space = Space.preset(name)

    assert math.prod(space[name].distribution.num_values for name in space.structural) <= 8
    assert not {"batch_size", "schedule", "decay_start_step", "num_steps"} & set(space.names)
    usual = SETTINGS["hidden_sizes"].default
    assert space["num_layers"].distribution.takes(len(usual))
    assert space["width"].distribution.takes(usual[0])
    assert space["activation"].distribution.takes(SETTINGS["activation"].default)


def test_the_default_is_the_chapters_space_with_adam():
    """Its own range of rates; the rest is the same."""
    default, chapter = Space.preset("default"), Space.preset("chapter")

    assert (default.base.update_rule, chapter.base.update_rule) == ("adam", "sgd")
    assert chapter["learning_rate"].distribution.ends == (1e-6, 1)
    assert default["learning_rate"].distribution.ends == (3e-4, 3e-2)
    assert {*chapter.names} - {*default.names} == {"momentum"}
    assert all(default[name] == chapter[name] for name in default.names if name != "learning_rate")


def test_the_small_space_has_four_entries():
    """For a handful of trials."""
    assert Space.preset("small").names == ("learning_rate", "momentum", "l2_penalty", "width")


def test_the_paper_prepares_in_three_ways_alike():
    """None, normalised, or PCA of normalised inputs, a third each [3.4-09]."""
    values = some(Space.preset("bergstra-bengio"), 3000)
    raw = sum(one["preprocess"] == "none" for one in values)
    pca = sum(one.get("pca_variance") is not None for one in values)

    assert raw / 3000 == pytest.approx(1 / 3, abs=0.03)
    assert pca / 3000 == pytest.approx(1 / 3, abs=0.03)
    assert all("pca_variance" not in one for one in values if one["preprocess"] == "none")


def test_the_papers_ranges_are_those_of_the_guide():
    """One hidden layer, geometric ranges, the penalty off in half of the trials [3.4-09]."""
    space = Space.preset("bergstra-bengio", num_train=1000)

    assert len(space.recipe(some(space, 1)[0]).hidden_sizes) == 1
    assert space["width"].distribution == LogInteger(16, 1024, 16)
    assert space["learning_rate"].distribution.ends == (0.001, 10)
    assert space["decay_start_step"].distribution.ends == (300, 30000)
    assert space["batch_size"].distribution == Choice((20, 100))
    assert all(("init_scale" in one) == (one["init_range"] == "fan_in") for one in some(space, 200))


def test_penalties_of_the_mean_loss_are_multiplied_by_the_rows():
    """Ours stand beside the total loss [3.2-06]."""
    penalty = Space.preset("bergstra-bengio", num_train=1000)["l2_penalty"].distribution

    assert isinstance(penalty, SometimesOff)
    assert penalty.inner.ends == pytest.approx((3.1e-4, 3.1e-2))
    assert Space.preset("hyperopt-nnet", num_train=1000)["l2_penalty"].distribution.inner.median == 1e-3


def test_hyperopts_epochs_become_updates():
    """300 epochs of patience, 2000 at most [3.4-10]."""
    base = Space.preset("hyperopt-nnet", num_train=5000).base

    assert (base.patience_steps, base.num_steps, base.activation) == (30000, 200000, "sigmoid")


def test_what_is_no_preset_is_refused():
    """The nearest is offered; rows are counted from one."""
    with pytest.raises(
        ConfigError, match=r'`preset` must be one of default, .* got preset=\'smal\'\. Did you mean "small"'
    ):
        Space.preset("smal")
    with pytest.raises(ConfigError, match=r"`num_train` must be >= 1, but got num_train=0"):
        Space.preset("bergstra-bengio", num_train=0)
