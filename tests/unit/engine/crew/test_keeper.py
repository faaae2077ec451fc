"""Facts about a keeper: what it tells, and that nothing a clock decides changes a bit."""

from __future__ import annotations

import pytest
from tests.oracles.problems import advance, problem, same_bits, small_recipe
from tests.oracles.stand_ins import ends_of, same_results

from practicum.core.events import Ended, Validated
from practicum.engine.crew import keeper as keeper_module
from practicum.engine.crew.keeper import Keeper
from practicum.engine.saved.wire import decode, encode
from practicum.training.snapshot import Snapshot

DATA = problem("binary")
RECIPES = [
    small_recipe(seed=0, num_steps=110),
    small_recipe(seed=1, learning_rate=1e6),
    small_recipe(seed=2, num_steps=40, momentum=0.0),
    small_recipe(seed=3, early_stopping=False),
    small_recipe(seed=4, num_steps=150),
]


def keeper(**options):
    """Return a keeper of all recipes."""
    return Keeper(DATA.pack(RECIPES, **options))


def whole(rungs, make=keeper):
    """Train to 200 updates in rungs; return events, results and the keeper."""
    found = make()
    told = [found.advance(until) for until in rungs]
    told.append(found.finish("stopped"))
    return [e for one in told for e in one.events], [r for one in told for r in one.results], found


def test_it_tells_what_the_loop_tells_and_what_ended():
    """The trials that diverged or were done have left, those that train are named."""
    told = keeper().advance(125)

    assert (told.step, told.training) == (125, (3, 4))
    assert [(r.trial, r.status, r.num_steps) for r in told.results] == [
        (1, "diverged", 25),
        (2, "num_steps", 40),
        (0, "num_steps", 110),
    ]
    assert ends_of(told.events) == {1: (25, "diverged"), 2: (40, "num_steps"), 0: (110, "num_steps")}


def test_results_are_those_of_a_plain_run():
    """Each trial alone, by the loop: weights, best values, training loss."""
    _, results, _ = whole([200])
    for result in results:
        pack = DATA.pack([result.recipe])
        events = [e for e in advance(pack, 200) if isinstance(e, Validated)]

        assert same_bits(result.weights, pack.best_of(0))
        assert (result.valid_error, result.valid_loss) == (
            pack.stopping.best_error[0],
            pack.stopping.best_loss[0],
        )
        assert result.best_step == pack.stopping.best_index[0] + 1
        assert repr(result.train_loss) == repr(float(events[-1].train_loss[0]))
        assert result.start_loss == pack.compared_loss[0]


@pytest.mark.parametrize("rungs", [range(1, 201), [10, 30, 111, 112, 200], [25, 50, 200]])
def test_rungs_change_nothing(rungs):
    """Neither numbers nor the updates at which the pack is compacted; so no bits of any module."""
    events, results, _ = whole([200])
    found_events, found_results, _ = whole(rungs)

    assert repr(found_events) == repr(events)
    assert same_results(found_results, results)


def test_a_result_waits_for_the_next_validation():
    """The pack is compacted there and nowhere else."""
    mine = keeper()
    before, after = mine.advance(45), mine.advance(50)

    assert before.training == (0, 2, 3, 4)
    assert [r.trial for r in before.results] == [1]
    assert [r.trial for r in after.results] == [2]
    assert mine.pack.trials == (0, 3, 4)


def test_the_last_to_end_is_told_at_once():
    """Nothing is left that a validation could be waited for."""
    mine = Keeper(DATA.pack([RECIPES[2]]))
    told = mine.advance(1000)

    assert (told.step, told.training, len(told.results)) == (40, (), 1)
    assert (mine.advance(2000).step, mine.finish("stopped").results) == (40, ())


