"""Facts about the parts of the summary that tell of the search."""

import json
import math

import numpy as np
import pytest
from tests.made_outcomes import RATES, SMALL, effort, finalist, hunt, prepared, result, setting

from practicum.core.events import Validated
from practicum.core.record import Record
from practicum.recipe.space import Choice, Entry, Log, Space
from practicum.report.searched import decisions_of, learning_rate_part, race_of, search_part
from practicum.tuning.effort import repeated
from practicum.tuning.examined import Stop

NOTHING = {"valid_error": math.inf, "valid_loss": math.inf, "train_loss": math.inf}
BOTH = Space((Entry("learning_rate", Log(1e-4, 1.0)), Entry("activation", Choice(("relu", "tanh")))), SMALL)


@pytest.fixture(scope="module")
def data():
    """A prepared table."""
    return prepared("binary")


def one(data, number, rate, *, phase="wide", values=(), **reached):
    """Return a setting of one training."""
    trained = result(data, number, SMALL.changed(learning_rate=rate), **reached)
    return setting(number, trained, phase=phase, **dict(values))


def finals(data, *errors, first=50):
    """Return a finalist for each list of errors by seed."""
    found = []
    for number, some in enumerate(errors):
        trials = range(first + 10 * number, first + 10 * number + len(some))
        seeds = [result(data, trial, valid_error=error) for trial, error in zip(trials, some, strict=True)]
        found.append(finalist(*seeds, number=number, values={"learning_rate": 0.1 * (number + 1)}))
    return found


def part(settings, finalists, **options):
    """Return what is said of a search over ``settings``."""
    hunted = hunt(settings, **options)
    return search_part(hunted, effort(hunted.space), finalists, 0.8)


def test_nothing_searched_is_nothing_said(data):
    """A recipe that was given has neither part."""
    assert learning_rate_part(None, 0.1) is None
    assert search_part(None, effort(RATES), finals(data, [0.1]), 0.8) is None


def test_settings_are_counted_by_how_they_ended(data):
    """Halted since others were better, blown up, and all there were."""
    settings = [
        one(data, 0, 0.01, valid_error=0.3, status="halted", seconds=1.0),
        one(data, 1, 0.1, valid_error=0.1, status="num_steps", seconds=4.0),
        one(data, 2, 1.0, status="diverged", seconds=1.0, **NOTHING),
    ]
    found = part(settings, finals(data, [0.1]))

    assert (found.num_settings, found.num_halted, found.num_diverged) == (3, 1, 1)
    assert found.seconds_a_setting == pytest.approx(2.0)
    assert (found.best_error, found.strategy, found.num_folds) == (0.1, "zoom", 1)
    assert any("1 of 3 trials diverged" in sentence for sentence in found.sentences)
    assert found.conclusion["num_tried"] == 3


def test_what_a_diagnosis_stopped_is_told_apart_from_what_was_halted(data):
    """With the reasons; the decisions say at which exam too, so that the run can be repeated."""
    settings = [one(data, number, 0.01, valid_error=0.3, status="halted") for number in range(2)]
    hunted = hunt([*settings, one(data, 2, 0.1, valid_error=0.1, status="num_steps")])
    hunted.stopped = {1: Stop(2, "E1 overfits: much")}
    found = search_part(hunted, effort(hunted.space), finals(data, [0.1]), 0.8)
    decided = decisions_of(hunted, effort(hunted.space), [], {}, Record())

    assert (found.num_halted, found.stopped) == (1, {"1": "E1 overfits: much"})
    assert repeated(decided).stopped == hunted.stopped


@pytest.mark.parametrize(
    ("end", "saved", "text"),
    [
        ("all tried", 0, "all settings that were planned were tried"),
        ("time", 0, "its share of the time was over"),
        ("flat", 12, "trying more would not have paid; 12 settings were saved"),
        ("interrupted", 0, "Ctrl-C"),
    ],
)
def test_it_says_why_the_search_ended(data, end, saved, text):
    """And what was saved by ending early."""
    assert part([one(data, 0, 0.1)], finals(data, [0.1]), end=end, saved=saved).end == text


