"""Facts about choices."""

from collections import Counter

import pytest

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Choice


def test_options_come_as_often_as_their_weights_say():
    """A multinomial [3.4-01]."""
    counts = Counter(
        Choice(("a", "b", "c"), (1, 2, 1)).value(unit) for unit in stream(0, "test").random(4000)
    )

    assert counts["a"] / 4000 == pytest.approx(0.25, abs=0.02)
    assert counts["b"] / 4000 == pytest.approx(0.5, abs=0.03)


def test_true_is_not_one_and_a_list_is_its_tuple():
    """Options of different types stay apart; YAML brings lists back."""
    choice = Choice([True, 1, None, (64, 64)])

    assert [choice.value(choice.unit(one)) for one in (True, 1, None, [64, 64])] == [True, 1, None, (64, 64)]
    assert not choice.takes(0)
    assert not Choice((1, 2)).takes(True)


def test_a_part_keeps_order_and_weights():
    """Only the options whose interval it reaches."""
    choice = Choice((1, 2, 3, 4), (1, 1, 1, 2))

    assert choice.narrowed(0.2, 0.6) == Choice((2, 3), (1, 1))
    assert choice.narrowed(0.5, 0.5) == Choice((3,), (1,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Choice(()), r"`choice` must have at least one option, but got choice=\(\)"),
        (lambda: Choice("relu"), r"`choice` must have at least one option, but got choice='relu'"),
        (lambda: Choice((1, 2, 1)), r"`choice` must have each option once, but got 1 twice"),
        (lambda: Choice((None, None)), r"`choice` must have each option once, but got None twice"),
        (lambda: Choice((1, 2), (1,)), r"`weights` must be 2 numbers, one an option, but got 1"),
        (lambda: Choice((1, 2), (1, 0)), r"`weights` must be > 0, but got weights=\(1, 0\)"),
        (lambda: Choice((1, 2)).unit(3), r"`value` must be one of 1, 2, but got value=3"),
    ],
)
def test_what_cannot_work_is_refused(make, message):
    """Each with the options and a way out."""
    with pytest.raises(ConfigError, match=message):
        make()
