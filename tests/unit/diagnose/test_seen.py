"""Facts about the table of what was seen."""

import pytest

from practicum.core.errors import RecordError
from practicum.core.guide import GUIDE
from practicum.diagnose.rules.every import RULES
from practicum.diagnose.seen import NONE, known, parse, table


def test_a_table_is_read_as_it_was_written():
    """Counts, runs and power; a mark counts once a run."""
    runs = [("C1", ["R001:C1", "R001:C1"]), ("C1", []), (NONE, [])]
    seen = parse(table(runs, 0.4, head="Two lines\nof head."))

    assert seen.runs == {"C1": 2, NONE: 1}
    assert seen.fired["C1"] == {"R001:C1": 1}
    assert seen.power == 0.4
    assert seen.marks == ("R001:C1",)


@pytest.mark.parametrize("line", ["C1", "C1 many", "C1 3 R001:C1=x", "power"])
def test_a_damaged_table_is_one_message(line):
    """With the line."""
    with pytest.raises(RecordError, match="line 1"):
        parse(line)


def test_the_table_names_what_there_is():
    """Faults of the guide; marks of rules, or of the checks that rules pass on."""
    seen = known()
    ids = {rule.id for rule in RULES}

    assert all(fault == NONE or f"fault-{fault}" in GUIDE for fault in seen.runs)
    assert all(mark.split(":")[0] in ids or not mark.startswith("R0") for mark in seen.marks)
