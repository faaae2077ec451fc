"""Facts about who is called hopeless: only who is behind and stuck, or long past its best; never the best tenth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.made_courses import course, exam, falling

from practicum.diagnose.hopeless import (
    FEWEST_PEERS,
    FEWEST_VALIDATIONS,
    RISE,
    hopeless,
    left_behind,
    past_its_best,
    protected,
    reach,
)

STUCK = np.full(11, 0.95)
RISING = [1.0, 0.6, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]
LEARNED = np.linspace(1.0, 0.1, 11)


def test_a_setting_that_is_behind_and_stuck_is_hopeless():
    """The reason names a fault of the catalogue, and what its peers did."""
    found = hopeless(exam(course(0, STUCK)))

    assert list(found) == [0]
    assert found[0].reason.startswith("A7 saturated units")
    assert "the median of 9 peers 49." in found[0].reason
    assert not found[0].over


def test_healthy_settings_are_left_alone():
    """All of them learn about equally well."""
    healthy = [course(number, falling(0.5 + 0.002 * number)) for number in range(8)]

    assert hopeless(exam(*healthy)) == {}


def test_behind_alone_is_not_hopeless():
    """At its pace it will be where the others are."""
    slow = course(0, np.linspace(1.0, 0.8, 11))

    assert hopeless(exam(slow, until=8000.0)) == {}
    assert list(hopeless(exam(slow, until=1100.0))) == [0]


def test_stuck_alone_is_not_hopeless():
    """It stands still, but where the best are."""
    done = course(0, np.r_[1.0, np.full(10, 0.502)])

    assert left_behind(done, exam(done)) == ""


def test_the_error_or_the_loss_may_save_it():
    """A loss that cannot catch up says nothing where the error can, and the other way round."""
    good_error = course(0, np.linspace(1.0, 0.97, 11), errors=falling(0.25, 0.5))
    good_loss = course(0, falling(0.5), errors=np.full(11, 0.5))

    assert left_behind(good_error, exam(good_error)) == ""
    assert left_behind(good_loss, exam(good_loss)) == ""


@pytest.mark.parametrize("measure", ["loss", "error"])
def test_the_best_tenth_is_protected(measure):
    """By error or by loss; of few settings one."""
    best = course(0, RISING, train=LEARNED, errors=np.full(11, 0.1 if measure == "error" else 0.9))
    best = replace(best, best_loss=np.full(11, 0.1)) if measure == "loss" else best

    assert past_its_best(best)
    assert 0 in protected(exam(best).peers)
    assert hopeless(exam(best)) == {}


def test_one_in_ten_is_protected_rounded_up():
    """Of eleven two, which are here the best by both measures."""
    assert protected([course(number, falling(0.4 + 0.01 * number)) for number in range(11)]) == {0, 1}


def test_the_young_are_protected():
    """A plateau at the beginning says nothing yet."""
    young = course(0, STUCK[:FEWEST_VALIDATIONS])
    older = course(0, STUCK[: FEWEST_VALIDATIONS + 1])

    assert hopeless(exam(young)) == {}
    assert list(hopeless(exam(older))) == [0]


def test_few_peers_call_nobody_behind():
    """With one fewer than it takes."""
    assert hopeless(exam(course(0, STUCK), others=FEWEST_PEERS - 2)) == {}
    assert list(hopeless(exam(course(0, STUCK), others=FEWEST_PEERS - 1))) == [0]


def test_who_overfits_for_long_is_past_its_best():
    """E1: validation loss far above its least, training loss falling on."""
    found = past_its_best(course(0, RISING, train=LEARNED))

    assert found.startswith("E1 overfits: its validation loss is 120% above its least, 8 validations ago")


@pytest.mark.parametrize(
    "changes",
    [
        {"valid": np.r_[1.0, 0.6, np.full(9, 0.5 * RISE - 0.001)]},  # it has hardly risen
        {"train": np.full(11, 0.5)},  # training does not go on
        {"valid": [*falling(0.5)[:8], 0.8, 0.9, 1.0]},  # its best was a moment ago
        {"valid": [1.0, 0.6, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 0.52]},  # it comes back
        {"valid": np.linspace(1.0, 2.0, 11)},  # it never got better: others say why
    ],
)
def test_one_sign_alone_does_not_make_it_past_its_best(changes):
    """Just inside each limit nothing is said."""
    assert past_its_best(course(0, **{"valid": RISING, "train": LEARNED, **changes})) == ""


def test_a_setting_without_any_finite_loss_cannot_catch_up():
    """Nor does one that gets worse come down by itself."""
    nothing = np.full(11, np.inf)

    assert reach(course().ages, nothing, 1.0) == np.inf
    assert reach(course().ages, np.linspace(0.5, 1.0, 11), 3.0) == 1.0


def test_the_same_exam_gives_the_same_verdicts():
    """Whatever the order of the peers."""
    one = exam(course(0, STUCK), course(1, np.add(RISING, 0.2), train=LEARNED, errors=np.full(11, 0.4)))
    other = replace(one, peers=one.peers[::-1])

    assert hopeless(one) == hopeless(other)
    assert {number: verdict.over for number, verdict in hopeless(one).items()} == {0: False, 1: True}


def test_peers_without_any_best_hide_nothing():
    """Where fewer than a quarter have reached anything, nobody is behind."""
    nothing = np.full(11, np.inf)
    peers = [replace(course(100 + k), best_error=nothing, best_loss=nothing) for k in range(8)]
    one = replace(exam(course(0, STUCK)), peers=[course(0, STUCK), *peers])

    assert hopeless(one) == {}
