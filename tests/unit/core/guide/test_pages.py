"""The generated page: what stands in it, writing and checking."""

from practicum.core.guide import GUIDE
from practicum.core.guide.pages import coverage_page, main
from practicum.core.guide.settings import SEARCHED


def cells(line: str) -> list[str]:
    """Return the cells of a Markdown row."""
    return [cell.strip() for cell in line.replace(r"\|", "¦").strip("|").split("|")]


def test_every_recommendation_and_every_setting_has_a_row():
    """Rows begin with the key or the setting's name; every row is as wide as its table."""
    rows = [cells(line) for line in coverage_page().splitlines() if line.startswith("|")]
    keys = [row[0] for row in rows]

    assert [key for key in keys if key in GUIDE] == list(GUIDE)
    assert [key.strip("`") for key in keys if key.strip("`") in SEARCHED] == list(SEARCHED)
    assert {len(row) for row in rows if row[0] in GUIDE} == {5}
    assert {len(row) for row in rows if row[0].strip("`") in SEARCHED} == {6}


def test_the_counts_add_up():
    """The last row counts the whole guide, status by status."""
    total = next(cells(line) for line in coverage_page().splitlines() if line.startswith("| **All**"))

    assert int(total[1]) == len(GUIDE)
    assert sum(int(count) for count in total[2:] if count) == len(GUIDE)


def test_a_written_page_is_fresh(tmp_path, capsys):
    """`--write` makes folders as needed; `--check` is silent then."""
    page = tmp_path / "docs" / "guide.md"

    assert main(["--write", str(page)]) == 0
    assert page.read_text(encoding="utf-8") == coverage_page()
    assert main(["--check", str(page)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_stale_or_absent_page_is_named(tmp_path, capsys):
    """Exit code 1, and the command that helps."""
    page = tmp_path / "guide.md"
    page.write_text(coverage_page() + "x", encoding="utf-8")

    assert main(["--check", str(page)]) == 1
    assert "is stale: run python -m practicum.core.guide.pages --write" in capsys.readouterr().err
    assert main(["--check", str(tmp_path / "none.md")]) == 1
