"""Facts about `practicum guide`."""

import json

import pytest

from practicum.__main__ import main
from practicum.core.guide import GUIDE


def said(capsys, *words):
    """Run `practicum guide` and return its lines."""
    assert main(["guide", *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_without_words_all_are_listed(capsys):
    """One line each, in the guide's order, whole when it goes into a pipe."""
    lines = said(capsys)

    assert [line.split()[0] for line in lines] == list(GUIDE)
    assert all(line.endswith(one.title) for line, one in zip(lines, GUIDE.values(), strict=True))


def test_words_search(capsys):
    """All words must occur; the best match comes first."""
    lines = said(capsys, "polyak", "averaging")

    assert lines[0].startswith("3.1-16")
    assert len(lines) < len(GUIDE)


def test_a_key_is_shown_in_full(capsys):
    """Capitals do not matter."""
    assert said(capsys, "ERRATUM-e6")[0].startswith("erratum-E6")
    assert any(line.startswith("Status") for line in said(capsys, "3.1-02"))


def test_a_status_filters(capsys):
    """Words and status go together."""
    statuses = [one["status"] for one in json.loads("\n".join(said(capsys, "--status", "context", "--json")))]

    assert statuses
    assert set(statuses) == {"context"}


def test_json_of_a_key_is_an_object(capsys):
    """Its settings come with it."""
    one = json.loads("\n".join(said(capsys, "3.1-02", "--json")))

    assert one["key"] == "3.1-02"
    assert one["settings"][0]["name"] == "learning_rate"


def test_json_without_matches_is_an_empty_array(capsys):
    """A program gets an empty list, not an error."""
    assert json.loads("\n".join(said(capsys, "no", "such", "words", "xyzzy", "--json"))) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["3.1-92"],
            '`key` must be a key of the guide, such as "3.1-02", but got key="3.1-92". Did you mean',
        ),
        (
            ["xyzzy", "plugh"],
            '`words` must occur in the guide, but no recommendation has all of words="xyzzy plugh".',
        ),
        (
            ["--status", "dune"],
            "`status` must be one of done, partly, planned, context, out of scope, but got",
        ),
    ],
)
def test_mistakes_are_told(capsys, words, message):
    """A mistyped key, words that do not occur, an unknown status."""
    assert main(["guide", *words]) == 2

    assert capsys.readouterr().err.startswith(f"error: {message}")
