"""Facts about a race: who goes on, in which order, and that neither time nor death changes it."""

from __future__ import annotations

import math
import os
import signal
import time
from dataclasses import replace

import pytest
from tests.oracles.problems import same_bits, small_recipe
from tests.oracles.races import RUNGS, TASK, Halving, everyone, pack, packs
from tests.oracles.stand_ins import die, dying_once, same_results, troubled

from practicum.core.errors import ConfigError, RecordError
from practicum.core.record import Record
from practicum.engine.crew import keeper as keeper_module
from practicum.engine.crew.forks import can_fork
from practicum.engine.plans.plan import Plan
from practicum.engine.race import race
from practicum.engine.run import run

needs_forks = pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)")
KINDS = ["threads", pytest.param("processes", marks=needs_forks)]
NUM_PACKS = 5


def raced(next_plan=None, judge=None, **options):
    """Return what a race yields, of all packs unless others are given; the judge halves unless another is given."""
    next_plan = packs(NUM_PACKS) if next_plan is None else next_plan
    options = {"rungs": lambda _: RUNGS, "num_workers": 1, "kind": "threads", **options}
    return list(race(next_plan, judge=Halving() if judge is None else judge, **options))


def same(one, other):
    """Return whether two races yielded the same packs with the same results, in the same order."""
    return [number for number, _ in one] == [number for number, _ in other] and all(
        [r.trial for r in a] == [r.trial for r in b] and same_results(a, b)
        for (_, a), (_, b) in zip(one, other, strict=True)
    )


def by_trial(found):
    """Return the results by trial."""
    return {result.trial: result for _, results in found for result in results}


@pytest.fixture(scope="module")
def whole():
    """What an undisturbed race yields, and its record."""
    record = Record()
    return raced(record=record), record.frame()


