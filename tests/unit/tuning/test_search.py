"""Facts about a search: which setting is best, what is left out, when it ends."""

from __future__ import annotations

import math
import time

import pytest
from tests.oracles.arenas import Listed, arena, everyone, rates, setting, told

from practicum.tuning.arena import Limits
from practicum.tuning.halving import Halving
from practicum.tuning.search import Found, lighten, search

RATES = (0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)


def searched(judge=None, count=12, limits=None, where=None, **options):
    """Return what a search over a list of rates finds."""
    return search(
        where or arena(),
        Listed(rates(*RATES)),
        judge or Halving(3),
        count,
        limits or Limits(num_workers=1),
        **options,
    )


def numbers(found):
    """Return the settings' numbers."""
    return [one.tried.number for one in found.settings]


def test_all_that_was_asked_for_is_tried_and_told_pack_by_pack():
    """In the order of the numbers."""
    heard = []
    found = searched(listen=lambda settings: heard.append([one.tried.number for one in settings]), first=5)

    assert heard == [[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
    assert numbers(found) == list(range(5, 17))
    assert (found.end, found.saved) == ("all tried", 0)


def test_where_more_would_not_pay_it_ends_and_says_what_that_saved():
    """Asked after each pack, in order: what was begun beyond is left out."""
    found = searched(enough=lambda tried: len(tried) >= 4)

    assert numbers(found) == [0, 1, 2, 3]
    assert (found.end, found.saved) == ("flat", 8)


def test_what_was_never_begun_is_left_out():
    """The time was over after the first pack was begun; the end says so."""
    gone = time.monotonic() - 1
    found = searched(limits=Limits(starts_until=gone, deadline=gone, num_workers=1))

    assert set(numbers(found)) <= {0, 1, 2, 3}
    assert all(one.tried.age > 0 for one in found.settings)
    assert found.end == "time"


def test_ctrl_c_ends_it_with_what_there_is():
    """No further pack is asked for."""
    pressed = []

    def judge(rung, errors):
        pressed.append(rung)
        return set(errors)

    found = searched(judge, limits=Limits(stop=lambda: bool(pressed), num_workers=1))

    assert found.end == "interrupted"
    assert len(found.settings) < 12


def test_the_best_has_the_lowest_error():
    """Of those that were not given up."""
    found = Found([setting(0, 0.3), setting(1, 0.1, num_valid=10**6), setting(2, 0.2)])

    assert found.best is found.settings[1]
    assert [one.tried.number for one in found.ranked] == [1, 2, 0]


@pytest.mark.parametrize(
    ("status", "number"), [("halted", 0), ("diverged", 0), ("budget", 1), ("stopped", 1)]
)
def test_whoever_was_given_up_comes_after_the_others(status, number):
    """A low error of a shorter training does not beat one that stayed; the clock, though, gave nobody up."""
    found = Found([setting(0, 0.3, num_valid=10**6), setting(1, 0.1, status=status, num_valid=10**6)])

    assert found.best.tried.number == number


def test_errors_that_few_rows_cannot_tell_apart_are_ties():
    """Half a standard error is no difference: the loss decides; with many rows the error does."""

    def best_of(num_valid):
        made = [
            setting(0, 0.140, loss=0.40, num_valid=num_valid),
            setting(1, 0.142, loss=0.31, num_valid=num_valid),
        ]
        return Found([*made, setting(2, 0.160, loss=0.30, num_valid=num_valid)]).best.tried.number

    assert (best_of(2000), best_of(2_000_000)) == (1, 0)


def test_a_tie_is_not_won_by_one_that_was_given_up():
    """Its loss is that of a shorter training."""
    found = Found([setting(0, 0.2, loss=0.5), setting(1, 0.2, loss=0.4, status="halted")])

    assert found.best.tried.number == 0


def test_nothing_finite_is_no_best():
    """All blew up before they were validated."""
    found = Found([setting(0, math.inf, status="diverged")])

    assert (found.best, found.ranked) == (None, [])
    assert found.tried == [found.settings[0].tried]


def test_only_the_best_keep_their_weights_where_memory_is_short():
    """The order stays; the best always keeps its own."""
    found = Found([setting(k, error) for k, error in enumerate((0.3, 0.1, 0.2, 0.4))])
    lighten(found, 2)

    assert [bool(one.results[0].weights) for one in found.settings] == [False, True, True, False]
    assert searched(where=arena(most_kept=1)).ranked[0].results[0].weights


def test_workers_change_nothing():
    """Two or one, the same settings with the same errors."""
    one, two = (searched(limits=Limits(num_workers=count)) for count in (1, 2))

    assert told(one.settings) == told(two.settings)
    assert searched(everyone).best is not None
