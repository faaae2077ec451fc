"""Facts about `practicum explain`."""

import json

from practicum.__main__ import main
from practicum.diagnose.rules.every import RULES


def said(capsys, *words):
    """Run `practicum explain` and return what it prints."""
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


def test_without_a_name_all_are_listed(capsys):
    assert [line.split()[0] for line in said(capsys).splitlines()] == [rule.id for rule in RULES]
    assert len(json.loads(said(capsys, "--json"))) == len(RULES)


def test_one_is_shown_in_full(capsys):
    assert "zero_grad" in said(capsys, "r001")
    assert json.loads(said(capsys, "R001", "--json"))["id"] == "R001"


def test_an_unknown_one_is_one_line_and_exit_code_2(capsys):
    assert main(["explain", "R999"]) == 2
    assert capsys.readouterr().err.startswith("error: `RULE` must be one of")
