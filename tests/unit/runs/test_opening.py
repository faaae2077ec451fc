"""Facts about finding a run again."""

from pathlib import Path

import pytest

from practicum.core.errors import RecordError
from practicum.core.summary import Rows, Split, Summary
from practicum.runs.folder import RunFolder
from practicum.runs.layout import FILES, NEEDED
from practicum.runs.opening import open_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A complete run folder with dummy files."""
    path = tmp_path / "run"
    with RunFolder.create(path) as new:
        for name in NEEDED:
            new.file(name).write_text("content")
        rows = Rows(total=4, used=4, train=2, valid=1, test=1)
        facts = {"practicum": "0.1.0", "created": "", "run": str(path), "source": "", "seconds": 1.0}
        Summary(task="binary", target="y", rows=rows, split=Split(method="random"), **facts).save(
            new.temporary
        )
        return new.commit()


def test_a_whole_run_opens(run):
    """The summary is read, and the files are found under their names."""
    opened = open_run(run)

    assert opened.summary.target == "y"
    assert opened.file("weights") == run / "model.safetensors"


def test_a_run_may_be_moved(run):
    """The summary says where the run lies now, not where it was written."""
    moved = run.rename(run.with_name("moved"))

    assert open_run(moved).summary.run == str(moved)


def test_an_absent_run_offers_the_nearest(run):
    """A typo in the name of the run is told with the right name."""
    with pytest.raises(RecordError, match=r'run=.*rnu \(it does not exist\). Did you mean "run"\?'):
        open_run(run.parent / "rnu")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_an_impossible_name_is_no_run(tmp_path, name):
    """Names that the system does not allow are told like others."""
    with pytest.raises(RecordError, match=r"\(it does not exist\)"):
        open_run(tmp_path / name)


def test_a_file_is_no_run(run):
    """The message says what was given."""
    with pytest.raises(RecordError, match=r"\(it is a file\)"):
        open_run(run / "run.json")


def test_a_folder_without_summary_is_no_run(tmp_path):
    """Any other folder is refused."""
    with pytest.raises(RecordError, match=r"must be the folder of a run, but .* has no run\.json"):
        open_run(tmp_path)


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("state", ["missing", "empty"])
def test_a_run_that_lost_a_file_is_refused(run, name, state):
    """The message names the file."""
    file = run / FILES[name]
    file.unlink() if state == "missing" else file.write_bytes(b"")

    with pytest.raises(RecordError, match=rf"must be complete, .*\({FILES[name]} is {state}\)"):
        open_run(run)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"format": 2}', b"\xff\xfe"])
def test_a_damaged_summary_is_refused(run, content):
    """Whatever is wrong with run.json, it is told as damage."""
    (run / "run.json").write_bytes(content)

    with pytest.raises(RecordError, match=r"must hold an undamaged run\.json"):
        open_run(run)


def test_another_format_names_the_version_that_reads_it(run):
    """The way out is the version of practicum that wrote the run."""
    (run / "run.json").write_text('{"format": 7, "practicum": "9.9"}')

    with pytest.raises(RecordError, match=r"must be 2, but got format=7 .*practicum 9\.9"):
        open_run(run)
