"""Facts about all rules together."""

from tests.made_watched import watched

from practicum.diagnose import conclude as module
from practicum.diagnose.conclude import conclude
from practicum.diagnose.rules.every import RULES
from practicum.diagnose.rules.rule import Rule
from practicum.monitor.facts import Facts


def test_a_sound_loop_has_no_warning():
    """Of any rule, and no rule stumbles."""
    facts = watched(num_steps=900)

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
