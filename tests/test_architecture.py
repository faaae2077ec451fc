"""The rules of the house as tests: small files, small functions, a test file each, imports down only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "practicum"
UNIT = ROOT / "tests" / "unit"
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50

# Modules without a test file of their own, each with the reason.
NO_UNIT_TEST: dict[str, str] = {}

FILES = sorted(SOURCE.rglob("*.py"))
NAMES = [path.relative_to(SOURCE).as_posix() for path in FILES]
MODULES = [path for path in FILES if path.stem not in ("__init__", "__main__")]


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of ``function`` from `def` to its end, docstring not counted."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_code_lines_leaves_the_docstring_out() -> None:
    """A function of two lines of code and two of docstring counts two."""
    tree = ast.parse('def f():\n    """One\n    two."""\n    return 1\n')

    assert code_lines(tree.body[0]) == 2


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_file_can_be_read_in_one_sitting(path: Path) -> None:
    """No source file is longer than the limit."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_functions_are_short(path: Path) -> None:
    """No function is longer than the limit; the message names those that are."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert [f"{f.name}: {code_lines(f)} lines" for f in functions if code_lines(f) > MAX_FUNCTION_LINES] == []


def test_every_module_has_its_test_file() -> None:
    """`src/practicum/a/b.py` is tested by `tests/unit/a/test_b.py`."""
    missing = [
        expected.relative_to(ROOT).as_posix()
        for module in MODULES
        if module.relative_to(SOURCE).as_posix() not in NO_UNIT_TEST
        and not (expected := UNIT / module.relative_to(SOURCE).with_name(f"test_{module.name}")).is_file()
    ]

    assert missing == []


def test_every_unit_test_has_its_module() -> None:
    """A test file whose module was renamed or removed is found."""
    orphans = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(UNIT.rglob("test_*.py"))
        if not (SOURCE / path.relative_to(UNIT).with_name(path.name.removeprefix("test_"))).is_file()
    ]

    assert orphans == []


def test_every_exception_to_the_rule_is_still_needed() -> None:
    """An allowed gap names a module that exists and has no test file."""
    stale = [
        name
        for name in NO_UNIT_TEST
        if not (SOURCE / name).is_file() or (UNIT / name).with_name(f"test_{Path(name).name}").is_file()
    ]

    assert stale == []


def test_imports_go_down_only() -> None:
    """The contracts under `[tool.importlinter]` hold."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
