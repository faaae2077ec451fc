"""The study of a run: every finished trial of its search, where Optuna and its dashboard can read it.

One study a phase, linked: growing or shrinking a range inside one study makes some of Optuna's samplers fall back to
random, so a zoom is a study of its own. Trials are added when they are finished, a batch at a time: nothing waits for
Optuna while it trains.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from practicum.core.errors import ConfigError
from practicum.recipe.space import Space
from practicum.tuning.study.location import (
    Location,
    close_storage,
    is_address,
    open_storage,
    reached,
    shown,
)
from practicum.tuning.study.owner import AttributeOwner, FileOwner, Nobody, Owner
from practicum.tuning.study.parameters import quiet
from practicum.tuning.study.trials import frozen, thawed
from practicum.tuning.trial import Tried

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study

FORMAT = 1
"""Of what we write; a study of another format is refused."""


class Store:
    """The finished trials of one run; made by :meth:`open` or :meth:`read`, closed after use (``with``).

    Example:
        >>> from practicum.recipe.space import Entry, Log, Space
        >>> space = Space((Entry("learning_rate", Log(0.001, 1.0)),))
        >>> with Store.open(None, "adult") as store:
        ...     store.add([Tried(0, {"learning_rate": 0.1}, error=0.2)], space)
        ...     store.add([Tried(1, {"learning_rate": 0.12}, error=0.1, phase="zoom 1")], space)
        ...     store.studies, [one.error for one in store.tried()]
        (('adult', 'adult/zoom 1'), [0.2, 0.1])
    """

    def __init__(self, storage: BaseStorage, location: Location, root: Study, owner: Owner | None) -> None:
        self.storage = storage
        self._location = location
        self._root = root
        self._owner = owner
        self._phases: dict[str, Study] = {}
        for phase in root.user_attrs.get("phases", []):
            self._phases[phase] = self._load(phase, first=not self._phases)
        self._numbers = {one.number for one in self.tried()}

    @classmethod
    def open(cls, location: Location, name: str, *, resume: bool = False) -> Self:
        """Return the store of the run ``name``, to write to.

        Args:
            location: ``None`` for memory, the path of a journal file, or a database's address.
            name: of the run, and of its first study.
            resume: go on with a study that is there; one without trials is free to any run.

        Raises:
            ConfigError: if the storage cannot be used, another run owns the study, or it is there without ``resume``.
            MissingExtraError: if the database's driver is not installed.
        """
        import optuna

        with quiet(), reached(location):
            storage = open_storage(location)
            root: Study | None = None
            owner: Owner | None = None
            try:
                if location is None:
                    owner = Nobody()
                elif not is_address(location):
                    owner = FileOwner(Path(location), name)  # before the study: one of two that race gets it
                try:
                    with _batch(storage):
                        root = optuna.create_study(storage=storage, study_name=name, direction="minimize")
                        root.set_user_attr("format", FORMAT)
                except optuna.exceptions.DuplicatedStudyError:
                    root = optuna.load_study(storage=storage, study_name=name)
                    if not resume and root.user_attrs.get("phases"):  # a run that failed early left it empty
                        raise _taken(root, location) from None
                _check_format(root, location)
                owner = owner or AttributeOwner(root, shown(location))
                return cls(storage, location, root, owner)
            except BaseException:
                if owner is not None:
                    owner.release()
                close_storage(storage)
                raise

    @classmethod
    def read(cls, location: str | Path, name: str) -> Self:
        """Return the store of a run that may still be writing to it, to read from.

        Raises:
            ConfigError: if there is no such study, or as for :meth:`open`.
        """
        import optuna

        with quiet(), reached(location):
            storage = open_storage(location, writes=False)
            try:
                root = optuna.load_study(storage=storage, study_name=name)
                _check_format(root, location)
                return cls(storage, location, root, None)
            except BaseException:
                close_storage(storage)
                raise

    @property
    def studies(self) -> tuple[str, ...]:
        """Names of the run's studies, oldest first."""
        return tuple(study.study_name for study in self._phases.values())

    def add(self, tried: Sequence[Tried], space: Space) -> None:
        """Add finished trials; those that are there already are left as they are.

        Each goes to the study of its phase, which the first trial of a phase begins.

        Args:
            tried: of any phases, in the order of their numbers.
            space: that their values were taken from.

        Raises:
            ConfigError: if the storage cannot be reached any more, or another run took the study over.
        """
        assert self._owner is not None, "this store was opened to read"
        new = [one for one in tried if one.number not in self._numbers]
        with quiet(), reached(self._location):
            self._owner.beat()
            with _batch(self.storage):
                for phase in dict.fromkeys(one.phase for one in new):
                    trials = [frozen(one, space) for one in new if one.phase == phase]
                    self._study(phase, space).add_trials(trials)
        self._numbers |= {one.number for one in new}

    def tried(self) -> list[Tried]:
        """Return all trials of the run, in the order of their numbers."""
        with quiet(), reached(self._location):
            trials = [trial for study in self._phases.values() for trial in study.get_trials(deepcopy=False)]
        return sorted((thawed(trial) for trial in trials), key=lambda one: one.number)

    def beat(self) -> None:
        """Say that the run is alive; call it now and then where no trial ends for minutes.

        Raises:
            ConfigError: as for :meth:`add`.
        """
        assert self._owner is not None, "this store was opened to read"
        with quiet(), reached(self._location):
            self._owner.beat()

    def save(self, path: str | Path) -> None:
        """Write the run's studies as a journal file, whole or not at all; a file that is there is replaced.

        Raises:
            ConfigError: if it cannot be written.
        """
        import optuna

        target = Path(path)
        partial = target.with_name(f".{target.name}.partial")
        with quiet(), reached(path):
            partial.unlink(missing_ok=True)
            storage = open_storage(partial)
            with _batch(storage):
                sources = {study.study_name: study for study in (self._root, *self._phases.values())}
                for source in sources.values():
                    copy = optuna.create_study(
                        storage=storage, study_name=source.study_name, direction="minimize"
                    )
                    for name, value in source.user_attrs.items():
                        copy.set_user_attr(name, value)
                    copy.add_trials(source.get_trials(deepcopy=False))
            partial.replace(target)

    def close(self) -> None:
        """Give the study free and close connections."""
        with quiet(), contextlib.suppress(ConfigError), reached(self._location):
            # A database that is gone cannot be told; there the study is free after a silence.
            if self._owner is not None:
                self._owner.release()
            close_storage(self.storage)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _study(self, phase: str, space: Space) -> Study:
        """Return the study of a phase; a new one is linked to the phase before."""
        import optuna

        if phase not in self._phases:
            parent = next(reversed(self.studies), None)
            study = self._root
            if parent is not None:
                study = optuna.create_study(
                    storage=self.storage,
                    study_name=f"{self._root.study_name}/{phase}",
                    direction="minimize",
                    load_if_exists=True,  # left by a kill between this line and the last of these
                )
            attributes: dict[str, Any] = {"phase": phase, "parent": parent, "space": space.as_mapping()}
            for name, value in attributes.items():
                study.set_user_attr(name, value)
            self._phases[phase] = study
            self._root.set_user_attr("phases", list(self._phases))
        return self._phases[phase]

    def _load(self, phase: str, *, first: bool) -> Study:
        """Return the study of a phase that is there."""
        import optuna

        if first:
            return self._root
        return optuna.load_study(storage=self.storage, study_name=f"{self._root.study_name}/{phase}")


def _batch(storage: BaseStorage) -> contextlib.AbstractContextManager[None]:
    """Return what holds back the writes within, where the storage can."""
    from practicum.tuning.study.journal import BatchedJournal

    backend = getattr(storage, "_backend", None)
    return backend.batch() if isinstance(backend, BatchedJournal) else contextlib.nullcontext()


def _taken(study: Study, location: Location) -> ConfigError:
    """Return the complaint about a name that is not free."""
    return ConfigError(
        f'`name` must be one that no study has, but got name="{study.study_name}" (in {shown(location)}, where it has '
        f"{len(study.get_trials(deepcopy=False))} trials). Resume that run (--resume), or use another name.",
        name=study.study_name,
    )


def _check_format(study: Study, location: Location) -> None:
    """Refuse a study that we did not write, or wrote otherwise."""
    found = study.user_attrs.get("format")
    if found != FORMAT:
        raise ConfigError(
            f'A study must be of format {FORMAT}, but got format={found} ("{study.study_name}" in {shown(location)}). '
            "Another program, or another version of practicum, wrote it: use that, or another name.",
            format=found,
        )