def slow(monkeypatch, seconds):
    """Make each stride of a pack take longer, by the number of its first trial."""
    real = keeper_module.run

    def slowly(pack, until):
        time.sleep(seconds.get(pack.trials[0] // 10, 0.0))
        return real(pack, until)

    monkeypatch.setattr(keeper_module, "run", slowly)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("num_workers", [1, 2])
def test_kind_and_number_of_workers_change_no_bit(kind, num_workers, whole):
    """Of what is yielded and of the record."""
    record = Record()
    found = raced(num_workers=num_workers, kind=kind, record=record)

    assert same(found, whole[0])
    assert record.frame().equals(whole[1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [{0: 0.02}, {1: 0.02, 3: 0.03}])
def test_slow_packs_change_nothing(kind, seconds, monkeypatch, whole):
    """The others are judged when it is their turn."""
    slow(monkeypatch, seconds)

    assert same(raced(num_workers=2, kind=kind), whole[0])


@pytest.mark.parametrize("seconds", [{0: 0.05}, {2: 0.05}])
def test_packs_are_judged_in_their_order(seconds, monkeypatch):
    """At each rung, though a later pack is there first."""
    slow(monkeypatch, seconds)
    judge = Halving()
    raced(judge=judge, num_workers=2)

    assert judge.at(0) == list(range(NUM_PACKS))
    assert judge.at(1) == sorted(judge.at(1))


def test_a_judge_is_told_the_best_error_so_far_of_who_trains():
    """Not of the trial that diverged."""
    seen = {}

    def judge(rung, errors):
        seen[rung] = dict(errors)
        return set(errors)

    record = Record()
    raced(packs(1), judge, record=record)
    rows = record.frame()

    assert seen[0].keys() == seen[1].keys() == {0, 1, 3}
    for rung, step in enumerate((50, 125)):
        for trial, error in seen[rung].items():
            curve = rows.filter((rows["trial"] == trial) & (rows["step"] <= step) & (rows["step"] > 0))
            assert error == curve["valid_error"].min()


def test_a_trial_that_diverged_never_goes_on(whole):
    """Nor is it called halted."""
    found = by_trial(whole[0])

    assert {found[10 * j + 2].status for j in range(NUM_PACKS)} == {"diverged"}


def test_who_leaves_has_its_best_so_far_and_who_stays_the_bits_of_a_life_alone(whole):
    """Halted at the rung; the neighbours' leaving changes nothing."""
    found = by_trial(whole[0])
    plans = {trial: (j, recipe) for j in range(NUM_PACKS) for trial, recipe in pack(j).by_trial.items()}
    alone = {r.trial: r for t, (_, recipe) in plans.items() for r in run([Plan([recipe], TASK, [t])])}
    halted = [result for result in found.values() if result.status == "halted"]
    others = [result for result in found.values() if result.status != "halted"]

    assert len(halted) > 5
    assert {result.num_steps for result in halted} == {50, 125}
    assert all(result.best_step <= result.num_steps and result.weights for result in halted)
    assert same_results(others, [alone[result.trial] for result in others])


def test_without_a_judge_it_is_a_run():
    """Results and record."""
    one, other = Record(), Record()
    found = raced(judge=everyone, record=one)
    plans = [pack(j) for j in range(NUM_PACKS)]

    assert same_results([r for _, results in found for r in results], list(run(plans, record=other)))
    assert one.frame().equals(other.frame())


def test_everyone_may_leave():
    """The pack ends at the rung."""
    found = by_trial(raced(packs(2), lambda rung, errors: set()))

    assert [(r.status, r.num_steps) for t, r in found.items() if t != 2 and t != 12] == [("halted", 50)] * 6


def test_rungs_may_fall_on_one_validation_or_beyond_the_end():
    """Each is judged; those that nobody reaches are not."""
    judge = Halving()
    raced(packs(2), judge, rungs=lambda _: (10, 20, 5000))

    assert judge.at(0) == judge.at(1) == [0, 1]
    assert judge.at(2) == []


@pytest.mark.parametrize("num_workers", [1, 2])
@pytest.mark.parametrize("lag", [1, 2, 4])
def test_packs_are_asked_for_in_a_fixed_order_with_what_is_yielded(lag, num_workers):
    """Pack j + lag after j was yielded and before j + 1 is."""
    told = []

    def next_plan(number):
        told.append(("asked", number))
        return packs(5)(number)

    for number, _ in race(
        next_plan, rungs=lambda _: RUNGS, judge=Halving(), lag=lag, num_workers=num_workers, kind="threads"
    ):
        told.append(("yielded", number))
    expected = [("asked", number) for number in range(lag)]
    for number in range(5):
        expected.append(("yielded", number))
        if number + lag <= 5:
            expected.append(("asked", number + lag))

    assert told == [one for one in expected if one != ("asked", 6)]


def test_weights_may_be_left_out(whole):
    """All else is the same."""
    found = by_trial(raced(keep_weights=False))

    assert {len(result.weights) for result in found.values()} == {0}
    assert [r.valid_error for r in found.values()] == [r.valid_error for r in by_trial(whole[0]).values()]


def test_training_has_a_cost():
    """Longer training costs more; what it is, only the clock knows."""
    found = by_trial(raced(packs(1, size=2), num_workers=1))
    longer = by_trial(raced(packs(1, size=2, num_steps=4000), everyone))

    assert all(0 < found[t].seconds < 30 for t in found)
    assert longer[0].seconds > found[0].seconds


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_begun_after_its_time_but_the_first(kind):
    """What was asked for and not begun says so; what was begun ends as ever."""
    found = raced(num_workers=2, kind=kind, starts_until=0.0)

    assert [number for number, _ in found] == [0]
    assert same(found, raced(packs(1)))


def test_packs_that_were_asked_for_are_yielded_though_their_time_is_over(monkeypatch):
    """With results that say so, and no judge is asked about them."""
    judge, moments = Halving(), []
    later = time.monotonic() + 1000

    def next_plan(number):
        if number:
            monkeypatch.setattr("practicum.engine.race.time.monotonic", lambda: later + 1)
        moments.append(number)
        return packs(3)(number)

    found = raced(next_plan, judge, lag=2, starts_until=later)

    assert [number for number, _ in found] == moments == [0, 1]
    assert {(r.status, r.reason) for r in found[1][1]} == {("budget", "It was never begun.")}
    assert judge.at(0) == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_deadline_ends_all(kind):
    """With status "budget", within a stride, parked packs too."""
    started = time.monotonic()
    endless = packs(9, num_steps=None, learning_rate=0.1)
    found = by_trial(raced(endless, lambda _, e: set(e), num_workers=2, kind=kind, deadline=started + 0.8))

    assert {result.status for result in found.values()} == {"budget"}
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("turns", [False, True])
def test_turns_give_every_pack_its_part(turns):
    """Without them, the first goes on until it ends."""
    endless = packs(3, num_steps=None, learning_rate=0.1)
    found = by_trial(
        raced(endless, everyone, turns=turns, deadline=time.monotonic() + 1.0, rungs=lambda _: ())
    )

    assert [found[t].num_steps > 0 if t in found else None for t in (0, 20)] == [
        True,
        True if turns else None,
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_ctrl_c_gives_the_best_so_far(kind, monkeypatch):
    """Of all packs that were begun."""
    caller, real = os.getpid(), keeper_module.run

    def pressing(pack, until):
        if 10 in pack.trials and pack.step == 50:
            os.kill(caller, signal.SIGINT)
        return real(pack, until)

    monkeypatch.setattr(keeper_module, "run", pressing)
    found = by_trial(raced(packs(6, num_steps=20_000), everyone, num_workers=2, kind=kind))

    assert {found[0].status, found[10].status} == {"stopped"}
    assert found[10].weights
    assert math.isfinite(found[10].valid_error)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("kind", KINDS)
def test_a_stopped_race_goes_on(kind, tmp_path, whole):
    """Again and again; the bits are those of the undisturbed race, and so is the record."""
    calls, lives = [], 0
    found = []
    while not found or len(found) < NUM_PACKS or any(r.status == "stopped" for r in by_trial(found).values()):
        calls.clear()
        record = Record()
        found = raced(
            num_workers=2,
            kind=kind,
            folder=tmp_path,
            record=record,
            stop=lambda: calls.append(1) or len(calls) > 6,
        )
        lives += 1

    assert 1 < lives < 60
    assert same(found, whole[0])
    assert record.frame().equals(whole[1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_finished_race_is_read_from_its_folder(kind, tmp_path, whole, monkeypatch):
    """Nothing is trained again, whatever the time; the judge hears the same again."""
    judges = Halving(), Halving()
    raced(judge=judges[0], kind=kind, folder=tmp_path)
    monkeypatch.setattr(keeper_module, "run", None)
    record = Record()
    found = raced(judge=judges[1], kind=kind, folder=tmp_path, record=record, starts_until=0.0)

    assert same(found, whole[0])
    assert record.frame().equals(whole[1])
    assert sorted(judges[0].calls) == sorted(judges[1].calls)


def test_another_judge_is_refused(tmp_path):
    """Its decisions would not be those that the results come from."""
    raced(packs(1), folder=tmp_path)

    with pytest.raises(RecordError, match=r"`judge` must decide as when the race was begun, but trials \["):
        raced(packs(1), everyone, folder=tmp_path)


def test_other_packs_are_refused(tmp_path):
    """By their fingerprint."""
    raced(packs(1), folder=tmp_path)

    with pytest.raises(RecordError, match="must belong to these recipes and data"):
        raced(packs(1, momentum=0.9), folder=tmp_path)


@needs_forks
@pytest.mark.parametrize(
    ("trial", "step", "lasting"),
    [(0, 0, True), (11, 60, False), (21, 60, True), (1, 130, True), (1, 130, False)],
)
def test_a_worker_that_is_killed_is_replaced(lasting, trial, step, tmp_path, monkeypatch, whole):
    """With or without checkpoints; who left has left."""
    monkeypatch.setattr(keeper_module, "run", dying_once(tmp_path / "flag", trial, step))
    folder = {"folder": tmp_path / "run", "every_seconds": 0.0} if lasting else {}
    record = Record()
    found = raced(num_workers=2, kind="processes", record=record, **folder)

    assert (tmp_path / "flag").exists()
    assert same(found, whole[0])
    assert record.frame().equals(whole[1])


@needs_forks
def test_packs_that_are_too_large_to_live_are_halved(tmp_path, whole):
    """And judged as one; also when the race is cut off and goes on."""
    caller = os.getpid()
    task = troubled(TASK, lambda recipes: die(caller) if len(recipes) > 2 else None)
    calls, found = [], []
    while len(found) < 2 or any(r.status == "stopped" for r in by_trial(found).values()):
        calls.clear()
        record = Record()
        found = raced(
            packs(2, task=task),
            num_workers=2,
            kind="processes",
            folder=tmp_path,
            record=record,
            every_seconds=0.0,
            stop=lambda: calls.append(1) or len(calls) > 5,
        )

    assert (tmp_path / "pack-000a.journal").exists()
    assert same(found, whole[0][:2])


@pytest.mark.parametrize("kind", KINDS)
def test_what_fails_in_a_worker_is_raised(kind):
    """And nothing is left."""

    def fail(recipes):
        raise ValueError("no such layer")

    with pytest.raises(ValueError, match="no such layer"):
        raced(packs(3, task=troubled(TASK, fail)), num_workers=2, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_what_fails_in_the_caller_is_raised(kind):
    """A sampler's error, or a judge's."""

    def fail(*_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        raced(judge=fail, kind=kind)
    with pytest.raises(ZeroDivisionError):
        raced(fail, kind=kind)


def test_memory_that_is_full_fails_a_trial_alone(whole):
    """The judge is not asked about it; the others have the bits they would have had."""

    def full(recipes):
        if any(recipe.seed == 1 for recipe in recipes):
            raise MemoryError

    judge = Halving()
    found = by_trial(raced(packs(1, task=troubled(TASK, full)), judge))
    expected = by_trial(whole[0])

    assert (found[1].status, found[1].weights) == ("failed", {})
    assert judge.calls[0] == (0, (0, 3))
    assert same_bits(found[3].weights, expected[3].weights) or found[3].status != expected[3].status


def test_progress_is_in_trials():
    """Of all that were asked for; it only grows."""
    told = []
    raced(packs(3), report=told.append)

    assert told == sorted(told)
    assert told[-1] == 12


def test_a_race_may_have_no_packs():
    """Nothing starts."""
    assert raced(packs(0)) == []


def test_a_consumer_may_stop_listening():
    """Nothing is left."""
    found = race(
        packs(4, num_steps=None), rungs=lambda _: (50,), judge=lambda *_: set(), num_workers=2, lag=2
    )
    first = next(found)
    found.close()

    assert first[0] == 0


@pytest.mark.parametrize("rungs", [(50, 50), (0, 10), (100, 50)])
def test_rungs_must_ascend(rungs):
    """From one update on."""
    with pytest.raises(ConfigError, match=r"`rungs` must ascend from at least 1, but got rungs=\("):
        raced(rungs=lambda _: rungs)


def test_a_lag_of_nothing_is_refused():
    """Nobody could be asked for."""
    with pytest.raises(ConfigError, match="`lag` must be at least 1, but got lag=0"):
        raced(lag=0)


def test_a_judge_chooses_among_those_it_is_asked_about():
    """Others are named."""
    with pytest.raises(
        ConfigError, match=r"`judge` must choose among .* got trials=\[77\] \(rung 0 of pack 0\)"
    ):
        raced(judge=lambda rung, errors: {77})


def test_recipes_of_a_race_may_differ_in_structure_from_pack_to_pack():
    """Each has its own rungs."""
    plans = [pack(0), pack(1, validate_every_steps=40), pack(2)]
    judge = Halving()
    found = raced(
        lambda j: plans[j] if j < 3 else None,
        judge,
        rungs=lambda plan: (plan.validate_every, 120),
        num_workers=2,
    )

    assert judge.at(0) == [0, 1, 2]
    assert {r.num_steps for r in found[1][1] if r.status == "halted"} <= {40, 120}
    assert small_recipe().batch_size == 16


@pytest.mark.parametrize("num_workers", [1, 2])
def test_a_sampler_that_learns_proposes_the_same(num_workers):
    """From what was yielded, at the moment it is asked."""
    best, asked = [0.1], []

    def next_plan(number):
        asked.append(best[-1])
        return pack(number, size=2, learning_rate=best[-1] * 1.1) if number < 5 else None

    for _, results in race(
        next_plan, rungs=lambda _: RUNGS, judge=Halving(), lag=2, num_workers=num_workers, kind="threads"
    ):
        best.append(best[-1] * (1 + min(result.valid_error for result in results)))

    assert asked == best[:1] + best[:5]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("largest", [1, 3])
def test_the_size_of_programs_changes_no_bit(kind, largest, whole, tmp_path):
    """A pack in pieces is judged as a whole, and goes on in its folder."""

    def cut(number):
        return None if number >= NUM_PACKS else replace(pack(number), largest=largest)

    found, again = (raced(cut, num_workers=2, kind=kind, folder=tmp_path) for _ in range(2))

    assert same(found, whole[0])
    assert same(again, whole[0])
