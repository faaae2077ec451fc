"""Facts about all rules together."""

from pathlib import Path

from practicum.diagnose import rules
from practicum.diagnose.rules.every import RULES


def test_every_file_of_a_rule_is_in_the_list():
    files = {path.stem for path in Path(rules.__file__).parent.glob("*.py")} - {"__init__", "rule", "every"}

    assert len(RULES) == len(files)


def test_rules_stand_in_the_order_of_their_ids():
    assert [rule.id for rule in RULES] == sorted(rule.id for rule in RULES)


def test_titles_are_no_sentences():
    assert not any(rule.title.endswith(".") for rule in RULES)
    assert all(
        rule.why.endswith(".") and rule.advice.endswith(".") and rule.inject.endswith(".") for rule in RULES
    )
