"""Recipes and spaces as YAML files: reading with one clear message when that fails, writing with comments.

Only plain data are read (``SafeLoader``); a key given twice is a mistake, not a silent choice.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from practicum.core.errors import ConfigError
from practicum.core.guide.settings import SETTINGS

LARGEST_FILE = 1_000_000  # bytes; a recipe has about a thousand
# What PyYAML raises on bad text: its own errors, and those of int(), float(), datetime() and deep nesting.
YAML_ERRORS = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f'the key "{twice}" is given twice', node.start_mark
            )
        return super().construct_mapping(node, deep)


def read_mapping(path: Path, what: str = "recipe") -> Any:
    """Return what a YAML file holds (an empty file: an empty mapping).

    Args:
        path: the file.
        what: it should be, for messages.

    Raises:
        ConfigError: if the file cannot be read or is not YAML.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(
                f"`{what}` must be a file of at most {LARGEST_FILE} bytes, but {path} is larger.",
                path=path,
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            f"`{what}` must be an existing file, but {path} does not exist.", path=path
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"`{what}` must be a text file in UTF-8, but {path} is not.", path=path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"`{what}` must be a readable file, but {path} is not: {reason}.", path=path
        ) from None
    return _parsed(text, path, what)


def _parsed(text: str, path: Path, what: str) -> Any:
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except YAML_ERRORS as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        problem = (
            getattr(error, "problem", None) or " ".join(str(error).split())[:200] or type(error).__name__
        )
        raise ConfigError(f"`{what}` must be YAML, but {path}{line} is not: {problem}.", path=path) from None
    return {} if content is None else content


def write_recipe(path: Path, version: int, values: Mapping[str, Any]) -> None:
    """Write ``values`` as YAML, one a line, each with the key of its recommendation.

    Raises:
        ConfigError: if the file cannot be written.
    """
    lines = [
        "# A recipe of practicum: every hyper-parameter of one trial, each with the key of its",
        "# recommendation (`practicum guide KEY` tells more).",
        f"format: {version}",
    ]
    lines += [f"{item(name, value)}  # {SETTINGS[name].guide}" for name, value in values.items()]
    write_lines(path, lines, "recipe")


def write_lines(path: Path, lines: Sequence[str], what: str) -> None:
    """Write a text file.

    Raises:
        ConfigError: if the file cannot be written.
    """
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"`{what}` must go to a writable place, but {path} is not: {reason}.", path=path
        ) from None


def item(name: str, value: Any) -> str:
    """Return one ``name: value`` line; lists in brackets (a bare scalar would end in a document mark)."""
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True, width=2**31)
    return f"{name}: {text.removesuffix('...' + chr(10)).rstrip()}"
