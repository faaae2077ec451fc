"""Facts about exams in a race: who is told to leave does, nobody else's bits change, a second run does the same."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.made_outcomes import prepared
from tests.oracles.arenas import LENGTHS, SPACE, Listed, arena, everyone, rates, told
from tests.oracles.stand_ins import same_results

from practicum.engine.tasks import Tasks
from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.arena import Limits
from practicum.tuning.examined import Stop, nobody, stops_from
from practicum.tuning.halving import Halving

EXAMINED = replace(LENGTHS, exams=(400, 1200, 2400))
"""Exams after 25, 75 and 150 of 200 updates, before, between and behind the rungs."""

MANY = np.geomspace(0.01, 0.8, 12).tolist()


def run(where, judge=everyone, values=MANY, **limits):
    """Return all settings, pack by pack."""
    told_to = Limits(**{"num_workers": 1, **limits})
    return [list(pack) for pack in where.run(Listed(rates(*values)), judge, 100, told_to)]


def stopping(*numbers, exam=0, seen=None):
    """Return a diagnosis that calls these hopeless at this exam, and remembers what it saw."""

    def examine(search, one):
        if seen is not None:
            seen.append(one)
        for course in one.courses:
            if course.number in numbers and one.age == EXAMINED.exams[exam]:
                search.tell(course.number, stop=f"E2 underfits: number {course.number}")

    return examine


def all_of(packs):
    """Return the settings by number."""
    return {one.tried.number: one for pack in packs for one in pack}


def test_whoever_is_told_to_leave_does_at_the_next_validation():
    """With the reason; the others go on."""
    where = arena(lengths=EXAMINED, examine=stopping(1, 6))
    found = all_of(run(where))

    assert [number for number, one in found.items() if one.tried.halted] == [1, 6]
    assert found[1].results[0].num_steps == 25
    assert found[1].results[0].reason == "E2 underfits: number 1"
    assert found[0].results[0].reason == ""
    assert where.stopped == {number: Stop(0, f"E2 underfits: number {number}") for number in (1, 6)}


def test_whoever_is_past_its_best_was_ended_and_not_given_up():
    """As by patience: it stands beside those that trained to their end."""

    def examine(search, exam):
        search.tell(exam.courses[0].number, stop="E1 overfits", over=True)

    found = all_of(run(arena(lengths=replace(LENGTHS, exams=(400,)), examine=examine), values=MANY[:2]))

    assert (found[0].tried.halted, found[0].results[0].status) == (False, "patience")
    assert (found[0].results[0].reason, found[0].results[0].num_steps) == ("E1 overfits", 25)
    assert found[1].results[0].status == "num_steps"


def test_those_that_go_on_are_bitwise_untouched():
    """With neighbours that left at an exam, and with exams at which nobody left."""
    plain = all_of(run(arena()))
    quiet = all_of(run(arena(lengths=EXAMINED, examine=nobody)))
    some = all_of(run(arena(lengths=EXAMINED, examine=stopping(1, 2, 6))))

    for number, one in plain.items():
        assert same_results(one.results, quiet[number].results)
        if number not in (1, 2, 6):
            assert same_results(one.results, some[number].results)
            assert one.tried.curve == some[number].tried.curve


def test_exams_at_which_nobody_leaves_change_no_decision():
    """Halving says the same at its rungs."""
    plain = [told(pack) for pack in run(arena(), Halving(3))]
    quiet = [told(pack) for pack in run(arena(lengths=EXAMINED, examine=nobody), Halving(3))]

    assert plain == quiet


def test_who_left_counts_at_the_next_rung_as_the_poorest():
    """So that as many others go on as would have without a diagnosis; once only."""
    asked = []

    def judge(rung, errors):
        asked.append((rung, {trial: math.isinf(error) for trial, error in errors.items()}))
        return {trial for trial, error in errors.items() if math.isfinite(error)}

    run(arena(lengths=EXAMINED, examine=stopping(1)), judge, MANY[:4])

    assert asked[0] == (0, {0: False, 1: True, 2: False, 3: False})
    assert asked[1] == (1, {0: False, 2: False, 3: False})


def test_a_judge_is_never_obeyed_about_who_has_left():
    """Even where it lets all go on."""
    found = all_of(run(arena(lengths=EXAMINED, examine=stopping(1)), everyone, MANY[:4]))

    assert found[1].results[0].num_steps == 25


def test_right_verdicts_leave_halving_as_it_was():
    """Who would have been halted anyway leaves earlier; all the others do what they did."""
    plain = all_of(run(arena(), Halving(3)))
    hopeless = [number for number, one in plain.items() if one.results[0].num_steps == 50][:3]
    early = all_of(run(arena(lengths=EXAMINED, examine=stopping(*hopeless)), Halving(3)))

    assert hopeless
    for number, one in plain.items():
        if number not in hopeless:
            assert same_results(one.results, early[number].results)


@pytest.mark.parametrize("num_workers", [1, 2])
def test_exams_see_the_same_whatever_the_timing(num_workers):
    """Each pack beside those before it, never those after it; older settings as they were at their last exam."""
    seen = []
    run(arena(lengths=EXAMINED, examine=stopping(1, seen=seen)), num_workers=num_workers)
    by_exam = {}
    for one in seen:
        row = [[course.number for course in one.courses], [course.number for course in one.peers]]
        by_exam.setdefault(one.age, []).append(row)

    assert by_exam[EXAMINED.exams[0]] == [
        [[0, 1, 2, 3], [0, 1, 2, 3]],
        [[4, 5, 6, 7], [*range(8)]],
        [[8, 9, 10, 11], [*range(12)]],
    ]
    assert by_exam[EXAMINED.exams[1]][0] == [[0, 2, 3], [0, 1, 2, 3]]
    assert all(course.ages[-1] <= one.age for one in seen for course in one.peers)


def test_an_exam_says_until_when():
    """The next rung, or the end behind the last."""
    seen = []
    run(arena(lengths=EXAMINED, examine=stopping(seen=seen)), everyone, MANY[:4])

    assert [(one.age, one.until) for one in seen] == [(400, 800), (1200, 1600), (2400, 3200)]


def test_a_search_that_goes_on_decides_the_same(tmp_path):
    """What was stopped is stopped again, for the same reasons."""
    first, again = (arena(lengths=EXAMINED, examine=stopping(1, 6)) for _ in range(2))
    packs = [
        [told(pack) for pack in run(where, Halving(3), folder=tmp_path / "a")] for where in (first, again)
    ]

    assert packs[0] == packs[1]
    assert first.stopped == again.stopped


def test_a_repeated_run_asks_nobody():
    """It stops whom the run that it repeats had stopped."""
    where = arena(lengths=EXAMINED, examine=stopping(1, 6))
    first = [told(pack) for pack in run(where, Halving(3))]
    known = arena(lengths=EXAMINED, examine=stopping(*range(12)), known=where.stopped)

    assert [told(pack) for pack in run(known, Halving(3))] == first
    assert known.stopped == where.stopped


def test_a_setting_leaves_with_all_its_folds():
    """Examined as one: the mean of its folds."""
    seen = []
    space = Space((Entry("learning_rate", Log(1e-3, 1.0)),), SPACE.base)
    where = arena(
        tasks=Tasks(prepared("regression")),
        recipe_of=space.recipe,
        num_folds=5,
        num_valid=24,
        lengths=EXAMINED,
        examine=stopping(0, seen=seen),
    )
    values = [{"learning_rate": 0.1}, {"learning_rate": 0.3}]
    (pack,) = where.run(Listed(values), everyone, 100, Limits(num_workers=1))

    assert [{r.status for r in one.results} for one in pack] == [{"halted"}, {"num_steps"}]
    assert [course.number for course in seen[0].courses] == [0, 1]
    assert set(where.stopped) == {0}


def test_folds_in_several_packs_are_examined_once():
    """The first pack's decide for those that come later."""
    seen = []
    where = arena(num_folds=3, lengths=EXAMINED, examine=stopping(0, seen=seen))
    found = all_of(run(where, everyone, [0.1, 0.3]))

    assert [[course.number for course in one.courses] for one in seen if one.courses] == [[0, 1], [1], [1]]
    assert {r.status for r in found[0].results} == {"halted"}
    assert {r.status for r in found[1].results} == {"num_steps"}


def test_stops_are_read_back():
    """A run of before there were any has none."""
    assert stops_from(None) is None
    stop = Stop(1, "E1 overfits", over=True)

    assert stops_from({"3": stop.plain}) == {3: stop}


def test_a_search_that_was_cut_off_decides_the_same_when_it_goes_on(tmp_path):
    """Who had been told to leave by then leaves again, and those to come see the same peers."""

    def worse_than_most(search, exam):
        middle = np.median([one.best[1] for one in exam.peers])
        for course in exam.courses:
            if course.best[1] > middle:
                search.tell(course.number, stop=f"E2 underfits: {len(exam.peers)} peers")

    slower = MANY[::-1]
    whole, first, again = (arena(lengths=EXAMINED, examine=worse_than_most) for _ in range(3))
    expected = [told(pack) for pack in run(whole, Halving(3), slower)]
    limits = Limits(num_workers=1, folder=tmp_path / "search")
    begun = first.run(Listed(rates(*slower)), Halving(3), 100, limits)
    next(begun)
    begun.close()

    assert [told(pack) for pack in run(again, Halving(3), slower, folder=limits.folder)] == expected
    assert again.stopped == whole.stopped
    assert max(whole.stopped) > 4 < len(whole.stopped)
