"""Facts about all rules together."""

from dataclasses import replace

from tests.made_watched import watched

from practicum.core.finding import Finding
from practicum.diagnose import conclude as module
from practicum.diagnose.conclude import causes, conclude
from practicum.diagnose.rules.every import RULES
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def test_a_sound_loop_has_no_warning():
    """Of any rule, and no rule stumbles."""
    facts = watched(num_steps=450)

    assert [one for one in conclude(facts) if one.severity != "info"] == []
    assert facts.failures == facts.unasked == ()


def test_a_rule_that_stumbles_is_noted_once(monkeypatch):
    """The others go on."""

    def check(_facts):
        raise ValueError("no")

    broken = Rule("R999", "t", "info", (("A1", 1.0),), "w", "a", "4.1-01", "i", check)
    monkeypatch.setattr(module, "RULES", (broken, *RULES))
    facts = Facts(num_updates=12, in_evaluation=12, mode_matters=("0",))

    found = [conclude(facts), conclude(facts)]
    assert found[0] == found[1]
    assert facts.unasked == ("ValueError: no",)


def saying(number, severity, *named):
    """Return a rule that always finds the same."""
    return Rule(f"R99{number}", "t", severity, named, "w", "a", "4.1-01", "i", lambda _: "Seen.")


def test_how_a_run_ended_is_no_warning_where_another_finding_says_why(monkeypatch):
    """Unless it is the surer one."""
    outcome = replace(saying(1, "warning", ("E3", 0.7)), is_outcome=True)
    for sure, severity in ((0.8, "info"), (0.6, "warning")):
        monkeypatch.setattr(module, "RULES", (outcome, saying(2, "warning", ("O1", sure))))
        told = {one.rule: one.severity for one in conclude(Facts())}
        assert told == {"R991": severity, "R992": "warning"}


def test_what_costs_time_alone_is_no_cause_of_an_outcome(monkeypatch):
    """However sure it is."""
    outcome = replace(saying(1, "warning", ("E1", 0.7)), is_outcome=True)
    aside = replace(saying(2, "warning", ("C9", 1.0)), is_aside=True)
    monkeypatch.setattr(module, "RULES", (outcome, aside))

    assert {one.severity for one in conclude(Facts())} == {"warning"}


def test_the_gravest_come_first_and_among_them_the_surest(monkeypatch):
    """Whatever the order of the rules."""
    rules = (
        saying(1, "info", ("A1", 1.0)),
        saying(2, "warning", ("O3", 0.5), ("O1", 0.4)),
        saying(3, "warning", ("O1", 0.9)),
        saying(4, "critical", ("C1", 0.6)),
    )
    monkeypatch.setattr(module, "RULES", rules)
    facts = Facts()

    assert [one.rule for one in conclude(facts)] == ["R994", "R993", "R992", "R991"]
    assert causes(facts) == (("O1", 0.9), ("C1", 0.6), ("O3", 0.5))
    assert isinstance(conclude(facts)[0], Finding)
