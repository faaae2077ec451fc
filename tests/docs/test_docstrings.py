"""Docstrings become Markdown for the reference pages."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "docs" / "docstrings.py"
SPEC = importlib.util.spec_from_file_location("docs_docstrings", PATH)
assert SPEC is not None
assert SPEC.loader is not None
docstrings = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(docstrings)


def test_examples_become_a_section() -> None:
    """The one heading that Google style spells in the plural is found; no other text is touched."""
    text = "Return it.\n\nExample:\n    >>> it()\n    1\n\nSource:\n    3.1-02\n"

    assert docstrings.to_markdown(text) == text.replace("Example:", "Examples:")


def test_references_become_code() -> None:
    """Roles of reStructuredText leave only the name."""
    assert docstrings.to_markdown("See :func:`~a.run` and :data:`GRID`.") == "See `a.run` and `GRID`."


def test_placeholders_are_not_taken_for_html() -> None:
    """A name in angle brackets stays to be seen, in text and in code."""
    assert docstrings.to_markdown("runs/<name> or `<name>`") == "runs/&lt;name&gt; or `<name>`"


def test_tables_are_shown_as_they_stand() -> None:
    """A table is indented, so that Markdown keeps its columns."""
    table = "===  ===\na    b\n===  ===\n1    2\n===  ==="

    assert docstrings.to_markdown(f"Legend:\n\n{table}\n\nEnd.") == (
        "Legend:\n\n    " + table.replace("\n", "\n    ") + "\n\nEnd."
    )
