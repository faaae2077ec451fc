"""A run on its way: what is needed to go on after a kill, in a folder beside the one it will become.

It holds what was decided, the checkpoints of all packs and what finished trials gave. It is removed when the run is
whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import polars as pl

from practicum.core.errors import ConfigError, DivergedError, RecordError
from practicum.data.pipeline import Loaded
from practicum.engine.saved.checkpoint import replace
from practicum.engine.saved.store import locked
from practicum.request import Request
from practicum.runs.layout import UNFINISHED

FORMAT = 1
DECISIONS = "decisions.json"
TRAINED = "*.safetensors"
"""There are such files where something was trained."""

PLAIN = {
    "target": "--target",
    "task": "--task",
    "budget_seconds": "--budget",
    "num_trials": "--trials",
    "num_seeds": "--seeds",
    "num_folds": "--folds",
    "num_outer": "--nested",
    "seed": "--seed",
    "scientific": "--scientific",
    "batch_sizes": "--batch-sizes",
    "grid": "--grid",
    "sampler": "--sampler",
    "diagnosis": "--no-diagnosis",
    "metric": "--metric",
    "group": "--group",
    "time": "--time",
    "device": "--device",
    "decisions": "--replay",
}
"""What of a request decides numbers and is JSON as it is, and the option that says it."""

OPTIONS = {**PLAIN, "data": "the rows of DATA", "test": "--test", "recipe": "--recipe", "space": "--space"}
OPTIONS |= {"schema": "--schema"}


class Unfinished:
    """The folder of a run that is not finished; :meth:`open` makes it, and keeps others out until ``with`` ends.

    It stays behind where going on makes sense: after a kill, of course, and after an error that struck a run in which
    something was trained. It goes when the run is whole, was interrupted before there was anything, or failed for good.

    Attributes:
        path: where it lies.
        decisions: what was decided before, or ``None`` in a new run.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as home:
        ...     with Unfinished.open(Path(home) / "run", {"data": "a"}, resume=False) as first:
        ...         first.decide({"num_trials": 8})
        ...         first.path.name, first.decisions
        ('run.unfinished', {'num_trials': 8})
    """

    def __init__(
        self,
        path: Path,
        asked: Mapping[str, Any],
        decisions: Mapping[str, Any] | None,
        lock: IO[bytes] | None = None,
        *,
        is_new: bool = False,
        made: Sequence[Path] = (),
    ) -> None:
        self.path, self._asked, self.decisions = path, asked, decisions
        self._lock, self._is_new, self._made = lock, is_new, made

    @classmethod
    def open(cls, out: Path, asked: Mapping[str, Any], *, resume: bool) -> Self:
        """Return the folder of the run that will lie at ``out``.

        Args:
            out: of the finished run.
            asked: what was asked for, as JSON; to go on it must be the same.
            resume: go on with a run that was begun.

        Raises:
            ConfigError: if there is one and ``resume`` was not asked for, none although it was, or one of something
                else; if another process is at it, or it cannot be written.
            RecordError: if it is damaged.
        """
        path = out.with_name(out.name + UNFINISHED)
        found = path.is_dir()
        if resume and not found:
            raise _absent(path, out)
        if found and not resume:
            raise ConfigError(
                f"`out` must be a new run, but {path} holds an unfinished one. Add --resume {out} to go on, or remove "
                "that folder.",
                out=out,
            )
        made = tuple(parent for parent in path.parents if not parent.exists())
        lock = _locked(path, out)
        try:
            if found:
                _check_still_there(path, out)
            else:
                _write(path, asked, None)
            return cls(path, asked, _decisions(path, asked), lock, is_new=not found, made=made)
        except BaseException:
            lock.close()
            raise

    def part(self, name: str) -> Unfinished:
        """Return a part of the run that decides for itself, such as an outer fold."""
        path = self.path / name
        return Unfinished(path, self._asked, _decisions(path, self._asked))

    def decide(self, decisions: Mapping[str, Any]) -> None:
        """Write down what was decided, before anything depends on it.

        Raises:
            ConfigError: if it cannot be written.
        """
        _write(self.path, self._asked, decisions)
        self.decisions = dict(decisions)

    def folder(self, phase: str) -> Path:
        """Return where the checkpoints of ``phase`` lie."""
        return self.path / phase

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        hopeless = self._is_new and isinstance(error, DivergedError | KeyboardInterrupt)
        if error is None or hopeless or not any(self.path.rglob(TRAINED)):
            shutil.rmtree(self.path, ignore_errors=True)
            with suppress(OSError):  # those that hold other things stay
                for parent in self._made:
                    parent.rmdir()
        if self._lock is not None:
            self._lock.close()


def asked(request: Request, table: Loaded) -> dict[str, Any]:
    """Return what must be the same when a run goes on: the data, and every option that decides a number."""
    space = request.space
    return {
        "data": _digest(table.table.frame),
        "test": None if table.test is None else _digest(table.test.frame),
        **{name: getattr(request, name) for name in PLAIN},
        "recipe": None if request.recipe is None else request.recipe.model_dump(mode="json"),
        "space": space
        if isinstance(space, str | None)
        else [space.as_mapping(), space.base.model_dump(mode="json")],
        "schema": None if request.schema is None else request.schema.model_dump(mode="json"),
    }


def _digest(frame: pl.DataFrame) -> str:
    """Return a hash of all cells, of the columns' names and their types."""
    digest = hashlib.blake2b(str(frame.schema).encode(), digest_size=16)
    digest.update(frame.hash_rows(seed=0).to_numpy().tobytes())
    return digest.hexdigest()


