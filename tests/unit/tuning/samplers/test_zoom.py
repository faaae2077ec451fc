"""Zooming in: wide trials first, then finer and finer around the best."""

import math

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Entry, Integer, Linear, Log, LogInteger, SometimesOff, Space
from practicum.tuning.samplers.quasi_random import QuasiRandom
from practicum.tuning.samplers.zoom import WIDE_PACK, Zoom
from practicum.tuning.trial import Tried

SPACE = Space(
    (
        Entry("learning_rate", Log(1e-4, 1.0)),
        Entry("update_rule", Choice(("sgd", "adam"))),
        Entry("momentum", Linear(0.1, 0.99), when={"update_rule": ("sgd",)}),
        Entry("l2_penalty", SometimesOff(Log(1e-3, 1.0))),
        Entry("num_layers", Integer(1, 3)),
        Entry("width", LogInteger(16, 128, multiple=16)),
    )
)
PACK = 4


def error_of(values):
    """Return a made-up error with its best at a rate of 0.02, without a penalty, with two layers."""
    return (
        0.1
        + 0.1 * abs(math.log10(values["learning_rate"] / 0.02))
        + 0.05 * (values["l2_penalty"] > 0)
        + 0.05 * abs(values["num_layers"] - 2)
    )


def make(seed=0, **settings):
    """Return a search of small rounds."""
    return Zoom(SPACE, seed, PACK, **{"num_wide": 8, "round_size": 8, **settings})


def run(zoom, num_rounds, count=8, error=error_of):
    """Ask and tell in turn; return all values proposed."""
    proposed = []
    for _ in range(num_rounds):
        pack = zoom.ask(count)
        zoom.tell([Tried(len(proposed) + i, values, error(values)) for i, values in enumerate(pack)])
        proposed += pack
    return proposed


def test_the_wide_trials_are_those_of_quasi_random_search():
    """Before the first zoom it is the search over the whole space."""
    assert run(make(), 1) == QuasiRandom(SPACE, 0, PACK).ask(8)


def test_what_is_proposed_lies_in_the_space():
    """Every trial can be said in units again, at every round."""
    for values in run(make(), 6):
        assert SPACE.values(SPACE.units(values)) == pytest.approx(values)


def test_trial_i_is_the_same_whatever_follows():
    """A longer search begins with the shorter one."""
    assert run(make(), 5)[:24] == run(make(), 3)


def test_a_pack_asked_for_in_parts_is_the_same():
    """Without news between them, two asks give what one gives."""
    whole, parts = make(), make()
    run(whole, 1), run(parts, 1)

    assert parts.ask(4) + parts.ask(4) == whole.ask(8)


def test_nothing_is_tried_twice_while_there_is_anything_new_near():
    """Of a space of few settings none is repeated while there are new ones near the best."""
    space = Space((Entry("num_layers", Integer(1, 4)), Entry("batch_size", Choice((8, 16, 32, 64)))))
    zoom = Zoom(space, 0, num_wide=2, round_size=2)
    error = lambda values: values["num_layers"] / values["batch_size"]  # noqa: E731
    proposed = run(zoom, 5, count=2, error=error)

    zoomed = [tuple(values.values()) for values in proposed[2:]]
    assert len(set(zoomed)) == len(zoomed)


def test_the_trials_of_a_pack_share_their_structure():
    """Shapes change from pack to pack only."""
    proposed = run(make(), 5)

    for start in range(0, len(proposed), PACK):
        pack = proposed[start : start + PACK]
        assert len({(v["num_layers"], v["width"], v["update_rule"]) for v in pack}) == 1


def test_it_finds_what_random_trials_do_not():
    """Zooms come nearer to the best than the same number of wide trials."""
    zoomed = min(map(error_of, run(make(), 6)))
    wide = min(map(error_of, QuasiRandom(SPACE, 0, PACK).ask(48)))

    assert zoomed < wide
    assert zoomed < 0.12


def test_rounds_have_names():
    """What belongs together in a linked study has the same phase."""
    assert [make().phase(number) for number in (0, 7, 8, 15, 16)] == [
        "wide",
        "wide",
        "zoom 1",
        "zoom 1",
        "zoom 2",
    ]


