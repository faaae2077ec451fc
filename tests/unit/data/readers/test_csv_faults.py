"""Finding the line at which a CSV file goes wrong."""

from pathlib import Path

import pytest

from practicum.data.readers.csv_faults import Lines, explained, lines_of


def _file(folder: Path, text: str) -> Path:
    """Write a file and return its path."""
    path = folder / "t.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\n1,2\n3,\n", Lines()),
        ("a,b\n1,2\n\n3,\n \r\n", Lines((1, 3))),
        ("a,b\n1,2\n3\n", Lines((), (3, 1))),
        ('a,b\n"1,1",2\n\n"3\n3"\n', Lines((1,), (5, 1))),
        ("a,b\n1\x1f,2\n3,\n", Lines()),
        ('a,b\n1,"x\n', Lines()),
    ],
)
def test_blank_lines_and_ragged_rows_are_found(tmp_path: Path, text: str, lines: Lines) -> None:
    """By counting where that is safe, cell by cell where quotes may hold a separator."""
    assert lines_of(_file(tmp_path, text), ",", width=2, blank_lines=0) == lines


def test_lines_above_the_names_are_not_counted_as_rows(tmp_path: Path) -> None:
    """Row 0 is the first below the names."""
    assert lines_of(_file(tmp_path, "\n\na,b\n1,2\n\n"), ",", width=2, blank_lines=2) == Lines((1,))


def test_an_empty_cell_in_quotes_is_a_row_of_a_single_column(tmp_path: Path) -> None:
    """Only a line with nothing on it is blank."""
    assert lines_of(_file(tmp_path, 'a\nx\n""\n\n'), ",", width=1, blank_lines=0) == Lines((2,))


def test_an_error_without_a_line_at_fault_keeps_the_parsers_reason(tmp_path: Path) -> None:
    """The first line of it, in our form."""
    error = explained(_file(tmp_path, "a,b\n1,2\n"), ",", 2, ValueError("odd cell.\n\nTry that."))

    assert "(odd cell)" in str(error)
