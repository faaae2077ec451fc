"""Facts about what a check or a rule says."""

import json

import pytest

from practicum.core.finding import SEVERITIES, Finding, gravest_first, verdict


def test_a_finding_says_what_was_seen_what_to_do_and_where_to_read_on():
    found = Finding(
        "top-layer", "warning", (("L1", 0.8), ("L2", 0.2)), "It sums to 1.", "Return logits.", "3.2-26"
    )

    assert found.text == "It sums to 1. Return logits. [L1, 3.2-26]"
    assert found.severity in SEVERITIES


def test_places_are_named_in_json():
    found = Finding("odd", "info", (), "It is.", "Look.", "4.1-01", (("column", "age"),))

    assert found.as_mapping()["places"] == [{"kind": "column", "name": "age"}]


def test_what_is_no_fault_of_the_catalogue_names_its_source_alone():
    assert Finding("depth", "info", (), "Depth 3.", "Nothing to do.", "1.1-01").text.endswith("[1.1-01]")


def test_a_rule_is_named_and_a_fault_stands_once():
    found = Finding("R001", "critical", (("C1", 1.0),), "It adds up.", "Reset it.", "fault-C1")

    assert found.text == "It adds up. Reset it. [R001, C1]"


def made(severity, rule="odd"):
    return Finding(rule, severity, (), f"It is {severity}.", "Look.", "4.1-01")


def test_the_gravest_come_first_and_equals_keep_their_order():
    found = gravest_first([made("info"), made("critical", "a"), made("warning"), made("critical", "b")])

    assert [one.rule for one in found if one.severity == "critical"] == ["a", "b"]
    assert [one.severity for one in found] == ["critical", "critical", "warning", "info"]


def test_a_verdict_counts_and_lists():
    lines = verdict([made("critical"), made("info"), made("info")]).splitlines()

    assert lines[0] == "Found: 1 critical, 2 info."
    assert len(lines) == 4


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_finding_goes_into_json(severity):
    found = Finding("odd", severity, (("L1", 0.8), ("L2", 0.2)), "It sums to 1.", "Return logits.", "3.2-26")

    assert json.loads(json.dumps(found.as_mapping()))["causes"][1] == {"fault": "L2", "probability": 0.2}


def test_what_is_worth_knowing_alone_is_healthy():
    """Nothing costs anything."""
    info = Finding("R001", "info", (("C1", 1.0),), "Seen.", "Do.", "fault-C1")

    assert verdict([info]).splitlines()[0] == "It looks healthy; worth knowing: 1."
