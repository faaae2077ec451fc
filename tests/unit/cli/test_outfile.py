"""Facts about files that a command writes; `test_predict.py` has more of them."""

import errno

import pytest

from practicum.cli.outfile import check_out, write_out, write_text
from practicum.core.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.png", r"`picture` must end in .svg or .html, but got picture=.*a.png"),
        ("nowhere/a.svg", "`picture` must lie in a folder that exists"),
        ("folder.svg", "`picture` must be a file, but got"),
        ("table.svg", "`picture` must not be the table itself"),
        ("x" * 300 + ".svg", "`picture` must be a place that can be written to"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(tmp_path, name, words):
    """With the name of the option."""
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "table.svg").touch()

    with pytest.raises(ConfigError, match=words):
        check_out(
            "picture",
            tmp_path / name,
            suffixes=(".svg", ".html"),
            apart_from=tmp_path / "table.svg",
        )


def test_any_name_will_do_where_none_is_demanded(tmp_path):
    """Nothing is made yet."""
    check_out("sarif", tmp_path / "found")

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole(tmp_path):
    """Text as it was given, whatever the platform."""
    out = tmp_path / "found.sarif"
    out.write_text("old and longer")
    write_text("sarif", out, "ε\n")

    assert out.read_bytes() == "ε\n".encode()
    assert list(tmp_path.iterdir()) == [out]


def test_a_disk_that_refuses_leaves_the_old_file(tmp_path):
    """And nothing beside it."""
    out = tmp_path / "found.sarif"
    out.write_text("old")

    def full(part):
        part.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ConfigError, match=r"`sarif` must be a place that can be written to.*No space left"):
        write_out("sarif", out, full)
    assert [(one, one.read_text()) for one in tmp_path.iterdir()] == [(out, "old")]


def test_a_bug_is_not_hidden(tmp_path):
    """Only what the system refuses is a message."""
    with pytest.raises(ZeroDivisionError):
        write_out("sarif", tmp_path / "a", lambda _part: 1 / 0)
