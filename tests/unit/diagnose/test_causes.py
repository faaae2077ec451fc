"""Facts about causes of a whole run."""

import math

from practicum.core.finding import Finding
from practicum.diagnose.causes import posterior, ranked
from practicum.diagnose.seen import parse

SEEN = parse("O1 20 R060:O1=20 R040:A6=15\nA6 20 R040:A6=20\nC1 20 R001:C1=20\nnone 100 R040:A6=1")


def found(rule, *causes, severity="warning"):
    """Return a finding."""
    return Finding(rule, severity, causes, "e", "a", "s")


RATE, DEAD = found("R060", ("O1", 0.5), ("O3", 0.3)), found("R040", ("A6", 0.9), ("O1", 0.1))


def test_probabilities_sum_to_one():
    """Over faults and soundness."""
    assert math.isclose(sum(posterior([RATE, DEAD], SEEN).values()), 1.0)


def test_what_fires_together_has_one_cause():
    """Dead units alone are themselves; with jumping losses the rate is to blame."""
    assert next(iter(posterior([DEAD], SEEN))) == "A6"
    assert next(iter(posterior([DEAD, RATE], SEEN))) == "O1"


def test_findings_come_likeliest_first_within_a_severity():
    """And their causes are those of the run as a whole."""
    grave = found("R001", ("C1", 1.0), severity="critical")
    first, second = ranked([DEAD, RATE], SEEN)

    assert (first.rule, first.causes[0][0]) == ("R060", "O1")
    assert second.causes[0][0] == "O1"
    assert ranked([DEAD, grave], SEEN)[0].rule == "R001"


def test_what_the_table_does_not_know_is_left_as_it_is():
    """An unknown mark alone changes nothing."""
    odd = found("R999", ("E6", 0.4))

    assert posterior([odd], SEEN) == {}
    assert ranked([odd], SEEN) == (odd,)
    assert ranked([], SEEN) == ()
