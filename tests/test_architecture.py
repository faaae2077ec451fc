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

# Modules (or folders of them) without a test file of their own, each with the reason.
NO_UNIT_TEST = {
    "core/guide/tables/": "rows of text; tests/unit/core/guide/test_lookup.py checks them all",
}
# Longer functions, each with the reason.
LONG_FUNCTIONS = {
    "cli/check.py:check": "the options of the command stand in its signature",
    "cli/fit.py:fit": "the options of the command stand in its signature",
    "faces/request.py:make_request": "the same options, checked and passed on",
    "faces/search.py:search": "the options of a search in its signature",
    "faces/training.py:fit": "the same options in Python",
}

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


def long_functions() -> dict[str, int]:
    """Return the functions over the limit, "path:name", with their lines."""
    return {
        f"{name}:{node.name}": code_lines(node)
        for path, name in zip(FILES, NAMES, strict=True)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(node) > MAX_FUNCTION_LINES
    }


def without_test() -> list[str]:
    """Return the modules that have no test file of their own."""
    return [
        module.relative_to(SOURCE).as_posix()
        for module in MODULES
        if not (UNIT / module.relative_to(SOURCE).with_name(f"test_{module.name}")).is_file()
    ]


def test_functions_are_short() -> None:
    """No function is longer than the limit, and each exception is still one."""
    assert long_functions().keys() == LONG_FUNCTIONS.keys()


def test_every_module_has_its_test_file() -> None:
    """`src/practicum/a/b.py` is tested by `tests/unit/a/test_b.py`."""
    assert [name for name in without_test() if not name.startswith(tuple(NO_UNIT_TEST))] == []


def test_every_unit_test_has_its_module() -> None:
    """A test file whose module was renamed or removed is found."""
    orphans = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(UNIT.rglob("test_*.py"))
        if not (SOURCE / path.relative_to(UNIT).with_name(path.name.removeprefix("test_"))).is_file()
    ]

    assert orphans == []


def test_every_module_left_untested_is_still_there() -> None:
    """An exception names modules that exist and have no test file."""
    assert [start for start in NO_UNIT_TEST if not any(n.startswith(start) for n in without_test())] == []


def test_imports_go_down_only() -> None:
    """The contracts under `[tool.importlinter]` hold."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_git_ignores_nothing_that_is_needed() -> None:
    """A pattern of .gitignore that hides a source or test file would only be noticed in a fresh clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("not in a git repository")
    files = [*SOURCE.rglob("*.*"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.*")]
    names = [path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts]
    command = ["git", "check-ignore", "--stdin"]
    run = subprocess.run(
        command, cwd=ROOT, input="\n".join(names), capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout) == (1, "")
