"""Facts about the chapter's procedure: its phases, the border, what happens where everything diverges."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.oracles.arenas import BASE, LENGTHS, arena, told

from practicum.core.errors import DivergedError
from practicum.recipe.space import Choice, Entry, Linear, Log, Space
from practicum.training.pack import MIN_VALIDATE_STEPS
from practicum.tuning import procedure
from practicum.tuning.arena import Limits
from practicum.tuning.effort import Effort
from practicum.tuning.examined import Stop
from practicum.tuning.procedure import SHORT, WIDER, hunt
from practicum.tuning.samplers import widening


def space(low, high, other=False):
    """Return a space of rates, and perhaps of momenta."""
    entries = [Entry("learning_rate", Log(low, high))]
    return Space((*entries, *([Entry("momentum", Linear(0.0, 0.9))] if other else [])), BASE)


class Hunter:
    """Runs hunts; remembers phases and what was heard."""

    def __init__(self):
        self.phases, self.heard = [], []

    def __call__(self, some, num_trials=12, sampler="quasi-random", stop=lambda: False, **changes):
        """Return the hunt over ``some`` space."""
        self.phases, self.heard = [], []
        effort = Effort(some, sampler, replace(LENGTHS, num_trials=num_trials), 1, 2, 4, 4)
        return hunt(
            arena(),
            replace(effort, **changes),
            lambda phase: Limits(num_workers=1, stop=stop),
            lambda phase, count: self.phases.append((phase, count)),
            lambda known, settings: self.heard.append((known, len(settings))),
        )


@pytest.fixture
def hunter(monkeypatch):
    """Return a hunter whose searches never end for being flat."""
    monkeypatch.setattr(procedure, "flat", lambda tried: False)
    return Hunter()


def test_a_search_is_one_phase_where_nothing_is_wrong(hunter):
    """All trials in it, told pack by pack with the space that they were taken from."""
    some = space(0.01, 0.3)
    found = hunter(some)

    assert hunter.phases[0] == ("search", 12)
    assert hunter.heard[:3] == [(some, 4)] * 3
    assert [one.tried.number for one in found.found.settings[:12]] == list(range(12))


def test_the_zoom_says_its_own_phases(hunter):
    """Wide first, after half of the trials finer."""
    found = hunter(space(0.01, 0.3, other=True), sampler="zoom")

    assert {one.tried.phase for one in found.found.settings[:12]} == {"wide", "zoom 1"}


@pytest.fixture
def moving(monkeypatch):
    """Return a hunter whose zooms see a border in the first three looks, none of them before their trials are over."""
    looks = []

    def seen(space, found, again):
        looks.append(space)
        name = "learning_rate"
        high = space[name].distribution.high
        return space.replaced(name, Log(space[name].distribution.low, 2 * high)) if len(looks) < 3 else space

    monkeypatch.setattr(procedure, "flat", lambda tried: False)
    monkeypatch.setattr(widening, "extension", seen)
    monkeypatch.setattr(widening, "NUM_BEYOND", 12)
    return Hunter()


def test_a_zoom_goes_on_as_long_as_its_last_trials_move_a_border(moving):
    """A pack after each move and one that knows the last, each a phase with numbers of its own."""
    found = moving(space(0.001, 0.01, other=True), sampler="zoom", pack_size=12)

    assert moving.phases == [("search", 12), ("extended", 12), ("extended 2", 12), ("extended 3", 12)]
    assert [one.tried.number for one in found.found.settings] == list(range(48))
    assert found.found.settings[-1].tried.phase == "extended 3"
    assert found.space["learning_rate"].distribution.high == 0.04
    assert found.extended == ("learning_rate",)


def test_a_repeated_zoom_goes_on_only_as_far_as_it_did_then(moving):
    """What time ended is not looked at again."""
    phases = {"search": list(range(12)), "extended": list(range(12, 20))}
    found = moving(space(0.001, 0.01, other=True), sampler="zoom", pack_size=12, phases=phases)

    assert moving.phases == [("search", 12), ("extended", 12)]
    assert len(found.found.settings) == 20
    assert found.space["learning_rate"].distribution.high == 0.02


def test_it_stops_where_more_would_not_pay(hunter, monkeypatch):
    """And says what it saved; not before a zoom has followed the wide trials."""
    monkeypatch.setattr(procedure, "flat", lambda tried: len(tried) >= 2)
    monkeypatch.setattr(procedure, "NUM_WIDE", 3)
    monkeypatch.setattr(procedure, "ROUND_SIZE", 1)
    found = hunter(space(0.01, 0.3), may_stop=True).found
    told = hunter(space(0.01, 0.3)).found

    assert (found.saved, len([one for one in found.settings if one.tried.phase == "wide"])) == (8, 4)
    assert (told.saved, told.end) == (0, "all tried")


def test_a_best_at_the_border_extends_the_range(hunter, monkeypatch):
    """A pack beyond it is tried [3.3-03]; of what is inside, nothing is tried again."""
    some = space(1e-4, 0.005)
    wider = some.replaced("learning_rate", Log(1e-4, 0.5))
    monkeypatch.setattr(procedure, "borders", lambda tried, space: ("border",))
    monkeypatch.setattr(procedure, "extension", lambda space, found: wider)
    found = hunter(some)

    assert hunter.phases == [("search", 12), ("extended", 4)]
    assert found.extended == ("learning_rate",)
    assert found.space == wider
    assert [one.tried.phase for one in found.found.settings[12:]] == ["extended"] * 4
    assert [one.tried.number for one in found.found.settings[12:]] == [12, 13, 14, 15]


def test_a_border_that_stays_where_it_is_adds_nothing(hunter, monkeypatch):
    """The space comes back as it was."""
    monkeypatch.setattr(procedure, "extension", lambda space, found: space)
    some = space(0.01, 0.3)
    found = hunter(some)

    assert [phase for phase, _ in hunter.phases] == ["search"]
    assert (found.extended, found.space) == ((), some)


def test_where_everything_diverges_lower_rates_are_tried_once(hunter):
    """And where these hold, the best of them is found."""
    found = hunter(space(30.0, 1e8), num_trials=4)

    assert hunter.phases == [("search", 4), ("extended", 4)]
    assert found.space["learning_rate"].distribution == Log(30.0 * WIDER, 30.0)
    assert found.extended == ("learning_rate",)
    assert found.found.best.recipe.learning_rate < 30.0


def test_where_lower_rates_diverge_too_the_error_says_which(hunter):
    """After one widening, not more."""
    with pytest.raises(DivergedError, match=r"all 8 diverged \(learning rates .* … .*\)") as caught:
        hunter(space(1e9, 1e10), num_trials=4)

    assert hunter.phases == [("search", 4), ("extended", 4)]
    assert len(caught.value.values["rates"]) == 8


def test_rates_that_are_not_searched_are_not_lowered(hunter):
    """The recipe's rate is the user's."""
    fixed = Space((Entry("momentum", Linear(0.0, 0.9)),), BASE.changed(learning_rate=1e9))
    with pytest.raises(DivergedError, match=r"all 4 diverged"):
        hunter(fixed, num_trials=4)

    assert hunter.phases == [("search", 4)]


def test_ctrl_c_before_anything_was_reached_is_passed_on(hunter):
    """There is no best so far."""
    with pytest.raises(KeyboardInterrupt):
        hunter(space(1e9, 1e10), num_trials=4, stop=lambda: True)


def test_ctrl_c_later_keeps_what_there_is(hunter):
    """No further phase is begun."""

    def stop():
        return bool(hunter.heard)

    found = hunter(space(0.01, 0.3), stop=stop).found

    assert found.end == "interrupted"
    assert found.best is not None
    assert [phase for phase, _ in hunter.phases] == ["search"]


@pytest.mark.parametrize("sampler", ["quasi-random", "zoom", "random"])
def test_the_same_is_found_again(hunter, sampler):
    """Space, seed and number of trials fix every setting and every error [3.3-14]."""
    some = space(0.01, 0.3, other=True)

    assert told(hunter(some, sampler=sampler).found.settings) == told(
        hunter(some, sampler=sampler).found.settings
    )


def test_where_the_time_is_over_the_least_is_done(hunter):
    """One pack, trained until its first validation: no error where nothing diverged."""
    some, over = space(0.01, 0.3), -math.inf
    phases = []
    effort = Effort(some, "quasi-random", replace(LENGTHS, num_trials=12), 1, 2, 4, 4)
    found = hunt(
        arena(),
        effort,
        lambda phase: Limits(num_workers=1, starts_until=over, deadline=over),
        lambda phase, count: phases.append(phase),
    )

    assert phases == ["search", SHORT]
    assert {one.tried.phase for one in found.found.ranked} == {f"wide {SHORT}"}
    assert {one.results[0].num_steps for one in found.found.ranked} == {MIN_VALIDATE_STEPS}


def test_no_number_is_given_twice(hunter, monkeypatch):
    """Where a search ends within a batch, the next phase begins behind the last number, not behind the count."""
    some = Space((Entry("learning_rate", Log(0.01, 0.3)), Entry("width", Choice((4, 8)))), BASE)
    wider = some.replaced("learning_rate", Log(0.001, 0.3))
    monkeypatch.setattr(procedure, "flat", lambda tried: True)
    monkeypatch.setattr(procedure, "borders", lambda tried, space: ("border",))
    monkeypatch.setattr(procedure, "extension", lambda space, found: wider)
    numbers = [one.tried.number for one in hunter(some).found.settings]

    assert len(set(numbers)) == len(numbers)


def test_a_repeated_search_tries_what_was_tried_then(hunter):
    """The numbers of each phase, and no other phase."""
    some = space(0.01, 0.3)
    first = hunter(some, num_trials=12)
    known = {"phases": {"search": list(range(8)), "seeds": []}, "halted": first.halted}
    again = hunter(some, num_trials=12, **known)

    assert [one.tried.number for one in again.found.settings] == list(range(8))
    assert told(again.found.settings) == told(first.found.settings[:8])
    assert hunter.phases == [("search", 12)]


def test_what_was_stopped_is_kept_apart_from_what_was_halted():
    """And said again when the search is repeated, though nobody is asked then."""

    def examine(search, exam):
        for course in exam.courses:
            if course.number in (2, 5):
                search.tell(course.number, stop="E1 overfits")

    def hunted(look, **known):
        lengths = replace(LENGTHS, exams=(400,))
        effort = Effort(space(0.01, 0.3), "quasi-random", lengths, 1, 2, 4, 4, **known)
        where = arena(lengths=lengths, examine=look, known=known.get("stopped"))
        return hunt(where, effort, lambda phase: Limits(num_workers=1), lambda *_: None)

    first = hunted(examine)
    phases = {"search": [one.tried.number for one in first.found.settings if one.tried.phase == "wide"]}
    again = hunted(None, phases=phases, halted=first.halted, stopped=first.stopped)

    assert first.stopped == {2: Stop(0, "E1 overfits"), 5: Stop(0, "E1 overfits")}
    assert not first.stopped.keys() & first.halted.keys()
    assert first.halted
    assert again.stopped == first.stopped
    assert told(again.found.settings) == told(first.found.settings[: len(again.found.settings)])
