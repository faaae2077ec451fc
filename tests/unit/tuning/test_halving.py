"""Laws of who goes on at a rung."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import ConfigError
from practicum.tuning.halving import Halving, Verdicts

ERRORS = st.one_of(
    st.floats(0, 1),
    st.sampled_from([0.0, 0.25, 0.5]),
    st.just(math.inf),
    st.just(math.nan),
    st.just(-math.inf),
)
PACKS = st.lists(st.lists(ERRORS, min_size=1, max_size=9), min_size=1, max_size=6)
JUDGES = {
    "halving by 2": lambda: Halving(2),
    "halving by 3": lambda: Halving(3),
}


def numbered(packs):
    """Return packs as errors by trial number, counted through."""
    numbers = iter(range(10_000))
    return [{next(numbers): error for error in pack} for pack in packs]


@given(packs=PACKS, reduction=st.sampled_from([1.5, 2, 3, 4]))
def test_no_more_go_on_than_their_share_rounded_up(packs, reduction):
    """Of a pack at most 1/η go on, and all of these are among the best 1/η of what was seen."""
    judge = Halving(reduction)
    seen = []
    for errors in numbered(packs):
        seen += [error if math.isfinite(error) else math.inf for error in errors.values()]
        going = judge(0, errors)

        better = [sum(other < errors[trial] for other in seen) for trial in going]
        assert len(going) <= math.ceil(len(errors) / reduction)
        assert all(number < math.ceil(len(seen) / reduction) for number in better)


@pytest.mark.parametrize("make", JUDGES.values(), ids=JUDGES)
@given(packs=PACKS)
def test_what_is_not_finite_never_goes_on(make, packs):
    """A trial that diverged leaves at once, also as the only one of its pack."""
    judge = make()
    for errors in numbered(packs):
        assert all(math.isfinite(errors[trial]) for trial in judge(0, errors))


@pytest.mark.parametrize("make", JUDGES.values(), ids=JUDGES)
@given(packs=PACKS)
def test_who_goes_on_is_as_good_as_who_leaves(make, packs):
    """Inside a pack nobody goes on who is worse than one that leaves."""
    judge = make()
    for errors in numbered(packs):
        going = judge(0, errors)

        left = [error for trial, error in errors.items() if trial not in going and math.isfinite(error)]
        assert max((errors[trial] for trial in going), default=-math.inf) <= min(left, default=math.inf)


@pytest.mark.parametrize("make", JUDGES.values(), ids=JUDGES)
@given(packs=PACKS, data=st.data())
def test_the_order_inside_a_pack_does_not_matter(make, packs, data):
    """A pack told in another order gives the same."""
    plain, shuffled = make(), make()
    for errors in numbered(packs):
        other = dict(data.draw(st.permutations(list(errors.items()))))

        assert plain(0, errors) == shuffled(0, other)


@pytest.mark.parametrize("make", JUDGES.values(), ids=JUDGES)
@given(packs=PACKS)
def test_rungs_do_not_disturb_each_other(make, packs):
    """What is said at one rung is the same whether the other rung was asked between or later."""
    together, apart = make(), make()
    packs = numbered(packs)

    mixed = [(together(0, errors), together(1, errors)) for errors in packs]
    first = [apart(0, errors) for errors in packs]
    second = [apart(1, errors) for errors in packs]
    assert mixed == list(zip(first, second, strict=True))


def test_the_best_of_the_first_pack_goes_on():
    """The first pack is halved in the plain way."""
    assert Halving(3)(0, {i: i / 10 for i in range(16)}) == set(range(6))


def test_a_poor_pack_ends_and_a_better_one_is_halved():
    """A pack worse than a third of the known ends at its rung; of one better than all, a third goes on."""
    judge = Halving(3)
    judge(0, {i: 0.5 + i / 100 for i in range(6)})

    assert judge(0, {10 + i: 0.9 for i in range(6)}) == set()
    assert judge(0, {20 + i: 0.1 + i / 100 for i in range(6)}) == {20, 21}


def test_the_lower_number_breaks_a_tie():
    """Equal errors inside a pack: the first trials go on."""
    assert Halving(3)(0, dict.fromkeys(range(9), 0.5)) == {0, 1, 2}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Halving(1), "`reduction` must be > 1, but got reduction=1"),
        (lambda: Halving(math.nan), "`reduction` must be > 1, but got reduction=nan"),
    ],
)
def test_impossible_settings_are_refused(wrong, words):
    """The message names the setting and its value."""
    with pytest.raises(ConfigError, match=words):
        wrong()


def test_verdicts_are_remembered_and_said_again():
    """Also where those who are asked about are fewer: what time ended at a rung ends there in the repetition."""
    first = Verdicts(Halving(3))
    going = first(0, {0: 0.3, 1: 0.2, 2: 0.1, 3: 0.4, 4: 0.5, 5: 0.6})
    later = first(1, {trial: 0.1 * trial for trial in going})
    again = Verdicts(Halving(3), first.halted)

    assert first.halted == {0: 0, 3: 0, 4: 0, 5: 0, 2: 1}
    assert again(0, {0: 0.3, 1: 0.2, 3: 0.4, 4: 0.5, 5: 0.6}) == {1}
    assert again(1, {1: 0.1}) == later == {1}
    assert again.halted == {0: 0, 3: 0, 4: 0, 5: 0}
