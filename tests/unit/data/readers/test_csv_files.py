"""CSV: cells, missing values, blank lines, and one clear error for each kind of bad file."""

import gzip
import os
from pathlib import Path

import polars as pl
import pytest

from practicum.core.errors import DataError
from practicum.data.readers.csv_files import from_csv


def _file(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    "word", ["?", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "", " ", "   "]
)
@pytest.mark.parametrize("pad", ["{}", " {}", "{} ", "  {}  "])
def test_every_spelling_of_missing_is_null_and_keeps_the_column_numeric(
    tmp_path: Path, word: str, pad: str
) -> None:
    """Whatever spaces stand around it, in a column of numbers and in one of words."""
    cell = pad.format(word)

    frame = from_csv(_file(tmp_path, f"num,word,end\n1,a,x\n{cell},{cell},x\n3,b,x\n")).frame

    assert frame["num"].to_list() == [1, None, 3]
    assert frame["word"].to_list() == ["a", None, "b"]
    assert frame["num"].dtype == pl.Int64


def test_missing_cells_are_counted_by_spelling(tmp_path: Path) -> None:
    """One note with the total, the spellings and the columns."""
    table = from_csv(_file(tmp_path, "a,b,c\n1, ? ,x\nNA,-,\n?, 4,None\n 4,n/a, y \n"))

    assert table.frame.to_dict(as_series=False) == {
        "a": [1, None, None, 4],
        "b": [None, None, 4, None],
        "c": ["x", None, None, "y"],
    }
    (note,) = table.notes
    assert note.startswith('7 missing cells: 2 as "?"')
    for part in ('1 as "NA"', '1 as "n/a"', "1 empty", '1 as "None"', '1 as "-"', "(in a, b, c)"):
        assert part in note


def test_a_lone_dash_is_missing_only_among_numbers(tmp_path: Path) -> None:
    """Among words it is a word."""
    frame = from_csv(_file(tmp_path, "a,b\n1,x\n-,-\n2.5,y\n")).frame

    assert frame["a"].to_list() == [1.0, None, 2.5]
    assert frame["b"].to_list() == ["x", "-", "y"]


def test_spaces_around_words_and_numbers_go(tmp_path: Path) -> None:
    """Names, words and numbers lose their outer spaces; inner ones stay."""
    frame = from_csv(_file(tmp_path, " a , b\n 1, New York \n 2 , x\n")).frame

    assert frame.to_dict(as_series=False) == {"a": [1, 2], "b": ["New York", "x"]}


@pytest.mark.parametrize("cells", [["+3", ".5", "5.", "1e5"], ["inf", "-inf", "Infinity", "1"]])
def test_unusual_spellings_of_numbers_are_numbers(tmp_path: Path, cells: list[str]) -> None:
    """A sign, a bare point, an exponent and the infinities parse as floats."""
    frame = from_csv(_file(tmp_path, "a,b\n" + "".join(f"{cell},x\n" for cell in cells))).frame

    assert frame["a"].to_list() == [float(cell) for cell in cells]


def test_a_column_that_mixes_numbers_and_text_stays_text_and_is_named(tmp_path: Path) -> None:
    """How many, which, and where."""
    table = from_csv(_file(tmp_path, "size,b\n1,2\nbig,3\n3,4\n"))

    assert table.frame["size"].to_list() == ["1", "big", "3"]
    assert table.notes == (
        'Column `size` mixes numbers and text: 1 of 3 values are not numbers, e.g. "big" in row 2; it stays text.',
    )


@pytest.mark.parametrize(
    ("late", "dtype"), [("1.5", pl.Float64), ("foo", pl.String), (" 7 ", pl.Int64), ("NA", pl.Int64)]
)
def test_a_cell_far_below_the_sample_still_sets_the_type(
    tmp_path: Path, late: str, dtype: pl.DataType
) -> None:
    """The 20,001st row may contradict the first 10,000."""
    frame = from_csv(_file(tmp_path, "a,b\n" + "1,2\n" * 20_000 + f"{late},3\n")).frame

    assert frame.height == 20_001
    assert frame["a"].dtype == dtype


