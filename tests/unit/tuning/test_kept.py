"""Facts about the folder of a search: it goes on with the same call only."""

from __future__ import annotations

import pytest

from practicum.core.errors import ConfigError, RecordError
from practicum.tuning.kept import SEARCH, Kept

ASKED = {"seed": 0, "space": {"learning_rate": {"log": [0.1, 1.0]}}}


def test_a_new_folder_has_decided_nothing(tmp_path):
    """It is made; so it is after a kill before the decision."""
    kept = Kept.open(tmp_path / "a" / "b", ASKED)

    assert kept.decisions is None
    assert Kept.open(tmp_path / "a" / "b", ASKED).decisions is None


def test_what_was_decided_is_there_the_next_time(tmp_path):
    """Whole, and for this process too."""
    kept = Kept.open(tmp_path, ASKED)
    kept.decide({"rungs": [1, 2]})

    assert kept.decisions == Kept.open(tmp_path, ASKED).decisions == {"rungs": [1, 2]}
    assert kept.folder("search") == tmp_path / "search"


def test_another_call_is_refused_and_told_what_differs(tmp_path):
    """Rather than mixed with the first."""
    Kept.open(tmp_path, ASKED).decide({})

    with pytest.raises(RecordError, match="holds one whose seed, trials differ"):
        Kept.open(tmp_path, {**ASKED, "seed": 1, "trials": 3})


@pytest.mark.parametrize("content", ["", "[]", '{"format": 0, "asked": {}}', '{"format": 1, "asked": 3}'])
def test_a_file_of_something_else_is_refused(content, tmp_path):
    """Damaged, or of another version."""
    (tmp_path / SEARCH).write_text(content)

    with pytest.raises(RecordError, match="must hold a search that this version of practicum wrote"):
        Kept.open(tmp_path, ASKED)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    """When it is opened, and when it vanished since."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="`folder` must be a folder that can be written"):
        Kept.open(tmp_path / "file", ASKED)
    kept = Kept.open(tmp_path / "gone", ASKED)
    (tmp_path / "gone").rmdir()
    with pytest.raises(ConfigError, match="`folder` must be a folder that can be written"):
        kept.decide({})
