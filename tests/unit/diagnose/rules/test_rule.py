"""Facts about what a rule is."""

from practicum.core.finding import Finding
from practicum.diagnose.rules.rule import Evidence, Rule
from practicum.monitor.facts import Facts


def test_what_it_checks_becomes_a_finding_or_nothing():
    rule = Rule(
        "R999",
        "Odd",
        "warning",
        (("C1", 1.0),),
        "It is odd.",
        "Make it even.",
        "fault-C1",
        "Add one.",
        lambda facts: f"{facts.num_steps} is odd." if facts.num_steps % 2 else None,
    )

    assert rule.finding(Facts(num_steps=2)) is None
    assert rule.finding(Facts(num_steps=3)) == Finding(
        "R999", "warning", (("C1", 1.0),), "3 is odd.", "Make it even.", "fault-C1"
    )


def test_a_case_may_say_more_than_its_rule():
    """Severity, causes and advice of the case go before those of the rule."""
    said = Evidence("Seen.", severity="info", causes=(("A2", 0.6),), advice="Do this.")
    rule = Rule("R999", "t", "critical", (("A1", 1.0),), "w", "Do that.", "4.1-01", "i", lambda _: said)

    finding = rule.finding(Facts())
    assert (finding.severity, finding.causes, finding.advice) == ("info", (("A2", 0.6),), "Do this.")
