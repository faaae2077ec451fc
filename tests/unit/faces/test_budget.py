"""Facts about time budgets as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import ConfigError
from practicum.faces.budget import parse_budget


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60s", 60),
        ("10m", 600),
        ("1.5h", 5400),
        ("90", 90),
        (" 2 M ", 120),
        (".5m", 30),
        ("1.s", 1),
        (7, 7),
        (2.5, 2.5),
    ],
)
def test_people_write_budgets_in_many_ways(text, seconds):
    """Units s, m and h, plain seconds, spaces and capitals are read."""
    assert parse_budget(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0.5s",
        "-5s",
        "5 days",
        "ten",
        "1h30m",
        "1e3",
        "s",
        "inf",
        "nan",
        0.9,
        float("inf"),
        float("nan"),
        True,
        None,
        "9" * 400,
    ],
)
def test_anything_else_is_refused(text):
    """Less than a second, unknown units and numbers without end are an error that shows how to write it."""
    with pytest.raises(
        ConfigError, match=r"`budget` must be a time of at least 1 second, .* Write it as 60s"
    ) as caught:
        parse_budget(text)

    assert caught.value.values.keys() == {"budget"}


@given(st.text())
def test_no_text_crashes(text):
    """Whatever is typed gives seconds or our error."""
    with suppress(ConfigError):
        assert parse_budget(text) >= 1
