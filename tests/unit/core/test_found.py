"""The part of a summary that tells of the search."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from practicum.core.found import FinalistScore, Search

VALUES = st.dictionaries(
    st.text(max_size=5),
    st.one_of(st.integers(-9, 9), st.floats(0, 1), st.booleans(), st.none(), st.text(max_size=5)),
    max_size=4,
)


@given(
    values=VALUES,
    errors=st.lists(st.floats(0, 1), max_size=5),
    cut=st.dictionaries(st.text(max_size=3), st.integers()),
)
def test_a_search_is_read_back_equal(values, errors, cut):
    """Values and finalists survive JSON."""
    finalist = FinalistScore(
        number=3, values=values, errors=errors, mean=0.1, interval=(0.0, 0.2), chosen=True
    )
    search = Search(
        strategy="zoom",
        space={"learning_rate": {"log": [1e-6, 1.0]}},
        num_settings=16,
        seconds_a_setting=0.5,
        sentences=["Enough was tried."],
        conclusion={"importance": {"learning_rate": 0.9}},
        best_error=0.1,
        corrected_error=0.12,
        finalists=[finalist],
    )

    assert Search.model_validate_json(search.model_dump_json()) == search


def test_what_is_not_finite_is_null_and_nan_when_read():
    """A seed that blew up has no error; it keeps its place."""
    finalist = FinalistScore(number=0, errors=[0.1, math.inf], mean=0.1, interval=(math.nan, math.nan))
    search = Search(strategy="random", num_settings=1, finalists=[finalist])
    text = search.model_dump_json()
    found = Search.model_validate_json(text)

    assert json.loads(text, parse_constant=pytest.fail)["finalists"][0]["errors"] == [0.1, None]
    assert found.finalists[0].errors[0] == 0.1
    assert math.isnan(found.finalists[0].errors[1])
    assert math.isnan(found.best_error)


def test_an_unknown_part_is_refused():
    """Somebody else wrote it."""
    with pytest.raises(ValidationError, match="colour"):
        Search(strategy="zoom", num_settings=1, colour="red")  # type: ignore[call-arg]
