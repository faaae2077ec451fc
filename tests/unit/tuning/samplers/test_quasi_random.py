"""Quasi-random search: Sobol' points that fill packs."""

from collections import Counter

import numpy as np
import pytest

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Entry, Linear, Log, LogInteger, SometimesOff, Space
from practicum.tuning.samplers.quasi_random import BLOCK, QuasiRandom, SobolPoints, shared_names
from practicum.tuning.samplers.random_search import Random

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-3, 1.0)),
        Entry("activation", Choice(("tanh", "relu"))),
        Entry("momentum", Linear(0.1, 0.99)),
        Entry("width", LogInteger(16, 1024, multiple=16)),
    )
)
PACK = 8


def structure(trial):
    """Return what a pack must share."""
    return trial["activation"], trial["width"]


def test_points_do_not_depend_on_how_they_are_read():
    """Read backwards, the points are the same."""
    forwards, backwards = SobolPoints(3, seed=2), SobolPoints(3, seed=2)

    assert [forwards[i] for i in range(200)] == [backwards[i] for i in reversed(range(200))][::-1]


def test_every_aligned_block_is_stratified():
    """Each aligned run of 16 points has one in each sixteenth of every dimension, also beyond the first block made."""
    points = np.array([SobolPoints(4, seed=0)[i] for i in range(2 * BLOCK)])

    for start in range(0, 2 * BLOCK, 16):
        strata = np.sort(np.floor(points[start : start + 16] * 16).astype(int), axis=0)
        assert (strata == np.arange(16)[:, None]).all()


def test_a_cube_of_no_dimension_has_points_too():
    """A space without free entries is possible."""
    assert SobolPoints(0, seed=0)[3] == []


def test_trials_of_a_block_share_their_structure():
    """Each block of trials fills one pack, however the trials are asked for."""
    sampler = QuasiRandom(SPACE, seed=0, pack_size=PACK)
    trials = [trial for count in (3, 10, 1, 18) for trial in sampler.ask(count)]

    for start in range(0, 32, PACK):
        assert len({structure(trial) for trial in trials[start : start + PACK]}) == 1


def test_structure_is_stratified_over_blocks():
    """Sixteen blocks have each option eight times and each of four widths four times."""
    firsts = QuasiRandom(SPACE, seed=0, pack_size=PACK).ask(16 * PACK)[::PACK]

    assert set(Counter(trial["activation"] for trial in firsts).values()) == {8}
    assert sorted(Counter(trial["width"] for trial in firsts).values()) == [4, 4, 4, 4]


@pytest.mark.parametrize("pack_size", [1, PACK])
def test_structure_and_free_entries_are_not_correlated(pack_size):
    """Each option of a structural entry sees the whole range of a free one."""
    trials = QuasiRandom(SPACE, seed=0, pack_size=pack_size).ask(256)
    logs = {
        option: [np.log10(t["learning_rate"]) for t in trials if t["activation"] == option]
        for option in ("tanh", "relu")
    }

    assert all(abs(np.mean(values) + 1.5) < 0.15 for values in logs.values())
    assert all(np.histogram(values, bins=8, range=(-3, 0))[0].min() > 8 for values in logs.values())


def test_without_packs_no_width_is_left_out():
    """A pack of one has nothing to share, so that widths are as fine as the space's."""
    assert len({trial["width"] for trial in QuasiRandom(SPACE, seed=0).ask(128)}) > 30


def test_trial_i_is_the_same_whatever_the_number_of_trials():
    """A search that is extended goes on with what a longer one would have had [3.4-06]."""
    longer = QuasiRandom(SPACE, seed=1, pack_size=PACK).ask(150)

    assert longer[:100] == QuasiRandom(SPACE, seed=1, pack_size=PACK).ask(100)
    assert longer[100:] == QuasiRandom(SPACE, seed=1, pack_size=PACK, first=100).ask(50)


def test_packs_share_what_a_structural_condition_asks_about():
    """A parent that decides whether a structural entry acts is shared too."""
    space = Space(
        (
            Entry("preprocess", Choice(("standardise", "none"))),
            Entry(
                "pca_variance", SometimesOff(Linear(0.5, 1.0), None), when={"preprocess": ("standardise",)}
            ),
            Entry("learning_rate", Log(1e-3, 1.0)),
        )
    )

    assert shared_names(space) == ("preprocess", "pca_variance")


def test_it_covers_better_than_random():
    """The largest gap between the rates of 64 trials is far smaller than among random ones."""
    gaps = [
        np.diff(np.sort([np.log(t["learning_rate"]) for t in kind(SPACE, 0).ask(64)])).max()
        for kind in (QuasiRandom, Random)
    ]

    assert gaps[0] < gaps[1] / 2


def test_a_pack_of_none_is_refused():
    """The pack size is checked."""
    with pytest.raises(ConfigError, match="`pack_size` must be ≥ 1, but got pack_size=0"):
        QuasiRandom(SPACE, seed=0, pack_size=0)
