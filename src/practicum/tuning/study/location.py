"""Where studies lie: memory, a journal file, or a database; and the one message when it cannot be used.

Secrets in a database's address never appear in a message, nor the errors that carry them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from practicum.core.errors import ConfigError, MissingExtraError, PracticumError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

Location = str | Path | None
"""``None`` for memory, an address with "://" for a database, else the path of a journal file."""

CONNECT_SECONDS = 10
"""How long to wait for a database server that does not answer."""

DRIVERS = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}
"""Packages of the database drivers whose module has another name."""

BEGINNING = b'{"op_code":'
"""How each line of a journal begins."""

SECRET_KEYS = re.compile(r"((?:password|passwd|pwd|token|secret)=)([^&\s]+)", re.IGNORECASE)


def is_address(location: Location) -> bool:
    """Return whether a location is a database's address.

    Example:
        >>> is_address("sqlite:///team.db"), is_address("study.journal")
        (True, False)
    """
    return isinstance(location, str) and "://" in location


def shown(location: Location) -> str:
    """Return a location as messages may show it: without its password.

    Example:
        >>> shown("postgresql://ann:geheim@host/studies?sslpassword=x")
        'postgresql://ann:***@host/studies?sslpassword=***'
    """
    if location is None:
        return "memory"
    text = str(location)
    return _scrubbed(text, text) if is_address(location) else text


def open_storage(location: Location, *, writes: bool = True) -> BaseStorage:
    """Return Optuna's storage at a location.

    Args:
        location: where; the folder of a file is made if it is absent.
        writes: whether the caller will write, so that a file may be made or mended.

    Raises:
        ConfigError: if it cannot be reached or read, or was written by another version.
        MissingExtraError: if the database's driver is not installed.
    """
    import optuna

    with reached(location):
        if location is None:
            return optuna.storages.InMemoryStorage()
        if is_address(location):
            return _database(str(location))
        from practicum.tuning.study.journal import BatchedJournal

        path = Path(location)
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise FileNotFoundError(f"no such file: {path}")
        _check_journal(path)
        return optuna.storages.JournalStorage(BatchedJournal(path, mend=writes))


def close_storage(storage: BaseStorage) -> None:
    """Give back the connections of a database."""
    backend = getattr(storage, "_backend", storage)
    engine = getattr(backend, "engine", None)
    storage.remove_session()
    if engine is not None:
        engine.dispose()


@contextmanager
def reached(location: Location) -> Iterator[None]:
    """Turn whatever goes wrong with a storage within into one message."""
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except PracticumError:
        raise
    except ImportError as error:
        raise MissingExtraError(
            f"The storage {shown(location)} needs a package that is not installed ({_cause(error, location)}). "
            f"Install the database's driver: pip install {_driver(error)}"
        ) from None
    except (
        optuna.exceptions.OptunaError,
        SQLAlchemyError,
        OSError,
        RuntimeError,
        ValueError,
        LookupError,
        AssertionError,
    ) as error:
        raise ConfigError(
            f"`storage` must be one that can be opened and was written by this version of Optuna "
            f"({optuna.__version__}), but got storage={shown(location)} ({_cause(error, location)}). "
            "Check the address, or leave it out to keep the study in the run's folder.",
            storage=shown(location),
        ) from None


def _check_journal(path: Path) -> None:
    """Refuse a file that holds something else: a journal is mended and added to, which would spoil it."""
    if not path.exists():
        return
    with path.open("rb") as file:
        start = file.read(len(BEGINNING))
    if start != BEGINNING[: len(start)]:
        raise ValueError("the file is no journal of Optuna")


def _database(address: str) -> BaseStorage:
    """Return the storage behind an address, with a limit on how long to wait for its server."""
    from optuna.storages import RDBStorage, get_storage

    server = address.startswith(("postgresql", "mysql"))
    options = {"connect_args": {"connect_timeout": CONNECT_SECONDS}} if server else {}
    return get_storage(RDBStorage(address, engine_kwargs=options))


def _driver(error: ImportError) -> str:
    """Return the package of the module that is missing."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    name = getattr(cause, "name", None) or error.name or ""
    return DRIVERS.get(name, name or "the package named above")


def _cause(error: BaseException, location: Location) -> str:
    """Return in one short line what went wrong, without secrets."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return _scrubbed(text, str(location))[:200]


def _scrubbed(text: str, address: str) -> str:
    """Return ``text`` without the password of ``address``."""
    rest = address.partition("://")[2]
    password = ""
    if rest:
        credentials = rest.split("?")[0].rpartition("@")[0]
        password = credentials.partition(":")[2]
    for secret in sorted({password, unquote(password)} - {""}, key=len, reverse=True):
        text = text.replace(f":{secret}@", ":***@") if len(secret) < 4 else text.replace(secret, "***")
    return SECRET_KEYS.sub(r"\1***", text)