def _absent(path: Path, out: Path) -> ConfigError:
    """Return the complaint about a run that is not there to go on with."""
    return ConfigError(
        f"`resume` must name a run that was begun and not finished, but {path} is not there. Leave it out to begin.",
        resume=str(out),
    )


def _check_still_there(path: Path, out: Path) -> None:
    """Raise if another process has ended the run since we looked; the lock has made its folder anew."""
    if not (path / DECISIONS).exists():
        shutil.rmtree(path, ignore_errors=True)
        raise _absent(path, out)


def _locked(path: Path, out: Path) -> IO[bytes]:
    """Make the folder if it is absent, and keep other processes away until what is returned is closed."""
    try:
        return locked(path)
    except ConfigError as error:
        if not path.is_dir():
            raise _unwritable(path, str(error)) from None
        raise ConfigError(
            f"`out` must belong to one process at a time, but {path} is in use by another. Wait for it, or give "
            "another --out.",
            out=out,
        ) from None


def _decisions(path: Path, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what was decided in ``path``, if anything was; refuse what was begun with other data or options."""
    kept = _read(path)
    if kept is None:
        return None
    told = json.loads(json.dumps(asked))
    other = [name for name in {**told, **kept["asked"]} if told.get(name) != kept["asked"].get(name)]
    if other:
        raise ConfigError(
            "`resume` must be asked for with the data and options of the run, but these differ: "
            f"{', '.join(OPTIONS.get(name, name) for name in other)} ({path}). Repeat the command that began it.",
            differ=tuple(other),
        )
    decisions: Mapping[str, Any] | None = kept["decisions"]
    return decisions


def _write(path: Path, asked: Mapping[str, Any], decisions: Mapping[str, Any] | None) -> None:
    """Put what was asked for and decided into ``path``, whole or not at all."""
    content = {"format": FORMAT, "asked": asked, "decisions": decisions}
    try:
        path.mkdir(parents=True, exist_ok=True)
        replace(path / DECISIONS, json.dumps(content).encode())
    except OSError as error:
        raise _unwritable(path, str(error.strerror)) from None


def _unwritable(path: Path, reason: str) -> ConfigError:
    return ConfigError(
        f"`out` must be a place that can be written to, but {path} is not ({reason}). Choose another.",
        out=str(path),
    )


def _read(path: Path) -> dict[str, Any] | None:
    """Return what was written; ``None`` where the run was killed before anything was."""
    file = path / DECISIONS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(file, str(error)) from None
    if (
        not isinstance(found, dict)
        or found.get("format") != FORMAT
        or not isinstance(found.get("asked"), dict)
    ):
        raise _unreadable(file, "another format")
    return found


def _unreadable(file: Path, reason: str) -> RecordError:
    return RecordError(
        f"`resume` must name a run that can be read, but {file} cannot be ({reason}). Remove the folder to begin anew.",
        path=str(file.parent),
    )
