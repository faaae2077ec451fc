"""Facts about the rule: the loop waits for its rows."""

import pytest

from practicum.diagnose.rules.waiting_for_rows import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("waits", "found"),
    [
        ([0.003] * 60, True),
        ([0.0011] * 60, True),
        ([0.0009] * 60, False),
        ([0.003] * 24, False),
        ([0.0001] * 59 + [9.0], False),
        ([9.0] * 5 + [0.0001] * 55, False),
        ([0.0, 0.0, 0.0, 0.008] * 15, True),
    ],
)
def test_it_fires_beyond_half_of_the_time(waits, found):
    """One long pause and the first steps do not count; every fourth step does. A step works for a millisecond."""
    finding = RULE.finding(Facts(waits=waits, works=[0.001] * len(waits)))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes == (("C9", 1.0),)


def test_other_programs_that_have_their_turn_do_not_count():
    """Some steps then take a hundred times as long; the median does not."""
    works = [0.001, 0.001, 0.1] * 20

    assert RULE.finding(Facts(waits=[0.01] * 60, works=works)) is not None
    assert RULE.finding(Facts(waits=[0.0001] * 60, works=works)) is None
