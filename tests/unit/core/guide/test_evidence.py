"""The file of evidence: one line a key, checked while it is read."""

import pytest

from practicum.core.guide.evidence import EVIDENCE, parse
from practicum.core.guide.model import Evidence


def test_a_line_gives_status_issue_code_and_tests():
    """Links are told apart by how they begin; a comment ends a line."""
    text = "3.1-02 partly:3 practicum.recipe:Recipe tests/unit/a.py::test_b tests/unit/a.py::test_c  # note\n"

    assert parse(text) == {
        "3.1-02": Evidence(
            "partly",
            ("practicum.recipe:Recipe",),
            ("tests/unit/a.py::test_b", "tests/unit/a.py::test_c"),
            3,
        )
    }


def test_blank_lines_and_comments_say_nothing():
    """The order of the lines is kept."""
    assert list(parse("# head\n\n2-01 context\n1-01 out-of-scope\n")) == ["2-01", "1-01"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1-01", "evidence.txt:1: 1-01 has no status"),
        ("\n1-01 finished", "evidence.txt:2: finished is no status"),
        ("1-01 done\n1-01 done", "evidence.txt:2: 1-01 stands twice"),
        ("1-01 done src/a.py", "evidence.txt:1: neither code nor test"),
    ],
)
def test_a_slip_is_named_with_its_line(text, message):
    """Whoever edits the file sees where."""
    with pytest.raises(AssertionError, match=message):
        parse(text)


def test_the_committed_file_is_read():
    """All statuses are there to be shown."""
    assert EVIDENCE["1-02"].status == "context"
    assert EVIDENCE["1.1-02"].planned_in == 6