@pytest.mark.parametrize(("mark", "said"), [(";", '";"'), ("\t", "a tab"), ("|", '"|"')])
def test_the_delimiter_is_recognised_and_said(tmp_path: Path, mark: str, said: str) -> None:
    """Four are known; a comma needs no word."""
    table = from_csv(_file(tmp_path, f"a{mark}b\n1{mark}x, y\n2{mark}z\n"))

    assert table.frame.to_dict(as_series=False) == {"a": [1, 2], "b": ["x, y", "z"]}
    assert table.notes == (f"Columns are separated by {said}.",)


def test_tabs_in_a_tsv_need_no_word(tmp_path: Path) -> None:
    """The name says it already."""
    assert from_csv(_file(tmp_path, "a\tb\n1\tx\n", "t.tsv")).notes == ()


def test_decimal_commas_are_read_where_semicolons_separate(tmp_path: Path) -> None:
    """As European spreadsheets write; said in a note."""
    table = from_csv(_file(tmp_path, "a;b\n1,5;x\n2;y\n"))

    assert table.frame["a"].to_list() == [1.5, 2.0]
    assert "Column `a`: decimal commas are read as points." in table.notes


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_are_no_rows_and_empty_rows_are(tmp_path: Path, end: str) -> None:
    """A line without separators goes, one of separators only stays, so that predictions keep their rows."""
    lines = ["", "a,b", "1,2", "", ",", "  ", "3,", "", ""]

    table = from_csv(_file(tmp_path, end.join(lines)))

    assert table.frame.to_dict(as_series=False) == {"a": [1, None, 3], "b": [2, None, None]}
    assert "blank lines left out." in table.notes[0]
    assert "3 missing cells: 3 empty (in a, b)." in table.notes


def test_blank_lines_are_found_beside_quotes_too(tmp_path: Path) -> None:
    """A quoted cell may hold a separator or a line end."""
    frame = from_csv(_file(tmp_path, 'a,b\n"x, y\nz",2\n\n"",\nw,3\n\n')).frame

    assert frame.to_dict(as_series=False) == {"a": ["x, y\nz", None, "w"], "b": [2, None, 3]}


def test_a_blank_line_in_a_single_column_is_a_missing_value(tmp_path: Path) -> None:
    """Except at the end of the file."""
    assert from_csv(_file(tmp_path, "a\n1\n\n3\n\n")).frame["a"].to_list() == [1, None, 3]


def test_a_tab_separated_row_of_gaps_stays_a_row(tmp_path: Path) -> None:
    """Tabs are separators here, not white space."""
    assert from_csv(_file(tmp_path, "a\tb\n1\t2\n\t\n3\t4\n")).frame["a"].to_list() == [1, None, 3]


def test_a_byte_order_mark_is_no_part_of_the_name(tmp_path: Path) -> None:
    """Spreadsheets write one."""
    assert from_csv(_file(tmp_path, "\ufeffa,b\n1,2\n")).frame.columns == ["a", "b"]


