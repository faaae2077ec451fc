"""The schema: a file that a person reads, edits and gives back."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicum.core.errors import ConfigError, RecordError
from practicum.data.schema import Column, Schema

GOOD = """
task: binary
target: pays
classes: ["no", "yes"]
columns:
- {name: age, kind: numeric}
- {name: pays, kind: boolean, role: target}
"""


@pytest.fixture
def schema() -> Schema:
    """Return a schema with a column of each sort."""
    columns = [
        Column(name="age", kind="numeric", missing=3),
        Column(name="job", kind="categorical", num_levels=2, levels=["no", "clerk"]),
        Column(name="born", kind="datetime", format="%d/%m/%Y"),
        Column(name="id", kind="identifier", role="ignored", note="numbers the rows"),
        Column(name="pays", kind="boolean", role="target"),
    ]
    return Schema(task="binary", target="pays", classes=["no", "yes"], columns=columns)


def write(folder: Path, text: str) -> Path:
    """Write ``text`` as a schema file."""
    path = folder / "schema.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_saved_schema_is_loaded_unchanged(schema: Schema, tmp_path: Path) -> None:
    """What is written is what is read, labels like "no" included."""
    schema.save(tmp_path / "schema.yaml")

    assert Schema.load(tmp_path / "schema.yaml") == schema


def test_a_saved_schema_explains_itself(schema: Schema, tmp_path: Path) -> None:
    """The file opens with comments that name each kind and role."""
    schema.save(tmp_path / "schema.yaml")
    text = (tmp_path / "schema.yaml").read_text(encoding="utf-8")

    assert text.startswith("# What practicum understood")
    assert all(
        f"{word} " in text.split("format: 1")[0] for word in ("numeric", "identifier", "group", "time")
    )


def test_lists_of_words_stand_in_one_line(schema: Schema, tmp_path: Path) -> None:
    """A person reads levels at a glance, and words that YAML would misread are quoted."""
    schema.save(tmp_path / "schema.yaml")

    assert "levels: ['no', clerk]" in (tmp_path / "schema.yaml").read_text(encoding="utf-8")


def test_a_short_hand_written_file_is_enough(tmp_path: Path) -> None:
    """Counts and roles may be left out."""
    loaded = Schema.load(write(tmp_path, GOOD))

    assert [column.name for column in loaded.inputs()] == ["age"]


def test_columns_are_found_by_name_and_role(schema: Schema) -> None:
    """A column is found by its name; a role gives its first column, or None."""
    assert schema.column("job") == schema.columns[1]
    assert schema.column("jab") is None
    assert schema.with_role("ignored") == "id"
    assert schema.with_role("group") is None


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("target: pays", "target: pays\nclases: [a]", 'known keys, but got "clases".*Did you mean "classes"'),
        ("kind: numeric", "kind: numeric, knid: x", 'known keys, but got "knid".*column 1.*"kind"'),
        ("kind: numeric", "kind: numerical", '`kind` must be one of .*got kind=.numerical.*"numeric"'),
        ("kind: numeric", "kind: numeric, role: inputs", "`role` must be one of .*Did you mean"),
        ("task: binary", "task: regresion", '`task` must be one of .*Did you mean "regression"'),
        ("task: binary", "", "`task` must be given"),
        ("kind: numeric", "kind: numeric, missing: many", "`missing` is wrong: missing='many'"),
        ('["no", "yes"]', "[no, yes]", "`classes` is wrong.*put quotes around it"),
        ("name: age", "name: pays", '`columns` must name each column once, but got "pays" 2 times'),
        ("kind: numeric", "kind: numeric, role: target", "`role` must be target for at most one column"),
        ("target: pays", "target: age", "`target` must be the column whose role is target"),
        ("task: binary", "format: 7\ntask: binary", "`format` is wrong: format=7"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, before: str, after: str, message: str) -> None:
    """Unknown keys, wrong types and bad kinds say where they are and what was meant."""
    assert before in GOOD

    with pytest.raises(ConfigError, match=message):
        Schema.load(write(tmp_path, GOOD.replace(before, after, 1)))


def test_a_list_is_no_schema(tmp_path: Path) -> None:
    """A file with another shape is refused."""
    with pytest.raises(ConfigError, match="`schema` is wrong"):
        Schema.load(write(tmp_path, "- a\n- b\n"))


def test_an_absent_file_is_said(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(RecordError, match=r"`schema` must be a readable file.*none\.yaml"):
        Schema.load(tmp_path / "none.yaml")


def test_broken_yaml_is_said_with_its_line(tmp_path: Path) -> None:
    """The line of the mistake is named."""
    with pytest.raises(RecordError, match=r"must be YAML.*line 2"):
        Schema.load(write(tmp_path, "task: binary\n: : [\n"))


def test_bytes_are_no_schema(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused."""
    (tmp_path / "schema.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(RecordError, match="must be UTF-8 text"):
        Schema.load(tmp_path / "schema.yaml")


def test_code_in_yaml_is_refused(tmp_path: Path) -> None:
    """A tag that would build a Python object is not followed."""
    with pytest.raises(RecordError, match="must be YAML"):
        Schema.load(write(tmp_path, "!!python/object/apply:os.getcwd []"))


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is not read."""
    monkeypatch.setattr("practicum.data.schema.MAX_FILE_BYTES", 10)

    with pytest.raises(RecordError, match="at most 10 bytes"):
        Schema.load(write(tmp_path, GOOD))
