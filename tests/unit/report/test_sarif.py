"""SARIF 2.1.0: what its schema demands is there, nothing that it does not know, and what we have to say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from practicum.checks.names import CHECKS
from practicum.core.finding import Finding
from practicum.diagnose.rules.every import RULES
from practicum.report.sarif import LEVELS, sarif

# Of the official schema (OASIS, sarif-schema-2.1.0.json): properties that each object must have, and further ones that
# it may have, as far as we write them. Objects allow nothing else, property bags excepted.
SCHEMA: dict[str, tuple[set[str], set[str]]] = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"columnKind", "invocations", "results"}),
    "tool": ({"driver"}, set()),
    "driver": ({"name"}, {"version", "semanticVersion", "rules"}),
    "rules": (
        {"id"},
        {"shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"},
    ),
    "text": ({"text"}, set()),
    "configuration": (set(), {"level"}),
    "invocations": ({"executionSuccessful"}, {"toolExecutionNotifications"}),
    "toolExecutionNotifications": ({"message"}, {"level"}),
    "results": (
        {"message"},
        {"ruleId", "ruleIndex", "level", "locations", "partialFingerprints", "properties"},
    ),
    "locations": (set(), {"physicalLocation", "logicalLocations"}),
    "physicalLocation": ({"artifactLocation"}, set()),
    "artifactLocation": (set(), {"uri"}),
    "logicalLocations": (set(), {"name", "fullyQualifiedName", "kind"}),
}
KINDS = {
    "shortDescription": "text",
    "fullDescription": "text",
    "help": "text",
    "message": "text",
    "defaultConfiguration": "configuration",
    "runs": "run",
}
BAGS = {"properties", "partialFingerprints"}


def misfits(value: dict, kind: str = "log") -> list[str]:
    """Return where an object of a log misses what it needs, or has what is unknown."""
    needed, allowed = SCHEMA[kind]
    found = [f"{kind} needs {name}" for name in needed - set(value)]
    found += [f"{kind} knows no {name}" for name in set(value) - needed - allowed]
    for name, part in value.items():
        children = part if isinstance(part, list) else [part]
        for child in children:
            if isinstance(child, dict) and name not in BAGS:
                found += misfits(child, KINDS.get(name, name))
    return found


FINDINGS = (
    Finding(
        "module-table",
        "critical",
        (("A10", 0.95),),
        "Unused: `low.1.weight`.",
        "Connect it.",
        "fault-A10",
        (("parameter", "low.1.weight"), ("module", "")),
    ),
    Finding("R001", "warning", (("C1", 0.7), ("C2", 0.2)), "It adds up.", "Reset it.", "fault-C1"),
    Finding(
        "twin-columns",
        "info",
        (("D2", 1.0),),
        '"Größe" twice.',
        "Keep one.",
        "3.2-39",
        (("column", "Größe"),),
    ),
    Finding("R001", "critical", (), "Again.", "Look.", "x"),
)


def run_of(findings=FINDINGS, **changes):
    """Return the one run of a log."""
    return sarif(findings, **changes)["runs"][0]


@pytest.mark.parametrize("findings", [FINDINGS, ()], ids=["some", "none"])
@pytest.mark.parametrize("changes", [{}, {"file": "a.csv", "unseen": ["Gradients: no time."]}], ids=str)
def test_the_log_is_of_the_schema(findings, changes):
    """Also where nothing was found."""
    log = sarif(findings, **changes)

    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert misfits(log) == []
    assert json.loads(json.dumps(log, allow_nan=False)) == log


def test_a_log_that_breaks_the_schema_is_noticed():
    """The checker above can fail."""
    log = sarif(FINDINGS)
    del log["runs"][0]["results"][0]["message"]
    log["runs"][0]["tool"]["driver"]["colour"] = "red"

    assert misfits(log) == ["driver knows no colour", "results needs message"]


def test_rules_stand_once_and_results_point_to_theirs():
    """By id and by place in the list."""
    run = run_of()
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert rules == ["module-table", "R001", "twin-columns"]
    assert [(one["ruleId"], one["ruleIndex"]) for one in run["results"]] == [
        ("module-table", 0),
        ("R001", 1),
        ("twin-columns", 2),
        ("R001", 1),
    ]


def test_severities_are_levels():
    """Critical is an error, what is worth knowing a note."""
    assert [one["level"] for one in run_of()["results"]] == ["error", "warning", "note", "error"]
    assert set(LEVELS.values()) <= {"none", "note", "warning", "error"}


def test_places_are_logical_locations():
    """A parameter by its whole path, a column by its name; the model itself has a name too."""
    places = [
        [
            (one["kind"], one["name"], one["fullyQualifiedName"])
            for place in result["locations"]
            for one in place["logicalLocations"]
        ]
        for result in run_of()["results"]
    ]

    assert places == [
        [("parameter", "weight", "low.1.weight"), ("module", "(model)", "(model)")],
        [],
        [("column", "Größe", "Größe")],
        [],
    ]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("data/my table.csv", "data/my%20table.csv"),
        (Path("/data/ü.csv"), "file:///data/%C3%BC.csv"),
        ("100%.csv", "100%25.csv"),
    ],
)
def test_the_file_that_was_looked_at_is_a_uri(file, uri):
    """Relative where the path is."""
    for result in run_of(file=file)["results"]:
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_causes_come_with_title_and_probability():
    """In a property bag, where SARIF has room for what it does not know."""
    bag = run_of()["results"][1]["properties"]

    assert [(one["fault"], one["probability"]) for one in bag["causes"]] == [("C1", 0.7), ("C2", 0.2)]
    assert bag["causes"][0]["title"]
    assert (bag["evidence"], bag["advice"], bag["source"]) == ("It adds up.", "Reset it.", "fault-C1")
    assert (bag["proof"], bag["confirmed"]) == ("", None)


def test_what_could_not_be_looked_at_is_told():
    """As a note on the run: no result is no proof of health."""
    noted = run_of((), unseen=["Gradients: Not looked at."])["invocations"][0]["toolExecutionNotifications"]

    assert noted == [{"level": "note", "message": {"text": "Gradients: Not looked at."}}]


def test_a_finding_is_known_again_by_another_number():
    """Its fingerprint is of rule, cause and place; the evidence may differ."""

    def print_of(evidence, name):
        found = Finding("signal", "warning", (("A7", 0.9),), evidence, "Look.", "6.1-05", (("module", name),))
        return run_of([found])["results"][0]["partialFingerprints"]

    assert print_of("90 %", "2") == print_of("91 %", "2") != print_of("90 %", "3")


@pytest.mark.parametrize("name", [*CHECKS, *(rule.id for rule in RULES)])
def test_every_rule_says_what_it_is(name):
    """Title and help, of checks and of the monitor's rules; and where to read on."""
    rule = run_of([Finding(name, "info", (), "", "", "")])["tool"]["driver"]["rules"][0]

    assert rule["shortDescription"]["text"] not in ("", name)
    assert "docs/" in rule["help"]["text"]
    assert "helpUri" not in rule
