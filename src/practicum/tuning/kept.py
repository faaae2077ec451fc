"""The folder of a search that the same call goes on with: what was asked, what was decided, checkpoints by phase."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from practicum.core.errors import ConfigError, RecordError
from practicum.engine.saved import checkpoint

FORMAT = 1
SEARCH = "search.json"


class Kept:
    """What is in the folder.

    Attributes:
        path: the folder.
        decisions: what was decided before, or ``None`` in a new folder.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as home:
        ...     Kept.open(Path(home), {"seed": 0}).decide({"num_trials": 8})
        ...     Kept.open(Path(home), {"seed": 0}).decisions
        {'num_trials': 8}
    """

    def __init__(self, path: Path, asked: Mapping[str, Any], decisions: Mapping[str, Any] | None) -> None:
        self.path, self._asked, self.decisions = path, asked, decisions

    @classmethod
    def open(cls, path: Path, asked: Mapping[str, Any]) -> Self:
        """Return what ``path`` holds; the folder is made if absent.

        Args:
            path: of the folder.
            asked: everything that decides a number, as JSON.

        Raises:
            ConfigError: if the folder cannot be written.
            RecordError: if it holds a search for something else, or is damaged.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            known = _read(path / SEARCH)
        except OSError as error:
            raise ConfigError(
                f"`folder` must be a folder that can be written, but {path} cannot be used ({error.strerror}). "
                "Choose another.",
                folder=str(path),
            ) from None
        if known is None:
            return cls(path, asked, None)
        told = json.loads(json.dumps(asked))
        if known["asked"] != told:
            other = sorted(name for name in told if told[name] != known["asked"].get(name))
            raise RecordError(
                f"`folder` must hold the search that is asked for, but {path} holds one whose "
                f"{', '.join(other) or 'settings'} differ. Repeat the call that began it, or choose a new folder.",
                folder=str(path),
                differ=tuple(other),
            )
        return cls(path, asked, known["decisions"])

    def decide(self, decisions: Mapping[str, Any]) -> None:
        """Write down what was decided, before anything depends on it.

        Raises:
            ConfigError: if it cannot be written.
        """
        content = {"format": FORMAT, "asked": self._asked, "decisions": decisions}
        try:
            checkpoint.replace(self.path / SEARCH, json.dumps(content, indent=1).encode())
        except OSError as error:
            raise ConfigError(
                f"`folder` must be a folder that can be written, but {self.path} is not ({error.strerror}). "
                "Choose another.",
                folder=str(self.path),
            ) from None
        self.decisions = dict(decisions)

    def folder(self, phase: str) -> Path:
        """Return where the checkpoints of ``phase`` lie."""
        return self.path / phase


def _read(path: Path) -> dict[str, Any] | None:
    """Return what :meth:`Kept.decide` wrote; ``None`` where there is no such file."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = found["format"] == FORMAT and isinstance(found["asked"], dict)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise RecordError(
            f"`folder` must hold a search that this version of practicum wrote, but {path} is not one. Choose a new "
            "folder.",
            folder=str(path.parent),
        )
    return found
