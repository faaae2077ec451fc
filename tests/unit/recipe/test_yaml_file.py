"""Recipes as files: what can go wrong, one message each."""

import os

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe.yaml_file import read_mapping, write_recipe


def test_an_absent_file_is_said(tmp_path):
    """The message names the path."""
    with pytest.raises(ConfigError, match=r"must be an existing file, but .*none\.yaml does not exist"):
        read_mapping(tmp_path / "none.yaml")


def test_a_folder_is_no_recipe(tmp_path):
    """A folder is said to be one."""
    with pytest.raises(ConfigError, match=r"must be a readable file.*directory"):
        read_mapping(tmp_path)


def test_a_binary_file_is_no_recipe(tmp_path):
    """Bytes that are not UTF-8 are said, not guessed."""
    path = tmp_path / "r.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigError, match="must be a text file in UTF-8"):
        read_mapping(path)


def test_a_huge_file_is_not_read(tmp_path):
    """Somebody gave the data file by mistake."""
    path = tmp_path / "r.yaml"
    path.write_bytes(b" " * 1_000_001)

    with pytest.raises(ConfigError, match="at most 1000000 bytes"):
        read_mapping(path)


def test_a_path_that_cannot_exist_is_refused(tmp_path):
    """A null byte in a name is an error of the same kind."""
    with pytest.raises(ConfigError, match="must be a readable file"):
        read_mapping(tmp_path / "a\0b")
    with pytest.raises(ConfigError, match="must go to a writable place"):
        write_recipe(tmp_path / "a\0b", 1, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2", r"r\.yaml:1 is not"),
        ("learning_rate: 1\nlearning_rate: 2", 'r.yaml:1 is not: the key "learning_rate" is given twice'),
        ("a: !!python/object:os.system {}", "could not determine a constructor"),
        ("[" * 5000, "must be YAML"),
        ("a: 2001-99-99", "must be YAML"),
        ("a: !!timestamp x", "must be YAML"),
        ("a: !!bool x", "must be YAML"),
        ('a: !!int ""', "must be YAML"),
        ("a: " + "9" * 5000, "must be YAML"),
    ],
)
def test_text_that_is_not_plain_yaml_is_one_error(tmp_path, text, message):
    """Whatever PyYAML raises becomes one ConfigError, with the line where there is one."""
    path = tmp_path / "r.yaml"
    path.write_text(text)

    with pytest.raises(ConfigError, match=message):
        read_mapping(path)


def test_an_empty_file_is_an_empty_mapping(tmp_path):
    """Nothing said means all defaults."""
    (tmp_path / "r.yaml").write_text("# nothing\n")

    assert read_mapping(tmp_path / "r.yaml") == {}


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    """The reason of the system is passed on."""
    with pytest.raises(ConfigError, match=f"must go to a writable place.*{os.strerror(2)}"):
        write_recipe(tmp_path / "no" / "r.yaml", 1, {})