def test_finalists_stand_with_their_errors_by_seed(data):
    """In the order in which they were ranked, the first is the chosen one; the interval is Student's."""
    asked = finals(data, [0.1, 0.12, 0.11], [0.3, 0.31, 0.32])
    found = part([one(data, 0, 0.1)], asked).finalists
    half = 4.302653 * 0.01 / math.sqrt(3)  # two degrees of freedom

    assert [each.chosen for each in found] == [True, False]
    assert found[0].errors == [0.1, 0.12, 0.11]
    assert found[0].mean == pytest.approx(0.11)
    assert found[0].interval == pytest.approx((0.11 - half, 0.11 + half))
    assert [each.values for each in found] == [{"learning_rate": 0.1}, {"learning_rate": 0.2}]


def test_a_seed_that_blew_up_is_left_out_of_the_mean(data):
    """It keeps its place among the errors; one seed alone has no spread; none has no mean."""
    nan, inf = math.nan, math.inf
    asked = finals(data, [0.1, inf, 0.2], [inf, 0.3, inf], [inf, inf, inf])
    some, single, none = part([one(data, 0, 0.1)], asked).finalists

    assert math.isinf(some.errors[1])
    assert some.mean == pytest.approx(0.15)
    assert single.interval == pytest.approx((nan, nan), nan_ok=True)
    assert none.interval == pytest.approx((nan, nan), nan_ok=True)
    assert math.isnan(none.mean)


def test_finalists_are_compared_seed_by_seed(data):
    """Clearly better is said, and so is what cannot be told apart."""
    clear = finals(data, [0.10, 0.11, 0.10, 0.12, 0.11], [0.30, 0.31, 0.30, 0.32, 0.31])
    alike = finals(data, [0.10, 0.30, 0.20, 0.15, 0.25], [0.20, 0.15, 0.26, 0.30, 0.12])

    assert "is better than the other" in part([one(data, 0, 0.1)], clear).comparison
    assert "cannot be told apart" in part([one(data, 0, 0.1)], alike).comparison


def decided(settings, *, results=(), phases=None, record=None, asked=None, space=RATES):
    """Return what time decided in a search over ``settings``."""
    begun = [*(result for each in settings for result in each.results), *results]
    return decisions_of(
        hunt(settings, space), asked or effort(space), begun, phases or {}, record or Record()
    )


def test_decisions_name_the_settings_of_each_race(data):
    """A zoom is one race with what went before it; what lies beyond a border is another; the finals that were begun."""
    phases = ["wide", "wide", "zoom 1", "zoom 2", "extended"]
    settings = [one(data, number, 0.1, phase=phase) for number, phase in enumerate(phases)]
    found = decided(settings, phases={0: "wide", 5: "seeds", 7: "seeds"})

    assert [race_of(phase) for phase in phases] == ["search"] * 4 + ["extended"]
    assert found["phases"] == {"search": [0, 1, 2, 3], "extended": [4], "seeds": [5, 7]}


def test_decisions_of_a_recipe_name_the_trainings_that_were_begun(data):
    """And the recipe itself comes back, with where time cut each."""
    given = SMALL.changed(learning_rate=0.3)
    some = [result(data, 0, given, status="budget", num_steps=9, **NOTHING)]
    some.append(result(data, 1, given, status="num_steps"))
    found = decisions_of(None, effort(Space((), given)), some, dict.fromkeys((0, 1), "recipe"), Record())
    again = repeated(json.loads(json.dumps(found)))

    assert (again.phases, again.cut) == ({"recipe": [0, 1]}, {0: (9, 0)})
    assert again.space.base == given


def test_decisions_keep_where_the_clock_cut_a_training(data):
    """How far it came, and up to which validation; what ended by itself will do so again."""
    record, yes, some = Record(), np.ones(6, dtype=bool), np.zeros(6)
    statuses = ["budget", "stopped", "num_steps", "patience", "halted", "diverged"]
    trained = [result(data, n, status=status, num_steps=130) for n, status in enumerate(statuses)]
    for step in (0, 50, 100):
        record.fold([Validated(step, step, tuple(range(6)), yes, some, some, some, some, yes)])
    found = decided([setting(n, each) for n, each in enumerate(trained)], record=record)

    assert found["cut"] == {"0": [130, 100], "1": [130, 100]}


