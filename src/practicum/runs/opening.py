"""Finding a finished run again, with one clear message when it is absent, damaged or of another version."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from practicum.core.errors import RecordError, nearest
from practicum.core.summary import Summary
from practicum.runs.layout import FILES, NEEDED


@dataclass(frozen=True)
class OpenRun:
    """A finished run whose needed files are there.

    Attributes:
        path: the folder.
        summary: what the run has to say; its ``run`` is where the folder lies now.
    """

    path: Path
    summary: Summary

    def file(self, name: str) -> Path:
        """Return the path of the file called ``name`` in :data:`FILES`."""
        return self.path / FILES[name]


def open_run(path: Path | str) -> OpenRun:
    """Return the run at ``path``, after checking that it is whole and of our format.

    Raises:
        RecordError: if there is no run, if its format is another, or if a file is missing or damaged.
    """
    path = Path(path)
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on impossible names
        state = "it is a file" if os.path.lexists(path) else "it does not exist"
        raise RecordError(
            f"`run` must be the folder of a run, but got run={path} ({state}).{_offer(path)} "
            f"Give the folder that `practicum fit` named at its end.",
            run=path,
        )
    run = OpenRun(path, Summary.load(path).model_copy(update={"run": str(path)}))
    for name in NEEDED:
        file = run.file(name)
        if not file.is_file() or not file.stat().st_size:
            state = "empty" if file.is_file() else "missing"
            raise RecordError(
                f"`run` must be complete, but got run={path} ({file.name} is {state}). "
                f"Restore the folder from a copy or train again.",
                run=path,
                file=file,
            )
    return run


def _offer(path: Path) -> str:
    """Return the nearest name beside ``path``, as an offer."""
    try:
        return nearest(path.name, [other.name for other in path.parent.iterdir() if other.is_dir()])
    except (OSError, ValueError):
        return ""
