"""Writing a run folder: where it may lie, and how it is written whole or not at all.

Files go into a hidden sibling of the final folder, are flushed to the disk and put in place by one rename.
So a full disk, a Ctrl-C or a crash never leaves half a run behind.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from practicum.core.errors import ConfigError
from practicum.runs.layout import FILES

PROBE_BYTES = 1 << 20
"""Size of the trial file that tells a full disk before training starts."""


def default_out(source: str, moment: datetime) -> Path:
    """Return ``runs/<stem>-<time>`` for a run on ``source``, a name without spaces that does not exist yet.

    Example:
        >>> default_out("data/adult.csv.gz", datetime(2026, 1, 2, 3, 4, 5)).as_posix()
        'runs/adult-20260102-030405'
        >>> default_out("pandas DataFrame", datetime(2026, 1, 2, 3, 4, 5)).as_posix()
        'runs/pandas_DataFrame-20260102-030405'
    """
    stem = Path(source).name.split(".")[0].replace(" ", "_") or "run"
    return _free(Path("runs") / f"{stem}-{moment:%Y%m%d-%H%M%S}")


def check_out(path: Path) -> None:
    """Check, before any training, that a run folder can be written at ``path``; leave nothing there.

    Raises:
        ConfigError: if the path exists, if a parent is a file or not writable, or if the disk is full.
    """
    with RunFolder.create(path) as probe:
        probe.file("weights").write_bytes(bytes(PROBE_BYTES))


class RunFolder:
    """A run folder while it is written: fill it inside ``with``, then :meth:`commit`.

    Without a commit, or after any exception, all that was written is removed, new parents included.

    Attributes:
        path: where the run will lie.
        temporary: the hidden folder to write into until then.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as home:
        ...     with RunFolder.create(Path(home) / "first") as run:
        ...         _ = run.file("summary").write_text("{}")
        ...         path = run.commit()
        ...     sorted(file.name for file in path.iterdir())
        ['run.json']
    """

    def __init__(self, path: Path, temporary: Path, made: tuple[Path, ...]) -> None:
        self.path = path
        self.temporary = temporary
        self._made = made

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """Return a folder to fill, which will lie at ``path``.

        Raises:
            ConfigError: as :func:`check_out`.
        """
        _check_new(path)
        made = tuple(parent for parent in path.parents if not parent.exists())
        temporary = path.with_name(f".{path.name}-{uuid4().hex[:8]}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.mkdir()
        except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
            _remove_empty(made)
            raise _cannot_write(path, error) from None
        return cls(path, temporary, made)

    def file(self, name: str) -> Path:
        """Return where to write the file called ``name`` in :data:`FILES`."""
        return self.temporary / FILES[name]

    def commit(self) -> Path:
        """Put the folder in place, flushed to the disk, and return where it is.

        Returns:
            ``path``, or ``path-2``, ``path-3`` … if another run took that name meanwhile: no run is lost.

        Raises:
            ConfigError: if the disk refuses.
        """
        try:
            for file in (*self.temporary.rglob("*"), self.temporary):
                _flush(file)
            self.path = _free(self.path)
            self.temporary.rename(self.path)
            _flush(self.path.parent)
        except OSError as error:
            raise _cannot_write(self.path, error) from None
        self._made = ()
        return self.path

    def discard(self) -> None:
        """Remove what was written and not committed."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        _remove_empty(self._made)

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()  # after a commit there is nothing left to remove
        # Rust libraries (polars, safetensors) wrap the system's errors in classes of their own.
        if isinstance(error, OSError) or (isinstance(error, Exception) and "(os error " in str(error)):
            raise _cannot_write(self.path, error) from None


def _check_new(path: Path) -> None:
    """Raise if ``path`` exists or cannot, because it lies below a file."""
    if os.path.lexists(path):
        raise ConfigError(
            f"`out` must be a new folder, but got out={path} (it exists). Choose another name or remove it.",
            out=path,
        )
    home = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    if not home.is_dir():
        raise ConfigError(
            f"`out` must lie in a folder, but got out={path} ({home} is a file). Choose another place.",
            out=path,
        )


def _cannot_write(path: Path, error: Exception) -> ConfigError:
    """Return the one error for a disk that refuses."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ConfigError(
        f"`out` must be a place that can be written to, but got out={path} ({reason}). "
        f"Choose another place, or make room or permission there.",
        out=path,
    )


def _free(path: Path) -> Path:
    """Return ``path``, or the first of ``path-2``, ``path-3`` … that does not exist."""
    candidate, number = path, 1
    while os.path.lexists(candidate):
        number += 1
        candidate = path.with_name(f"{path.name}-{number}")
    return candidate


def _remove_empty(folders: tuple[Path, ...]) -> None:
    """Remove the folders made for a run, deepest first, as far as they are empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    if os.name == "nt":  # pragma: no cover - folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
