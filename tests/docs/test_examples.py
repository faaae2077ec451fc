"""The example tables are what their README says."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path


def rows(path: Path) -> list[bytes]:
    """Return the lines of a packed table, header first."""
    return gzip.decompress(path.read_bytes()).splitlines()


def test_tables_have_the_stated_size(examples: Path) -> None:
    """6,000 and 4,177 rows, after a header of 15 and 9 names."""
    adult, abalone = rows(examples / "adult_sample.csv.gz"), rows(examples / "abalone.csv.gz")

    assert (len(adult) - 1, adult[0].count(b",") + 1) == (6000, 15)
    assert (len(abalone) - 1, abalone[0].count(b",") + 1) == (4177, 9)


def test_adult_keeps_its_stray_spaces_and_question_marks(examples: Path) -> None:
    """Values are verbatim, so that the reader of tables meets a real one."""
    text = b"\n".join(rows(examples / "adult_sample.csv.gz")[1:])

    assert text.count(b", ?") == 785
    assert text.count(b",") == text.count(b", ") == 6000 * 14


def test_adult_is_a_sample_of_the_whole(examples: Path, shared_data: Path) -> None:
    """Every row of the sample stands in the full table, at least as often."""
    sample = Counter(rows(examples / "adult_sample.csv.gz"))
    whole = Counter(rows(shared_data / "tabular" / "adult_train.csv.gz"))

    assert sample <= whole


def test_abalone_is_the_whole(examples: Path, shared_data: Path) -> None:
    """The small table is the full one."""
    assert rows(examples / "abalone.csv.gz") == rows(shared_data / "tabular" / "abalone.csv.gz")
