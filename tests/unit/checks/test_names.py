"""Every name that a finding of a check carries has a title."""

from __future__ import annotations

import ast
from pathlib import Path

import practicum.checks
from practicum.checks.names import CHECKS

FILES = sorted(Path(practicum.checks.__file__).parent.glob("*.py"))


def names_given() -> set[str]:
    """Return the first argument of each `Finding(…)` in the checks, constants of the file looked up."""
    found = set()
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                first = node.args[0]
                found.add(first.value if isinstance(first, ast.Constant) else constants[first.id])
    return found


def test_each_has_a_title_and_no_title_is_left_over():
    """A check that is added must be named here, for SARIF."""
    assert names_given() == set(CHECKS)


def test_titles_are_phrases():
    """They stand alone in a list of rules."""
    assert list(CHECKS) == sorted(CHECKS)
    assert all(title[0].isupper() and not title.endswith(".") for title in CHECKS.values())
