"""What each column of a table is and does: a file that a person can read, edit and give back.

Kinds say what the values are; roles say what they are used for. Only plain YAML is read (``safe_load``).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from practicum.core.errors import ConfigError, RecordError, nearest
from practicum.data.dataset import Task

Kind = Literal["numeric", "categorical", "boolean", "datetime", "identifier", "constant", "text"]
Role = Literal["input", "ignored", "target", "group", "time"]

INPUT_KINDS: tuple[Kind, ...] = ("numeric", "categorical", "boolean", "datetime")
MAX_LISTED_LEVELS = 50  # a longer list would bury the rest of the file
MAX_FILE_BYTES = 50_000_000

_HEADER = """\
# What practicum understood of the table. Edit it and give it back with --schema.
#
# kind:  numeric      numbers                         categorical  one of a few levels
#        boolean      yes/no, true/false, 0/1         datetime     days or moments (format: how text is read)
#        identifier   names a row, says nothing       constant     one value only, or none
#        text         too many different strings
# role:  input        the network sees it             ignored      set aside
#        target       what to predict                 group        rows of one group stay in one part
#        time         train on the past, test on the future
# levels: most frequent first; a level that you delete is treated as one never seen in training.
# classes: in the order of the outputs; of two, the second is the one whose probability is given.
# missing and num_levels are counts for the reader; changing them changes nothing.
"""


class _Dumper(yaml.SafeDumper):
    """SafeDumper that writes lists of words in one line."""

    def represent_words(self, data: list[Any]) -> yaml.SequenceNode:
        in_one_line = all(isinstance(one, str) for one in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=in_one_line)


_Dumper.add_representer(list, _Dumper.represent_words)


def _quoted(value: Any) -> Any:
    """Refuse what YAML made of an unquoted word (``no`` → False), which would silently be another label."""
    if isinstance(value, bool) or value is None:
        raise ValueError('is not text; put quotes around it, e.g. "no"')
    return value


Label = Annotated[str, BeforeValidator(_quoted)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Column(_Model):
    """One column of a table.

    Attributes:
        name: as in the header.
        kind: what the values are.
        role: what they are used for.
        missing: cells without a value.
        num_levels: different values, missing not counted; None where nobody counted (numbers).
        levels: levels of a categorical input, most frequent first; None if there are more than
            :data:`MAX_LISTED_LEVELS`.
        format: how a date written as text is read (``strftime`` letters); None for a real date column.
        text_is_missing: cells of a numeric column that are no number count as missing.
        note: why the column was understood so, if that is not obvious.
    """

    name: Label
    kind: Kind
    role: Role = "input"
    missing: int = Field(default=0, ge=0)
    num_levels: int | None = Field(default=None, ge=0)
    levels: list[Label] | None = None
    format: str | None = None
    text_is_missing: bool = False
    note: str = ""


class Schema(_Model):
    """All columns of a table, the task and the classes.

    Attributes:
        format: version of the file's layout.
        task: what is predicted.
        target: name of the target column.
        classes: labels in the order of the outputs; None for regression.
        columns: in the order of the table.

    Example:
        >>> columns = [Column(name="age", kind="numeric"), Column(name="y", kind="boolean", role="target")]
        >>> schema = Schema(task="binary", target="y", classes=["no", "yes"], columns=columns)
        >>> [column.name for column in schema.inputs()]
        ['age']
    """

    format: Literal[1] = 1
    task: Task
    target: Label
    classes: list[Label] | None = None
    columns: list[Column]

    def inputs(self) -> list[Column]:
        """Return the columns that the network sees."""
        return [column for column in self.columns if column.role == "input"]

    def with_role(self, role: Role) -> str | None:
        """Return the name of the first column that has ``role``, or None."""
        return next((column.name for column in self.columns if column.role == role), None)

    def column(self, name: str) -> Column | None:
        """Return the column called ``name``, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def save(self, path: Path) -> None:
        """Write the schema as YAML with an explanation on top."""
        content = self.model_dump(exclude_none=True)
        for column in content["columns"]:
            for key in ("text_is_missing", "note"):
                if not column[key]:
                    del column[key]
        body = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        path.write_text(_HEADER + body, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Schema:
        """Read a schema that :meth:`save` wrote or a person edited.

        Raises:
            RecordError: if the file is absent, not text or not YAML.
            ConfigError: if a key, a type or a value is wrong; the nearest right one is offered.
        """
        return cls.parse(_read(path), str(path))

    @classmethod
    def parse(cls, content: Any, where: str) -> Schema:
        """Check plain data and make a schema of it; ``where`` names them in messages.

        Raises:
            ConfigError: if a key, a type or a value is wrong.
        """
        try:
            schema = cls.model_validate(content)
        except ValidationError as error:
            raise _explained(error, where) from None
        _check_whole(schema, where)
        return schema


def _read(path: Path) -> Any:
    """Return what a YAML file holds."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RecordError(
                f"`schema` must be a file of at most {MAX_FILE_BYTES:,} bytes, but {path} is larger."
            )
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordError(
            f"`schema` must be a readable file, but {path} is not: {error.strerror}.", path=str(path)
        ) from None
    except UnicodeDecodeError:
        raise RecordError(f"`schema` must be UTF-8 text, but {path} is not.", path=str(path)) from None
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark is not None else ""
        problem = getattr(error, "problem", None) or error
        raise RecordError(
            f"`schema` must be YAML, but {path} is not{line}: {problem}.", path=str(path)
        ) from None


_FIELDS: dict[str, tuple[str, ...]] = {
    "schema": tuple(Schema.model_fields),
    "column": tuple(Column.model_fields),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "role": get_args(Role),
    "task": get_args(Task),
}


def _explained(error: ValidationError, where: str) -> ConfigError:
    """Turn pydantic's first complaint into one message of ours."""
    first = error.errors()[0]
    location, got = first["loc"], first["input"]
    key = next((str(part) for part in reversed(location) if isinstance(part, str)), "schema")
    place = _place(location, where)
    if first["type"] == "extra_forbidden":
        known = _FIELDS["column" if location[0] == "columns" else "schema"]
        return ConfigError(
            f'`schema` must only have known keys, but got "{key}" ({place}).{nearest(key, known)}'
            f" Known are {', '.join(known)}.",
            key=key,
        )
    if first["type"] == "missing":
        return ConfigError(f"`{key}` must be given ({place}). Add a line `{key}: …`.", key=key)
    if key in _CHOICES and first["type"] == "literal_error":
        offered = nearest(str(got), _CHOICES[key])
        return ConfigError(
            f"`{key}` must be one of {', '.join(_CHOICES[key])}, but got {key}={got!r} ({place}).{offered}",
            key=key,
            value=got,
        )
    shown = repr(got) if len(repr(got)) <= 60 else repr(got)[:57] + "…"
    problem = first["msg"].removeprefix("Value error, ")
    return ConfigError(f"`{key}` is wrong: {key}={shown} ({place}): {problem}.", key=key, value=got)


def _place(location: tuple[int | str, ...], where: str) -> str:
    if len(location) > 1 and location[0] == "columns" and isinstance(location[1], int):
        return f"column {location[1] + 1} in {where}"
    return f"in {where}"


def _check_whole(schema: Schema, where: str) -> None:
    """Raise if the parts of a schema contradict each other."""
    counts = Counter(column.name for column in schema.columns)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise ConfigError(
            f'`columns` must name each column once, but got "{twice}" {counts[twice]} times (in {where}).',
            column=twice,
        )
    for role in ("target", "group", "time"):
        names = [column.name for column in schema.columns if column.role == role]
        if len(names) > 1:
            raise ConfigError(
                f"`role` must be {role} for at most one column, but got {', '.join(names)} (in {where}).",
                columns=names,
            )
    marked = schema.with_role("target")
    if marked is not None and marked != schema.target:
        raise ConfigError(
            f'`target` must be the column whose role is target, but got target="{schema.target}" and'
            f' role target on "{marked}" (in {where}). Change one of the two.',
            target=schema.target,
        )