def test_the_best_is_in_every_box_and_boxes_shrink():
    """Each round's boxes have the trial that they are around; they get smaller."""
    zoom, sizes = make(), []
    assert zoom.boxes() == []
    proposed = run(zoom, 1)
    for _ in range(4):
        best = sorted(proposed, key=error_of)[:3]
        boxes = zoom.boxes()
        rates = boxes[0]["learning_rate"].distribution
        sizes.append(math.log(rates.high / rates.low))

        for values, box in zip(best, boxes, strict=True):
            assert all(box[name].distribution.takes(value) for name, value in values.items())
        pack = zoom.ask(8)
        zoom.tell([Tried(len(proposed) + i, values, error_of(values)) for i, values in enumerate(pack)])
        proposed += pack
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]


def test_without_any_outcome_it_goes_on_wide():
    """Packs asked for before anything is known, and after all diverged, come from the whole space."""
    zoom = make()
    first = zoom.ask(16)
    zoom.tell([Tried(i, values, math.inf, diverged=True) for i, values in enumerate(first)])

    assert first + zoom.ask(8) == QuasiRandom(SPACE, 0, PACK).ask(24)


def test_a_diverged_trial_is_never_a_centre():
    """Not even when its error before it blew up was the lowest."""
    zoom = make()
    pack = zoom.ask(8)
    outcomes = [Tried(i, values, 0.5 + i / 100) for i, values in enumerate(pack)]
    zoom.tell([Tried(0, pack[0], 0.0, diverged=True), *outcomes[1:]])

    rate = zoom.boxes()[0]["learning_rate"].distribution
    assert rate.takes(pack[1]["learning_rate"])


def test_trials_under_way_are_not_proposed_again():
    """A second pack that is asked for before the first is told is another one."""
    zoom = make()
    run(zoom, 2)
    first, second = zoom.ask(8), zoom.ask(8)

    assert not [values for values in second if values in first]


def test_equal_outcomes_are_no_trouble():
    """Where nothing makes a difference, it still proposes."""
    assert len(run(make(), 4, error=lambda values: 0.5)) == 32


def test_trials_of_elsewhere_are_used_where_they_fit():
    """Outcomes from before count; those outside the space are passed over."""
    zoom = make()
    values = {**SPACE.values(dict.fromkeys(SPACE.names, 0.5)), "learning_rate": 0.02}
    zoom.tell(
        [
            Tried(0, values, 0.01),
            Tried(1, {**values, "learning_rate": 50.0}, 0.001),
            Tried(2, {"dropout": 0.1}, 0.0),
        ]
    )

    boxes = zoom.boxes()
    assert len(boxes) == 1
    assert boxes[0]["learning_rate"].distribution.takes(0.02)


def test_it_goes_on_in_a_wider_space():
    """After a range was extended the trials so far stay known and new ones may lie beyond the old border."""
    best_is_low = lambda values: abs(math.log10(values["learning_rate"] / 1e-5))  # noqa: E731
    zoom = make()
    run(zoom, 2, error=best_is_low)
    zoom.widen(SPACE.replaced("learning_rate", Log(1e-7, 1.0)))

    assert any(values["learning_rate"] < 1e-4 for values in run(zoom, 2, error=best_is_low))


def test_other_entries_need_another_search():
    """A space of other names is refused."""
    with pytest.raises(ConfigError, match="`space` must have the entries learning_rate, "):
        make().widen(SPACE.without("width"))


def test_wide_trials_have_more_structures_than_large_packs_would_give():
    """The wide trials of a search in packs of 16 are those of a search in packs of 4."""
    assert Zoom(SPACE, 0, 16).ask(32) == QuasiRandom(SPACE, 0, WIDE_PACK).ask(32)


@pytest.mark.parametrize(("pack_size", "num_wide"), [(1, 16), (4, 32), (24, 48)])
def test_packs_of_one_structure_need_more_wide_trials(pack_size, num_wide):
    """By default the first zoom comes after 16 trials, or 32 in whole packs."""
    zoom = Zoom(SPACE, 0, pack_size)

    assert (zoom.phase(num_wide - 1), zoom.phase(num_wide)) == ("wide", "zoom 1")


@pytest.mark.parametrize("name", ["num_wide", "round_size", "num_centres"])
def test_numbers_must_be_positive(name):
    """The message names the setting."""
    with pytest.raises(ConfigError, match=f"`{name}` must be ≥ 1, but got {name}=0"):
        make(**{name: 0})
