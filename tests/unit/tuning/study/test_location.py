"""Where studies lie, and the one message when they cannot be had."""

import sqlite3

import pytest
from optuna.storages import InMemoryStorage, JournalStorage

from practicum.core.errors import ConfigError, MissingExtraError
from practicum.tuning.study.location import close_storage, is_address, open_storage, reached, shown

ADDRESS = "postgresql://ann:s3cr%40t@host:5432/studies"


def test_none_is_memory_and_a_path_is_a_journal(tmp_path):
    """Each kind of location has its storage; the folder is made."""
    assert isinstance(open_storage(None), InMemoryStorage)
    assert isinstance(open_storage(tmp_path / "new" / "study"), JournalStorage)
    assert isinstance(open_storage(str(tmp_path / "new" / "study"), writes=False), JournalStorage)


def test_only_addresses_are_addresses():
    """A path stays a path, on Windows too."""
    assert is_address("sqlite:///team.db")
    assert not is_address("C:\\runs\\study")
    assert not is_address(None)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (None, "memory"),
        ("runs/a:b@c", "runs/a:b@c"),
        (ADDRESS, "postgresql://ann:***@host:5432/studies"),
        ("mysql://u:p@h/d?password=hush&x=1", "mysql://u:***@h/d?password=***&x=1"),
        ("sqlite:///team.db", "sqlite:///team.db"),
        ("postgresql://ann:pa@ss@host/d", "postgresql://ann:***@host/d"),
    ],
)
def test_secrets_are_not_shown(location, expected):
    """Passwords in the address, also those with an unescaped sign, become stars."""
    assert shown(location) == expected


@pytest.mark.parametrize("secret", ["s3cr%40t", "s3cr@t"])
def test_a_cause_that_tells_the_secret_is_scrubbed(secret):
    """The error below may carry the password, escaped or not; ours does not, nor its chain."""
    with pytest.raises(ConfigError, match=r"RuntimeError: cannot reach \*\*\*") as caught, reached(ADDRESS):
        raise RuntimeError(f"cannot reach {secret}")

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert caught.value.values == {"storage": "postgresql://ann:***@host:5432/studies"}


@pytest.mark.parametrize(
    ("module", "package"),
    [("psycopg", r"psycopg\[binary\]"), ("psycopg2", "psycopg2-binary"), ("pymysql", "pymysql")],
)
def test_a_missing_driver_says_how_to_install_it(module, package):
    """A database needs its driver, whose package may have another name."""
    with pytest.raises(MissingExtraError, match=rf"pip install {package}$"), reached(ADDRESS):
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)


def test_an_unreachable_database_is_one_error(tmp_path):
    """A file in a folder that does not exist cannot be opened."""
    with pytest.raises(
        ConfigError, match=r"`storage` must be one that can be opened .* unable to open database file"
    ):
        open_storage(f"sqlite:///{tmp_path}/absent/team.db")


def test_an_address_of_no_database_is_one_error():
    """An unknown kind is refused."""
    with pytest.raises(ConfigError, match=r"got storage=nonsense://x \(NoSuchModuleError"):
        open_storage("nonsense://x")


def test_a_database_of_another_version_is_one_error(tmp_path):
    """A schema that another Optuna made is refused with its name."""
    address = f"sqlite:///{tmp_path}/team.db"
    close_storage(open_storage(address))
    with sqlite3.connect(tmp_path / "team.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'v0.9.0.a'")
        database.execute("UPDATE version_info SET schema_version = 3")
    database.close()

    with pytest.raises(
        ConfigError, match=r"was written by this version of Optuna \(.*\), but got storage=sqlite"
    ):
        open_storage(address)


def test_a_file_that_is_no_journal_is_one_error(tmp_path):
    """A table is no study."""
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")

    with pytest.raises(ConfigError, match=r"table\.csv \(ValueError: the file is no journal"):
        open_storage(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text() == "a,b\n1,2\n"


def test_reading_makes_no_file(tmp_path):
    """To read what is not there is an error, and leaves nothing behind."""
    with pytest.raises(ConfigError, match="no such file"):
        open_storage(tmp_path / "absent", writes=False)
    assert list(tmp_path.iterdir()) == []
