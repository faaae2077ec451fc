"""The decisions are numbered, titled and listed."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))


def test_every_decision_is_listed_under_its_title() -> None:
    """The list on the first page has each decision, in order, as its own title says it."""
    listed = [
        line for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if "](0" in line
    ]
    titles = [page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for page in PAGES]

    assert listed == [f"- [{title}]({page.name})" for title, page in zip(titles, PAGES, strict=True)]


def test_numbers_run_without_a_gap() -> None:
    """Decision 0001 is the first, and each next one is one more, in the file's name and in its title."""
    numbers = [f"{number:04}" for number in range(1, len(PAGES) + 1)]

    assert [page.name[:4] for page in PAGES] == numbers
    assert [page.read_text(encoding="utf-8")[2:6] for page in PAGES] == numbers
