"""What users import: `practicum.__all__` is exactly what is there, for Python and for type checkers."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import practicum


def names_for_type_checkers() -> dict[str, str]:
    """Return the names that the package imports for type checkers, each with the module that it is from."""
    assert practicum.__file__ is not None
    tree = ast.parse(Path(practicum.__file__).read_text(encoding="utf-8"))
    guarded = [node for top in tree.body if isinstance(top, ast.If) for node in top.body]
    imports = [node for node in guarded if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: str(node.module) for node in imports for alias in node.names}


def test_all_is_what_type_checkers_see() -> None:
    """`__all__` and the imports for type checkers name the same things."""
    assert set(practicum.__all__) == {*names_for_type_checkers(), "__version__"}


def test_every_name_is_what_type_checkers_think_it_is() -> None:
    """A name loaded on first use is the object that its module defines."""
    homes = names_for_type_checkers()

    assert [
        n for n, home in homes.items() if getattr(practicum, n) is not getattr(import_module(home), n)
    ] == []


def test_names_are_sorted_and_unique() -> None:
    """`__all__` reads like an index."""
    assert list(practicum.__all__) == sorted(set(practicum.__all__))


def test_every_public_name_is_documented() -> None:
    """Each public name says what it is."""
    names = [name for name in practicum.__all__ if name != "__version__"]

    assert [name for name in names if not getattr(practicum, name).__doc__] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    """What is not there is not there, as with any module."""
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = practicum.nothing_of_this_name


def test_importing_the_package_is_light() -> None:
    """`import practicum` loads neither torch nor any of its own rooms."""
    code = (
        "import sys, practicum; print(sorted(m for m in sys.modules if m.startswith(('torch', 'practicum'))))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "['practicum']"
