"""Loss curves over age."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.record import SCHEMA, Record
from practicum.report.curves import MAX_POINTS, chosen_trials, curves_figure, thin
from practicum.report.words import best_search_trial


@given(st.integers(2, 3000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_a_thinned_curve_keeps_its_ends_and_its_minimum(case: tuple[int, int]):
    """At most 500 points, in order, whatever the length and wherever the minimum."""
    length, lowest = case
    losses = np.full(length, 1.0)
    losses[lowest] = 0.5
    few = thin(pl.DataFrame({"age": np.arange(length), "valid_loss": losses}))

    assert len(few) <= MAX_POINTS
    assert few["age"][0] == 0
    assert few["age"][-1] == length - 1
    assert few["valid_loss"].min() == 0.5
    assert few["age"].is_sorted()


def test_a_short_curve_stays_as_it_is():
    """Nothing is thinned that need not be."""
    curve = pl.DataFrame({"valid_loss": np.ones(MAX_POINTS)})

    assert thin(curve) is curve


@pytest.mark.parametrize("searched", [True, False])
def test_trainings_of_the_chosen_setting_are_drawn_over_examples_seen(make_summary, record, searched):
    """Train and valid of five seeds, then the marks of the weights kept; no other finalist, no trial of the search."""
    figure = curves_figure(make_summary(searched=searched), record)
    assert figure is not None

    assert len(figure.data) == 2 * 5 + 1
    assert figure.data[0]["x"][1] == 250 * 32
    assert figure.layout["xaxis"]["title"]["text"] == "age (examples seen)"
    assert {"4.2-01", "4.2-02"} <= set(figure.guide)
    assert "thinned" not in figure.caption


def test_the_chosen_finalist_need_not_be_the_first(make_summary):
    """It is told by its values; without finals it is the best trial of the search, without trials nothing."""
    whole = make_summary()
    search = whole.search
    last = [one.model_copy(update={"chosen": one is search.finalists[2]}) for one in search.finalists]
    other = make_summary(search=search.model_copy(update={"finalists": last}))
    interrupted = make_summary(trials=whole.search_trials)

    assert [trial.learning_rate for trial in chosen_trials(whole)] == [0.1] * 5
    assert [trial.learning_rate for trial in chosen_trials(other)] == [0.147] * 5
    assert chosen_trials(interrupted) == [best_search_trial(whole)]
    assert chosen_trials(make_summary(trials=[])) == []


def test_the_star_stands_at_the_best_step(make_summary, record):
    """Age is updates times batch size; a step that was not recorded falls back to the lowest loss."""
    figure = curves_figure(make_summary(), record)
    other = curves_figure(make_summary(), record.filter(pl.col("step") != 12_000))
    assert figure is not None
    assert other is not None

    assert figure.data[-1]["name"] == "weights kept"
    assert figure.data[-1]["x"] == [12_000 * 32] * 5
    assert 12_000 * 32 not in other.data[-1]["x"]


def test_the_curves_are_valid_plotly_without_nan(make_summary, record, check_valid):
    """The training loss before the first update is nan and becomes a gap."""
    figure = curves_figure(make_summary(), record)
    assert figure is not None

    check_valid(figure)
    assert figure.data[0]["y"][0] is None


def test_a_long_curve_is_thinned_and_the_caption_says_so(make_summary, record):
    """Number drawn and number recorded both stand there."""
    longest = pl.concat(
        [record.with_columns(age=pl.col("age") + 10_000_000 * n, step=pl.col("step") + 1) for n in range(6)]
    )
    figure = curves_figure(make_summary(), longest.cast(SCHEMA))
    assert figure is not None

    assert max(len(trace["x"]) for trace in figure.data) <= MAX_POINTS
    assert "Curves of more than 500 validations are thinned evenly" in figure.caption
    assert "(the longest has 720)" in figure.caption


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([3.0, 2.0, 1.0], "still falling"),
        ([3.0, 1.0, 2.0], "rose again"),
        ([3.0, 1.0, 1.01], "stayed near it"),
    ],
)
def test_the_title_says_what_the_curve_shows(make_summary, losses, words):
    """Falling, turned, flat."""
    summary = make_summary()
    first = summary.members[0].number
    count = len(losses)
    frame = pl.DataFrame(
        {
            "trial": [first] * count,
            "step": range(count),
            "age": range(count),
            "learning_rate": [0.1] * count,
            "train_loss": losses,
            "valid_loss": losses,
            "valid_error": losses,
            "improved": [True] * count,
        },
        schema=SCHEMA,
    )
    figure = curves_figure(summary, frame)
    assert figure is not None

    assert words in figure.title


def test_a_loss_that_falls_far_gets_a_log_axis(make_summary, record):
    """From 1 to 0.001; the ordinary record stays linear."""
    far = record.with_columns(valid_loss=10.0 ** (-pl.col("age") / 300_000))
    linear, log = curves_figure(make_summary(), record), curves_figure(make_summary(), far)
    assert linear is not None
    assert log is not None

    assert linear.layout["yaxis"]["type"] == "linear"
    assert log.layout["yaxis"]["type"] == "log"


def test_an_empty_record_has_no_figure(make_summary, record):
    """Neither an empty frame nor one of other trials, nor no trials at all."""
    assert curves_figure(make_summary(), Record().frame()) is None
    assert curves_figure(make_summary(), record.with_columns(trial=pl.col("trial") + 100)) is None
    assert curves_figure(make_summary(trials=[]), record) is None
