"""Facts about the plan: what a fit would do, a line a step."""

import pytest
from tests.made_outcomes import SMALL, TASKS, prepared, table

from practicum.data.pipeline import load, prepare
from practicum.engine.trainer import network_of
from practicum.report.plan import plan_text


def lines(data, recipe=SMALL, num_seeds=3, budget=60.0, rates=(1e-6, 0.01, 1.0)):
    """Return the lines of the plan by their first word; notes are a list."""
    text = plan_text(data, recipe, network_of(data, recipe), num_seeds, budget, rates)
    pairs = [line.split(maxsplit=1) for line in text.splitlines()]
    return {**dict(pairs), "Note": [rest for word, rest in pairs if word == "Note"]}


@pytest.mark.parametrize("task", TASKS)
def test_it_names_the_data_and_what_is_predicted(task):
    """Source, target, task, and the classes where there are some."""
    found = lines(prepared(task))["Data"]
    classes = {"binary": " (2 classes: no, yes)", "multiclass": " (3 classes: high, low, mid)"}.get(task, "")

    assert found == f"polars DataFrame: predict {task}, {task}{classes}"


def test_it_names_the_inputs_and_what_is_set_aside():
    """Counted by kind, the most frequent first; a constant is not among them."""
    frame = table("binary").with_columns(fixed=0)
    found = lines(prepare(load(frame, "binary"), recipe=SMALL))["Inputs"]

    assert found == "2 numeric, 1 categorical; set aside: fixed"
    assert lines(prepared("binary"))["Inputs"] == "2 numeric, 1 categorical"


def test_it_names_the_split():
    """Rows of each part and how they are drawn; of a test file, its rows."""
    test = table("binary", 40, seed=1)

    assert lines(prepared("binary"))["Split"] == "90 train, 30 valid, 30 test (stratified)"
    assert lines(prepared("binary", test=test))["Split"].startswith("120 train, 30 valid, 40 test")


@pytest.mark.parametrize(("hidden_sizes", "sizes"), [((64, 32), "5 → 64 → 32 → 3"), ((), "5 → 3")])
def test_it_names_the_sizes_of_the_network(hidden_sizes, sizes):
    """From prepared inputs (two numbers, three levels) to outputs, hidden layers between."""
    recipe = SMALL.changed(hidden_sizes=hidden_sizes, activation="tanh", batch_size=16)

    assert lines(prepared("multiclass"), recipe)["Network"] == f"{sizes}, tanh, minibatches of 16"


def test_it_names_the_search_or_the_recipe():
    """The rates that are tried first, or the one that was given; never both."""
    data = prepared("binary")
    searched, given = lines(data), lines(data, rates=None)

    assert searched["Search"].startswith("3 learning rates from 1e-06 to 1 as one pack")
    assert given["Recipe"] == "learning rate 0.1, as given"
    assert "Recipe" not in searched
    assert "Search" not in given


@pytest.mark.parametrize(
    ("budget", "expected"), [(90.0, "90 s for everything"), (None, "as long as the recipe takes")]
)
def test_it_names_seeds_and_budget(budget, expected):
    """How many members, how long."""
    found = lines(prepared("binary"), num_seeds=4, budget=budget)

    assert found["Then"].startswith("4 seeds")
    assert found["Budget"] == expected


def test_it_ends_with_the_notes():
    """Everything that was said of the data, in order."""
    data = prepare(load(table("binary").with_columns(fixed=0), "binary"), recipe=SMALL)

    assert data.notes
    assert lines(data)["Note"] == list(data.notes)
