"""Facts about a journal."""

from __future__ import annotations

import pytest

from practicum.core.errors import RecordError
from practicum.engine.saved.journal import Journal, messages


def written(path, *told, length=0):
    """Write messages and return the length."""
    journal = Journal(path, length)
    for message in told:
        journal.append(message)
    length = journal.sync()
    journal.close()
    return length


def test_messages_come_back_in_order(tmp_path):
    """Empty ones, long ones."""
    told = [b"one", b"", bytes(100_000)]

    assert list(messages(tmp_path / "j", written(tmp_path / "j", *told))) == told


def test_what_came_after_the_checkpoint_is_forgotten(tmp_path):
    """Not read, and overwritten when the pack goes on."""
    first = written(tmp_path / "j", b"one")
    written(tmp_path / "j", b"two, of a life that was lost", length=first)

    assert list(messages(tmp_path / "j", first)) == [b"one"]
    assert list(messages(tmp_path / "j", written(tmp_path / "j", b"2", length=first))) == [b"one", b"2"]


def test_nothing_is_read_of_nothing(tmp_path):
    """There need not even be a file."""
    assert list(messages(tmp_path / "absent", 0)) == []


@pytest.mark.parametrize("content", [b"", b"short", (9).to_bytes(8, "little") + b"no nine"])
def test_a_journal_that_is_too_short_is_refused(content, tmp_path):
    """The checkpoint counts on more."""
    (tmp_path / "j").write_bytes(content)

    with pytest.raises(
        RecordError, match=r"`journal` must hold what its checkpoint counts on, but .*j ends early"
    ):
        list(messages(tmp_path / "j", 17))
