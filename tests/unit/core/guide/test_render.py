"""The guide as text and as plain data."""

import json

import pytest

from practicum.core.errors import ConfigError
from practicum.core.guide import GUIDE, SETTINGS, get
from practicum.core.guide.render import (
    as_data,
    list_lines,
    plain,
    range_text,
    select,
    setting_text,
    show,
    status_text,
)


def test_a_list_is_filtered_by_words_and_status():
    """Both at once; "out-of-scope" and "out of scope" are the same."""
    assert {one.key for one in select("maxout")} >= {"system-P26", "system-H21"}
    assert [one.key for one in select("maxout winner", status="out-of-scope")] == ["system-P26"]
    assert select("maxout", status="context") == []
    assert select(status="context") == [one for one in GUIDE.values() if one.status == "context"]


def test_an_unknown_status_is_refused():
    """The statuses are listed and the nearest is offered."""
    with pytest.raises(
        ConfigError, match=r"one of done, partly, .*but got status=\"dnoe\"\. Did you mean \"done\""
    ):
        select(status="dnoe")


def test_a_line_is_cut_at_the_width():
    """Each recommendation is one line, whatever the terminal."""
    lines = list_lines(GUIDE.values(), width=40)

    assert len(lines) == len(GUIDE)
    assert max(map(len, lines)) == 40
    assert lines[0].startswith("1-01 ")
    assert lines[0].endswith("…")


def test_the_status_names_the_issue():
    """What is planned says where."""
    assert status_text(GUIDE["1.1-02"]) == "planned (issue 6)"
    assert status_text(GUIDE["6.1-03"]) == "planned (later)"
    assert status_text(GUIDE["1-02"]) == "context"


def test_one_recommendation_is_shown_in_full():
    """Title, text, source with provenance, setting, status; wrapped at the width, but paths stay whole."""
    text = show("3.1-2", width=60)

    assert text.startswith("3.1-02  Learning rate: default and range\n\n")
    assert "1e-6 < ε₀ < 1" in text
    assert "Source   Bengio 2012, section 3.1 (read there)" in text
    assert "Setting  learning_rate = 0.01, searched from 1e-06 to 1" in text
    assert f"Status   {status_text(get('3.1-02'))}" in text
    assert all(len(line) <= 60 or "::" in line for line in text.splitlines())


def test_code_and_tests_are_shown_where_there_are_any():
    """Whatever evidence a recommendation has stands in its text, whole."""
    for found in select(status="done"):
        text = show(found.key, width=200)
        assert all(path in text for path in (*found.code, *found.tests)), found.key


def test_what_comes_from_memory_says_so():
    """Provenance is part of the source."""
    assert "from memory, to be re-checked" in show("3.4-13")
    assert "our own derivation" in show("erratum-E6", width=200)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("activation", "one of tanh, sigmoid, relu, hard_tanh, softsign"),
        ("early_stopping", "true or false"),
        ("learning_rate", "searched from 1e-06 to 1 (log)"),
        ("seed", "searched from 0 to 2147483647 (integer)"),
        ("momentum", "searched from 0 to 0.99 (linear), when update_rule is sgd"),
        ("decay_rate", "searched from 1e-06 to 0.01 (log), when schedule is exponential or inverse"),
        (
            "sparsity_target",
            "searched from 0.01 to 0.5 (log), when sparsity_penalty is used and sparsity_form is target or kl",
        ),
    ],
)
def test_a_range_is_said_in_words(name, text):
    """Choices, flags and intervals each in their way, and the condition if there is one."""
    assert range_text(SETTINGS[name]) == text


def test_a_default_is_written_as_in_a_recipe_file():
    """YAML's words for None, True and tuples."""
    assert [plain(value) for value in (None, True, False, (1, 2), (), 0, 1, 0.5, "tanh")] == [
        "null", "true", "false", "[1, 2]", "[]", "0", "1", "0.5", "tanh",
    ]  # fmt: skip


def test_a_measured_default_says_what_it_rests_on():
    """The note follows the description."""
    from dataclasses import replace

    row = replace(SETTINGS["activation"], measured="tanh against relu on eight tables")
    assert setting_text(row).endswith("s(a). Measured: tanh against relu on eight tables")


def test_the_whole_guide_is_plain_data():
    """JSON takes it; settings are given in full."""
    data = json.loads(json.dumps([as_data(found) for found in select()]))

    assert [one["key"] for one in data] == list(GUIDE)
    rate = next(one for one in data if one["key"] == "3.1-02")
    assert (rate["settings"][0]["name"], rate["settings"][0]["default"]) == ("learning_rate", 0.01)
