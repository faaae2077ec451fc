"""Facts about the errors that users meet."""

import pytest

from practicum.core.errors import (
    ConfigError,
    DataError,
    DivergedError,
    MissingExtraError,
    PracticumError,
    RecordError,
    ShapeError,
    nearest,
)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (ConfigError, ValueError),
        (DataError, ValueError),
        (ShapeError, ValueError),
        (DivergedError, ArithmeticError),
        (RecordError, ValueError),
        (MissingExtraError, ImportError),
    ],
)
def test_each_error_is_also_the_builtin_that_a_caller_expects(error, builtin):
    """Who knows only Python's own errors, or only our base, catches it."""
    assert issubclass(error, builtin)
    assert issubclass(error, PracticumError)


def test_the_message_is_the_text_and_values_ride_as_attributes():
    """Nobody has to parse the message."""
    error = DataError("`x` must be finite, but got x[3]=inf.", row=3, column="x")

    assert str(error) == "`x` must be finite, but got x[3]=inf."
    assert error.values == {"row": 3, "column": "x"}


@pytest.mark.parametrize(
    ("typo", "found"), [("incme", "income"), ("INCOME", "income"), ("Age ", "age"), ("ages", "age")]
)
def test_the_nearest_name_is_offered_whatever_its_case(typo, found):
    """A slip of a letter or of the case is recognised."""
    assert nearest(typo, ["age", "income"]) == f' Did you mean "{found}"?'


def test_the_nearest_name_is_written_as_it_is_spelled():
    """The offered name keeps its own capitals, so that it can be copied."""
    assert nearest("income", ["Income"]) == ' Did you mean "Income"?'


@pytest.mark.parametrize("names", [[], ["age", "income"]])
def test_no_name_is_offered_when_none_is_near(names):
    """A wild guess would mislead."""
    assert nearest("zzz", names) == ""