def test_integers_beyond_64_bits_become_floats(tmp_path: Path) -> None:
    """They are numbers that no tensor holds exactly."""
    assert from_csv(_file(tmp_path, "a,b\n99999999999999999999999,1\n1,1\n")).frame["a"].dtype == pl.Float64


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a,b,c\n1,2,3\n4,5\n", "must have 3 cells as the names have, but got 2 in line 3"),
        ("a,b,c\n1,2,3\n4,5,6,7\n", "must have 3 cells as the names have, but got 4 in line 3"),
        ("\n\na,b\n1,2\n\n3\n", "must have 2 cells as the names have, but got 1 in line 6"),
        ('a,b,c\n1,2,"x,y"\n4,5\n', "must have 3 cells as the names have, but got 2 in line 3"),
        ("a\n1\n4,5\n", "must have 1 cell as the names have, but got 2 in line 3"),
        (
            "Sales 2021\n\na,b\n1,2\n",
            r"got 2 in line 3 .*If a title stands above the line of names, delete it\.$",
        ),
        ("a,b\n" + "1,2\n" * 30_000 + "1\n", "but got 1 in line 30,002"),
        ("a,b\n" + "1,2\n" * 30_000 + "1,2,3\n", "but got 3 in line 30,002"),
    ],
)
def test_a_ragged_row_is_named_by_its_line(tmp_path: Path, text: str, match: str) -> None:
    """Expected, found, line."""
    with pytest.raises(DataError, match=match) as error:
        from_csv(_file(tmp_path, text))
    assert {"line", "expected", "found"} <= error.value.values.keys()


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"a,b\n1,caf\xe9\n", r"must be UTF-8 text, but got byte 0xe9 at offset 9 \(line 2, .*iconv"),
        (b"a,b\n" + b"1,x\n" * 90_000 + b"1,caf\xe9\n", r"byte 0xe9 at offset 360,009 \(line 90,002, "),
        (b"a,b\n" + b"1,1\n" * 90_000 + b"1,\xe9\n", r"byte 0xe9 at offset 360,006 \(line 90,002, "),
        (
            b'a,b\n1,"x\n3,y\n',
            r"well-formed CSV, .*\(unexpected end of data, in the row that starts in line 2\)",
        ),
        (b'a,b\n5" pipe,2\n3,"x"\n', r"well-formed CSV, .*could not parse .*Look at the quotes"),
    ],
)
def test_text_that_does_not_parse_is_named_by_its_place(tmp_path: Path, data: bytes, match: str) -> None:
    """Offset and line of the byte, or the line where quotes go wrong, and the way out."""
    with pytest.raises(DataError, match=match):
        from_csv(_file(tmp_path, data))


@pytest.mark.parametrize("share", [0.3, 0.75, 0.999])
def test_a_truncated_gzip_is_said_to_be_damaged(tmp_path: Path, share: float) -> None:
    """Wherever the download broke off."""
    whole = gzip.compress(
        b"a,b\n" + b"".join(b"%d,%s\n" % (i, os.urandom(9).hex().encode()) for i in range(60_000))
    )

    with pytest.raises(
        DataError, match=r"undamaged compressed file, .*damaged or cut short.*download it again"
    ):
        from_csv(_file(tmp_path, whole[: int(len(whole) * share)], "t.csv.gz"))


def test_reading_counts_lines_only_where_the_last_column_has_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without gaps costs one pass."""
    asked: list[Path] = []
    monkeypatch.setattr("practicum.data.readers.csv_faults.lines_of", lambda path, *_: asked.append(path))

    from_csv(_file(tmp_path, "a,b\n,2\n3,4\n"))

    assert asked == []


def test_a_large_table_names_its_spellings_without_counting_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The total is of the whole table, the spellings are those of the first rows."""
    monkeypatch.setattr("practicum.data.readers.csv_files._rows_to_search", lambda _: 3)

    (note,) = from_csv(_file(tmp_path, "a,b\n1,x\n?,x\n,x\nNA,x\n2,x\n")).notes

    assert note == '3 missing cells, in the first 3 rows empty or as "?" (in a).'


def test_a_sample_that_does_not_parse_alone_costs_only_the_spellings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file itself is read, and its missing cells are counted without saying how they were written."""
    monkeypatch.setattr("practicum.data.readers.csv_files.first_lines", lambda *_: (b'a,b\n"1,x\n', False))

    table = from_csv(_file(tmp_path, "a,b\n1,x\n?,y\n"))

    assert table.frame["a"].to_list() == [1, None]
    assert table.notes == ("1 missing cell (in a).",)
