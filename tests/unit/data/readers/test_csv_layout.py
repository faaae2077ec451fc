"""The layout of a CSV file: delimiter, names, and files that are no table."""

import gzip
from pathlib import Path

import pytest

from practicum.core.errors import DataError
from practicum.data.readers.csv_layout import layout_of


def _file(folder: Path, data: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / "t.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("text", "delimiter", "names"),
    [
        ("a,b\n1,2\n", ",", ("a", "b")),
        ("a;b;c\n1,5;2,5;x\n", ";", ("a", "b", "c")),
        ('"a,1"\tb\n1\t2\n', "\t", ("a,1", "b")),
        ("a | b\n1 | 2\n", "|", ("a", "b")),
        ("id;text, long\n1;one, two, three\n2;four\n", ";", ("id", "text, long")),
        ("review\nvery good, thanks\nbad\n", ",", ("review",)),
        ('"a\nb",c\n1,2\n', ",", ("a\nb", "c")),
    ],
)
def test_delimiter_and_names_come_from_the_first_lines(
    tmp_path: Path, text: str, delimiter: str, names: tuple[str, ...]
) -> None:
    """The delimiter is the one by which the rows agree."""
    layout = layout_of(_file(tmp_path, text))

    assert (layout.delimiter, layout.names) == (delimiter, names)


def test_a_line_of_names_longer_than_the_sample_is_read_whole(tmp_path: Path) -> None:
    """60,000 names are more than 256 KiB."""
    names = [f"column{i}" for i in range(60_000)]

    assert layout_of(
        _file(tmp_path, ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    ).names == tuple(names)


@pytest.mark.parametrize(
    ("text", "separator"),
    [("a b c\n1 2 3\n4 5 6\n", "spaces"), ("a:b\n1:2\n3:4\n", "':'"), ("x y\n0.5  1\n0.25 2\n", "spaces")],
)
def test_a_separator_that_we_do_not_take_is_named(tmp_path: Path, text: str, separator: str) -> None:
    """One column is seen, but every line has the same number of parts."""
    with pytest.raises(DataError, match=f"separated by one of .* with one column, and {separator} between"):
        layout_of(_file(tmp_path, text))


@pytest.mark.parametrize(
    "text", ["species name\nIris setosa\nIris virginica\n", "time\n12:30\n12:45\n", "a\n1\n2\n"]
)
def test_a_single_column_of_texts_is_no_wrong_delimiter(tmp_path: Path, text: str) -> None:
    """Two words in each cell may well be one name."""
    assert len(layout_of(_file(tmp_path, text)).names) == 1


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4\n",
        "5.1,3.5,setosa\n4.9,3.0,setosa\n",
        "p,x,s\ne,x,s\np,b,y\n",
        " 39, State-gov, Male\n 50, State-gov, Male\n",
        "1,,3\n4,5,6\n",
        "-1e3\n2\n",
    ],
)
def test_a_first_row_that_looks_like_data_is_no_header(tmp_path: Path, text: str) -> None:
    """All numbers, or words that occur again in their own column."""
    with pytest.raises(
        DataError, match=r'Row 1 must hold the column names, but got .* looks like data .*e.g. "x0'
    ):
        layout_of(_file(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "0,1,2\n5,6,7\n",
        "label,0,1\n3,4,5\n",
        "country,1990,2000\nx,1,2\n",
        "spam\nham\nspam\n",
        "a,b\na,x\ny,z\n",
    ],
)
def test_a_header_is_not_taken_for_data(tmp_path: Path, text: str) -> None:
    """Numbers that count up are names, and one word that occurs again proves nothing."""
    assert layout_of(_file(tmp_path, text)).names == tuple(text.split("\n", maxsplit=1)[0].split(","))


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ("a,b, a\n1,2,3\n", r'must be unique, but got "a" in columns 1 and 3'),
        ("sep=;\na;b\n1;2\n", r'The line "sep=" is for Excel alone: delete it\.$'),
        ("My export,,\na,b,c\n1,2,3\n", r'If "My export" is a title, delete its line'),
        ("a,,c\n1,2,3\n", r'must not be empty, but got "" \(column 2 of 3, .*Name it\.$'),
        (",b\n0,2\n", r"column 1 of 2, .*to_csv\(index=False\)"),
        ("a,b\n", r"at least one row, .*names only, 0 rows"),
        ("\n  \n", r"at least one row, .*only white space"),
        (gzip.compress(b"", mtime=0), r"at least one row, .*only white space"),
        ("a,b\r1,2\r3,4\r", r"old Macintosh.*tr "),
        ("a,b\n1,2\n".encode("utf-16"), r"must be UTF-8 text, .*UTF-16.*iconv"),
        (b"a,b\n\x00\x01", r"must be text, .*byte 0 at offset 4"),
        (b"a,b\n1,\xe9\n", r"byte 0xe9 at offset 6 \(line 2, "),
        (b"\x1f\x8b\x08\0junk", r"undamaged compressed file"),
    ],
)
def test_a_file_that_is_no_table_is_named(tmp_path: Path, data: str | bytes, match: str) -> None:
    """One sentence on what is wrong and one on the way out."""
    with pytest.raises(DataError, match=match):
        layout_of(_file(tmp_path, data))
