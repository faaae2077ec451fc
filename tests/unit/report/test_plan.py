"""Facts about the plan: what a fit would do, a line a step."""

import pytest
from tests.made_outcomes import RATES, SMALL, TASKS, prepared, table

from practicum.data.pipeline import load, prepare
from practicum.engine.tasks import network_of
from practicum.recipe.space import Space
from practicum.report.plan import plan_text
from practicum.request import Request


def lines(data, recipe=SMALL, space=None, **asked):
    """Return the lines of the plan by their first word; notes are a list."""
    request = Request(data=None, target=data.schema.target, recipe=recipe if space is None else None, **asked)
    text = plan_text(data, recipe, network_of(data, recipe), request, space or Space((), recipe))
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
    """How many settings, what is varied and by which strategy, or the rate that was given; never both."""
    data = prepared("binary")
    by_time, counted = (lines(data, space=RATES, num_folds=1, num_trials=count) for count in (None, 7))
    given = lines(data)

    assert by_time["Search"] == (
        "as many settings as the time allows, proposed by zoom; varied: learning_rate"
    )
    assert counted["Search"].startswith("7 settings, proposed by zoom")
    assert given["Recipe"] == "learning rate 0.1, as given"
    assert "Recipe" not in by_time
    assert "Network" not in by_time
    assert "Search" not in given


def test_everything_that_is_varied_is_named():
    """With the strategy that was chosen."""
    space = Space.preset("small")
    found = lines(prepared("binary"), space=space, sampler="tpe")["Search"]

    assert found.endswith(f"proposed by tpe; varied: {', '.join(space.names)}")


@pytest.mark.parametrize(
    ("asked", "search", "then"),
    [
        pytest.param({"num_folds": 1}, "allows, proposed", "5 seeds of the best 3", id="held out"),
        pytest.param(
            {"num_folds": 3}, "allows, each in 3 folds, proposed", "4 seeds of the best 3", id="asked for"
        ),
        pytest.param({}, "allows, each in 5 folds, proposed", "2 seeds of the best 3", id="few rows"),
    ],
)
def test_it_names_the_folds_and_the_seeds_that_are_left(asked, search, then):
    """Each seed is trained in all folds, so fewer seeds say as much."""
    found = lines(prepared("binary"), space=RATES, **asked)

    assert search in found["Search"]
    assert found["Then"].startswith(then)


@pytest.mark.parametrize(
    ("budget", "expected"), [(90.0, "90 s for everything"), (None, "as long as it takes")]
)
def test_it_names_seeds_and_budget(budget, expected):
    """How many members, how long."""
    found = lines(prepared("binary"), num_seeds=4, budget_seconds=budget)

    assert found["Then"].startswith("4 seeds of it, whose committee predicts")
    assert found["Budget"] == expected


def test_it_ends_with_the_notes():
    """Everything that was said of the data, in order."""
    data = prepare(load(table("binary").with_columns(fixed=0), "binary"), recipe=SMALL)

    assert data.notes
    assert lines(data)["Note"] == list(data.notes)


def test_outer_folds_have_a_line():
    """How often all of it is done."""
    assert "without each of 5 outer folds" in lines(prepared("binary"), num_outer=5)["Nested"]
    assert "Nested" not in lines(prepared("binary"))
