"""Facts about rules as text."""

import json
from pathlib import Path

import pytest

from practicum.core.errors import ConfigError
from practicum.diagnose.explain import as_data, called, in_full, limits, listed, main, page
from practicum.diagnose.rules.every import RULES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules.md"


def test_the_page_is_fresh():
    """`make docs` would change nothing."""
    assert main(["--check", str(PAGE)]) == 0


def test_a_stale_page_is_noticed(tmp_path, capsys):
    path = tmp_path / "rules.md"
    path.write_text(page().replace("R001", "R000"), encoding="utf-8")

    assert main(["--check", str(path)]) == 1
    assert "stale" in capsys.readouterr().err
    assert main(["--write", str(path), "--check", str(path)]) == 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_in_full_says_everything(rule):
    text = in_full(rule)

    assert called(rule.id.lower()) is rule
    for part in (rule.id, rule.title, rule.why, rule.advice, rule.inject, rule.source, rule.causes[0][0]):
        assert part in text
    assert f"## {rule.id}: {rule.title}" in page()
    assert f"{rule.id}  " in listed()


def test_limits_stand_with_their_names():
    assert limits(called("R001")) == ["LEAST = 3"]


def test_json_has_all_rules():
    found = json.loads(json.dumps(as_data()))

    assert [one["id"] for one in found] == [rule.id for rule in RULES]
    assert found[0]["causes"] == {"C1": 1.0}


def test_an_unknown_rule_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match=r'Did you mean "R0'):
        called("R01")
