"""Opening files: absent, forbidden, empty, compressed, damaged."""

import bz2
import gzip
import os
from pathlib import Path

import pytest

from practicum.core.errors import DataError
from practicum.data.readers.files import (
    brief,
    compression_of,
    first_bytes,
    first_lines,
    open_bytes,
    read_bytes,
)

TEXT = b"some lines\n" * 1000


def test_an_absent_file_offers_the_nearest_name(tmp_path: Path) -> None:
    """Of the same folder, or says that the folder is not there."""
    (tmp_path / "adult.csv").write_bytes(b"x")

    with pytest.raises(DataError, match=r'no such file\)\. Did you mean "adult.csv"'):
        first_bytes(tmp_path / "adutl.csv")
    with pytest.raises(DataError, match=r"no such file\)\. Check the path"):
        first_bytes(tmp_path / "zzz")
    with pytest.raises(DataError, match=r'there is no folder ".*gone"'):
        first_bytes(tmp_path / "gone" / "adult.csv")


def test_a_path_below_a_file_is_absent(tmp_path: Path) -> None:
    """A file is no folder."""
    (tmp_path / "f").write_bytes(b"x")

    with pytest.raises(DataError, match="there is no folder"):
        first_bytes(tmp_path / "f" / "g.csv")


def test_a_folder_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    """Each with its reason."""
    (tmp_path / "e.csv").touch()

    with pytest.raises(DataError, match="a folder"):
        first_bytes(tmp_path)
    with pytest.raises(DataError, match="an empty file"):
        first_bytes(tmp_path / "e.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    """Files are read more than once."""
    os.mkfifo(tmp_path / "p.csv")

    with pytest.raises(DataError, match="a pipe or device"):
        first_bytes(tmp_path / "p.csv")


@pytest.mark.parametrize(
    ("raised", "match"),
    [
        (PermissionError(13, "no"), "permission denied.*chmod"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_a_file_that_will_not_open_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: OSError, match: str
) -> None:
    """Permission has its own way out."""

    def refuse(*_: object) -> None:
        raise raised

    (tmp_path / "t.csv").write_bytes(b"x")
    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(DataError, match=match):
        first_bytes(tmp_path / "t.csv")


def test_a_path_that_no_system_takes_is_refused() -> None:
    """A NUL character, or a name beyond all length."""
    with pytest.raises(DataError, match=r"must be a path that opens|no such file"):
        first_bytes(Path("a\0b"))
    with pytest.raises(DataError, match="must be a path that opens"):
        first_bytes(Path("x" * 5000))


def _zstd(data: bytes) -> bytes:
    """Return zstd-compressed bytes."""
    compressed: bytes = pytest.importorskip("zstandard").compress(data)
    return compressed


@pytest.mark.parametrize(
    ("suffix", "compress"), [("", bytes), (".gz", gzip.compress), (".bz2", bz2.compress), (".zst", _zstd)]
)
def test_compressed_files_open_as_what_is_in_them(tmp_path: Path, suffix: str, compress: object) -> None:
    """Known by the first bytes, not by the name."""
    path = tmp_path / "t.dat"
    path.write_bytes(compress(TEXT))  # type: ignore[operator]

    assert compression_of(first_bytes(path)) == suffix
    assert read_bytes(path) == TEXT
    with open_bytes(path) as stream:
        assert next(iter(stream)) == b"some lines\n"


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, _zstd])
def test_a_compressed_file_cut_short_is_damaged(tmp_path: Path, compress: object) -> None:
    """Never a silent half."""
    path = tmp_path / "t.dat"
    data = compress(os.urandom(50_000))  # type: ignore[operator]
    path.write_bytes(data[: len(data) // 2])

    with pytest.raises(DataError, match=r"undamaged compressed file.*damaged or cut short"):
        read_bytes(path)


def test_another_librarys_error_is_cut_to_its_first_line() -> None:
    """And an empty one to its name."""
    assert brief(ValueError("bad  cell.\n\nTry this.")) == "bad cell"
    assert brief(EOFError()) == "EOFError"


def test_the_first_lines_are_cut_outside_quotes(tmp_path: Path) -> None:
    """A cell that goes on in the next line is left out whole; a file that fits is returned whole."""
    path = tmp_path / "t.csv"
    path.write_bytes(b'a\n1\n"x\ny"\n2\n')

    assert first_lines(path, 3) == (b"a\n1\n", False)
    assert first_lines(path, 4) == (b'a\n1\n"x\ny"\n', False)
    assert first_lines(path, 5) == (path.read_bytes(), True)
    assert first_lines(path, 99, max_bytes=1) == (b"a\n", False)
