"""Facts about distributions over whole numbers."""

from collections import Counter

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Integer, LogInteger


def test_every_whole_number_is_alike():
    """Even units reach each number as often, both ends included."""
    counts = Counter(Integer(-1, 2).value(i / 4000) for i in range(4000))

    assert counts == dict.fromkeys((-1, 0, 1, 2), 1000)


def test_a_number_owns_what_rounds_to_it_on_the_log_scale():
    """Half of the units lie below the geometric middle; small numbers are the likelier ones."""
    widths = LogInteger(1, 64)
    counts = Counter(widths.value(i / 10000) for i in range(10000))

    assert set(counts) == set(range(1, 65))
    assert counts[1] > counts[2] > counts[8] > counts[63]
    assert widths.value(0.5) in (5, 6)


def test_only_multiples_are_drawn():
    """18 to 1024 in steps of 16: the first is 32."""
    widths = LogInteger(18, 1024, multiple=16)
    drawn = {widths.value(i / 5000) for i in range(5000)}

    assert drawn == set(range(32, 1025, 16))
    assert widths.ends == (32, 1024)
    assert not widths.takes(40)


def test_a_part_of_one_number_is_a_choice():
    """A zoom may end at one value."""
    assert Integer(1, 4).narrowed(0.3, 0.45) == Choice((2,))
    assert Integer(1, 4).narrowed(0.25, 0.75) == Integer(2, 3)
    assert LogInteger(16, 64, 16).narrowed(0, 1) == LogInteger(16, 64, 16)
    assert LogInteger(16, 64, 16).narrowed(0, 0.1) == Choice((16,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Integer(2, 2), r"`low` must be < high, but got low=2 and high=2"),
        (lambda: Integer(1.5, 2), r"`low` must be a whole number .* but got low=1\.5"),
        (lambda: Integer(True, 2), r"`low` must be a whole number"),
        (lambda: Integer(0, 2**50), r"`high` must be a whole number of at most 1099511627776"),
        (lambda: LogInteger(0, 8), r"`low` must be > 0 on a log scale, but got low=0"),
        (lambda: LogInteger(1, 8, 0), r"`multiple` must be a whole number ≥ 1, but got multiple=0"),
        (
            lambda: LogInteger(17, 40, 16),
            r"`multiple` must divide two numbers of the range at least, but got multiple=16",
        ),
        (
            lambda: Integer(1, 3).unit(4),
            r"`value` must be a value of \{'integer': \[1, 3\]\}, but got value=4",
        ),
        (lambda: LogInteger(1, 3).unit(2.5), r"`value` must be a value of .* but got value=2\.5"),
    ],
)
def test_what_cannot_work_is_refused(make, message):
    """Each with the numbers and a way out."""
    with pytest.raises(ConfigError, match=message):
        make()