def test_finishing_keeps_why_a_trial_had_ended():
    """Only those that still train are stopped."""
    mine = keeper()
    mine.advance(45)

    assert [(r.trial, r.status, r.num_steps) for r in mine.finish("stopped").results] == [
        (0, "stopped", 45),
        (2, "num_steps", 40),
        (3, "stopped", 45),
        (4, "stopped", 45),
    ]
    assert mine.training == ()


@pytest.mark.parametrize("step", [10, 25, 45, 60, 110, 140])
def test_a_restored_keeper_goes_on_with_the_same_bits(step):
    """Over the wire, at a validation or between two, with or without trials whose results still wait."""
    _, results, _ = whole([200])
    first = keeper()
    early = first.advance(step)
    saved = first.snapshot()
    meta, tensors = decode(encode(saved.meta, saved.tensors))
    again = Keeper.restored(first.pack.task, Snapshot(meta, tensors), range(5))
    late = [again.advance(200), again.finish("stopped")]

    assert same_results([*early.results, *(r for told in late for r in told.results)], results)
    assert not any(isinstance(e, Ended) and e.step <= step for told in late for e in told.events)


def test_a_half_can_be_restored():
    """Some of the trials; each with the bits it would have had."""
    _, results, _ = whole([200])
    first = keeper()
    first.advance(60)
    half = Keeper.restored(first.pack.task, first.snapshot(), (1, 4))
    told = half.advance(200)

    assert half.training == ()
    assert same_results(told.results, [r for r in results if r.trial == 4])


@pytest.mark.parametrize("rungs", [[200], [50, 51, 200], [10, 75, 200]])
def test_who_is_halted_leaves_at_its_validation(rungs):
    """With its best so far, wherever the rungs are; those that stay have the bits they would have had."""
    _, results, _ = whole([200])
    mine = keeper()
    told = [mine.advance(until, {3: 50, 4: 50}) for until in rungs]
    found = [r for one in told for r in one.results]
    reference = keeper()
    reference.advance(50)
    best = reference.finish("halted").results

    assert {r.trial: r.status for r in found} == {
        1: "diverged",
        2: "num_steps",
        3: "halted",
        4: "halted",
        0: "num_steps",
    }
    assert same_results(
        [r for r in found if r.status != "halted"], [r for r in results if r.trial in (0, 1, 2)]
    )
    assert same_results(
        [r for r in found if r.status == "halted"], [r for r in best if r.status == "halted" and r.trial > 2]
    )


def test_all_may_be_halted():
    """Then it is over, and nothing more is trained."""
    mine = keeper()
    mine.advance(50)
    told = mine.advance(200, dict.fromkeys(range(5), 50))

    assert (told.step, told.training, told.events) == (50, (), ())
    assert [r.num_steps for r in told.results] == [50, 50, 50]


def test_weights_may_be_left_out():
    """Also by a keeper that was restored."""
    mine = Keeper(DATA.pack(RECIPES), keep_weights=False)
    first = mine.advance(60)
    again = Keeper.restored(mine.pack.task, mine.snapshot(), range(5), keep_weights=False)

    assert {len(r.weights) for r in (*first.results, *again.finish("stopped").results)} == {0}


def test_a_trial_costs_its_share_of_the_packs_time(monkeypatch):
    """Of those that train with it; a second for each interval here. It is kept in a snapshot."""
    ticks = iter(range(1000))
    monkeypatch.setattr(keeper_module.time, "thread_time", lambda: next(ticks))
    monkeypatch.setattr(keeper_module.torch, "get_num_threads", lambda: 1)
    mine = keeper()
    first = mine.advance(50)
    again = Keeper.restored(mine.pack.task, mine.snapshot(), range(5))
    late = again.advance(75).results + again.finish("stopped").results
    seconds = {r.trial: r.seconds for r in (*first.results, *late)}

    assert seconds == pytest.approx({1: 0.2, 2: 0.45, 0: 0.45 + 1 / 3, 3: 0.45 + 1 / 3, 4: 0.45 + 1 / 3})