def test_decisions_are_json_from_which_the_effort_comes_back(data):
    """Space, base, strategy, lengths, folds, seeds and cuts: all that a run without a clock needs."""
    settings = [one(data, 0, 0.1, status="budget", num_steps=100)]
    asked = effort(BOTH, num_folds=1, num_seeds=3, sampler="tpe", pack_size=8)
    kept = decided(settings, asked=asked, space=BOTH)
    found = repeated(json.loads(json.dumps(kept, allow_nan=False)))

    assert found.space == BOTH
    assert (found.sampler, found.lengths, found.num_seeds, found.pack_size) == ("tpe", asked.lengths, 3, 8)
    assert found.phases["search"] == [0]
    assert found.cut == {0: (100, 0)}


def test_the_part_is_plain_json(data):
    """Values that are tuples become lists, so that a summary is read back equal."""
    shapes = Space((Entry("hidden_sizes", Choice(((6,), (6, 6)))),), SMALL)
    values = {"hidden_sizes": (6, 6)}
    each = finalist(result(data, 9), number=0, values=values)
    found = part([one(data, 0, 0.1, values=values)], [each], space=shapes)

    assert found.finalists[0].values == {"hidden_sizes": [6, 6]}
    assert type(found).model_validate_json(found.model_dump_json()).finalists == found.finalists


def test_a_search_over_rates_alone_speaks_of_the_ratio(data):
    """The best rate against the largest that did not diverge [2.1-02]."""
    settings = [
        one(data, 0, 0.01, valid_error=0.3),
        one(data, 1, 0.1, valid_error=0.1),
        one(data, 2, 1.0, status="diverged", **NOTHING),
    ]
    found = learning_rate_part(hunt(settings), 0.1)

    assert (found.best, found.largest_stable, found.smallest_diverged) == (0.1, 0.1, 1.0)
    assert (found.ratio, found.extended) == (1.0, False)
    assert found.resolved_factor == pytest.approx(10)
    assert "0.1" in found.text


@pytest.mark.parametrize(
    ("last", "text"),
    [
        (
            {},
            "The best setting has a learning rate of 0.01. No setting of a higher rate blew up or ended above its "
            "start.",
        ),
        (
            {"status": "diverged", **NOTHING},
            "The best setting has a learning rate of 0.01. From 0.5 on, some blew up or ended above their start.",
        ),
    ],
)
def test_where_more_is_varied_rates_of_all_settings_are_compared(data, last, text):
    """Settings differ in other things too, so no ratio is told."""
    settings = [
        one(data, 0, 0.01, values={"activation": "relu"}),
        one(data, 1, 0.5, values={"activation": "tanh"}, **last),
    ]

    found = learning_rate_part(hunt(settings, BOTH), 0.01)

    assert (found.text, found.ratio, found.largest_stable) == (text, None, None)


def test_the_extension_is_told(data):
    """First of all, with the new ends, whichever entry it was; nothing where no range was left."""
    settings = [one(data, k, 0.1 * (k + 1), valid_error=0.1 * (k + 1)) for k in range(3)]

    told = part(settings, finals(data, [0.1]), space=BOTH, extended=("learning_rate",)).sentences
    low, high = BOTH["learning_rate"].distribution.ends
    assert (
        told[0] == f"The search went beyond the range of `learning_rate`, to {low:.4g} … {high:.4g} [3.3-03]."
    )
    assert not any("beyond the range" in text for text in part(settings, finals(data, [0.1])).sentences)


def test_a_range_of_rates_that_was_extended_is_told(data):
    """Of another entry it is not the rate's matter."""
    settings = [one(data, 0, 0.1)]

    assert learning_rate_part(hunt(settings, extended=("learning_rate",)), 0.1).extended
    assert not learning_rate_part(hunt(settings, extended=("l2_penalty",)), 0.1).extended
    assert np.isnan(learning_rate_part(hunt(settings, RATES), 0.1).resolved_factor)
