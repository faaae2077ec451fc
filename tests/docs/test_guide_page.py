"""The guide's page is fresh, and every link of the guide leads to something that exists."""

from __future__ import annotations

import ast
import functools
import importlib
from pathlib import Path

import pytest

from practicum.core.guide import GUIDE, Recommendation
from practicum.core.guide.pages import coverage_page

ROOT = Path(__file__).resolve().parents[2]
LINKED = [found for found in GUIDE.values() if found.code or found.tests]


@functools.cache
def functions_of(path: Path) -> frozenset[str]:
    """Return the names of all functions of a test file (``Class::method`` for methods)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for owner in tree.body:
        if isinstance(owner, ast.ClassDef):
            names |= {
                f"{owner.name}::{node.name}" for node in owner.body if isinstance(node, ast.FunctionDef)
            }
    return frozenset(names)


def test_the_page_is_fresh() -> None:
    """`python -m practicum.core.guide.pages --write docs/reference/guide.md` would change nothing."""
    page = ROOT / "docs" / "reference" / "guide.md"

    assert page.read_text(encoding="utf-8") == coverage_page()


@pytest.mark.parametrize("found", LINKED, ids=lambda found: found.key)
def test_every_link_to_code_can_be_followed(found: Recommendation) -> None:
    """``practicum.module:name`` is importable and has the name (dots go into classes)."""
    for link in found.code:
        module, _, name = link.partition(":")
        functools.reduce(getattr, name.split(".") if name else [], importlib.import_module(module))


@pytest.mark.parametrize("found", LINKED, ids=lambda found: found.key)
def test_every_link_to_a_functions_of_a_test(found: Recommendation) -> None:
    """The file exists and has a test function of that name."""
    for link in found.tests:
        path, _, name = link.partition("::")
        assert (ROOT / path).is_file(), link
        assert name in functions_of(ROOT / path), link
        assert name.rpartition("::")[2].startswith("test_"), link


def test_a_link_to_nothing_would_be_found() -> None:
    """The helper sees this very file's tests and no others."""
    names = functions_of(Path(__file__))

    assert "test_the_page_is_fresh" in names
    assert "test_the_page_is_stale" not in names


def test_what_is_done_has_code_and_a_test() -> None:
    """Nobody may claim without proof; what is done partly has code and says which issue plans the rest."""
    done = [one.key for one in GUIDE.values() if one.status == "done" and not (one.code and one.tests)]
    partly = [one.key for one in GUIDE.values() if one.status == "partly" and not one.code]

    assert (done, partly) == ([], [])


def test_only_what_is_not_finished_is_planned() -> None:
    """What is done, context or out of scope names no issue."""
    finished = ("done", "context", "out of scope")

    assert [one.key for one in GUIDE.values() if one.status in finished and one.planned_in is not None] == []


def test_what_has_nothing_to_build_has_no_code() -> None:
    """Context and what is out of scope link to nothing."""
    nothing = ("context", "out of scope")

    assert [one.key for one in LINKED if one.status in nothing] == []
