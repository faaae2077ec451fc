"""Facts about the chapter's procedure: its phases, the border, what happens where everything diverges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.oracles.arenas import BASE, LENGTHS, arena, told

from practicum.core.errors import DivergedError
from practicum.recipe.space import Entry, Linear, Log, Space
from practicum.tuning import procedure
from practicum.tuning.arena import Limits
from practicum.tuning.effort import Effort
from practicum.tuning.procedure import WIDER, hunt


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

    assert {one.tried.phase for one in found.found.settings} == {"wide", "zoom 1"}


def test_it_stops_where_more_would_not_pay(hunter, monkeypatch):
    """And says what it saved."""
    monkeypatch.setattr(procedure, "flat", lambda tried: len(tried) >= 4)
    found = hunter(space(0.01, 0.3)).found

    assert (found.saved, len([one for one in found.settings if one.tried.phase == "wide"])) == (8, 4)


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
