"""Facts about the later answers of a run on the terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from tests.made_searches import GRID, SIZES, made_search

from practicum.core.errors import ConfigError
from practicum.report.answer_text import bar, matters_page, pareto_page, search_page


def printed(parts, width=80):
    """Return what the terminal shows of ``parts``."""
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(*parts, sep="\n")
    return out.getvalue()


def test_the_search_page_says_everything_in_its_order():
    """What it means, every setting, every entry, the best of N, the two small tables."""
    text = printed(search_page(made_search(60, batch_sizes=SIZES, grid=GRID)), 200)
    order = [
        "60 settings (zoom)",
        "- Something was found.",
        "All settings, the best first",
        "Which entries matter",
        "learning_rate: error by its value",
        "activation: error by its value",
        "The best of N settings",
        "Values near the best",
        "Batch sizes at equal time",
        "A small grid around the chosen setting",
    ]
    places = [text.index(part) for part in order]

    assert places == sorted(places)
    assert text.count("activation tanh") + text.count("activation relu") == 60


def test_the_curve_doubles_and_ends_with_all():
    """45 of 60 settings were drawn from the whole space."""
    text = printed(search_page(made_search(60)))
    rows = text[text.index("The best of N settings") :].splitlines()[2:9]

    assert [row.split()[0] for row in rows] == ["1", "2", "4", "8", "16", "32", "45"]


def test_few_settings_say_that_they_say_nothing():
    """No section is empty, none fails."""
    text = printed(search_page(made_search(3)))

    assert "Which entries matter cannot be told from so few settings." in text


def test_the_front_tells_error_cost_and_values():
    """A line a setting, and a sentence."""
    text = printed(pareto_page(made_search(60)))

    assert "valid error" in text
    assert "core time" in text
    assert "worth" in text
    assert "halted" not in text


def test_a_front_of_halted_settings_says_so():
    """They weigh what they reached until then."""
    summary = made_search()
    early = [
        one.model_copy(update={"status": "halted"}) for one in summary.trials if one.status == "num_steps"
    ]

    assert "No training was whole" in printed(pareto_page(summary.model_copy(update={"trials": early})), 200)


def test_the_answer_names_the_verdict_and_each_value():
    """And stays within 80 columns."""
    text = printed(matters_page(made_search(120), "learning_rate"))

    assert text.startswith("Does learning_rate matter? Yes.\n")
    assert "best of" in text
    assert max(map(len, text.splitlines())) <= 80
    assert all(line.count("|") in (0, 2) for line in text.splitlines())


def test_an_unknown_name_is_refused():
    """Before anything is printed."""
    with pytest.raises(ConfigError, match="momentun"):
        printed(matters_page(made_search(), "momentun"))


def test_a_bar_has_its_ends_at_the_ends():
    """A scale without width has its mark at the left."""
    assert bar(0.0, 0.0, 1.0, 5) == "|o    |"
    assert bar(1.0, 0.0, 1.0, 5) == "|    o|"
    assert bar(1.0, 1.0, 1.0, 5) == "|o    |"
