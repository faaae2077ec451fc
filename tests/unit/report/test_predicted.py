"""Predictions against truth."""

import json

import numpy as np
import pytest

from practicum.report.predicted import MAX_ROWS, Predictions, predicted_figure


def test_the_matrix_counts_rows_and_names_the_most_frequent_mistake(check_valid):
    """Rows are true classes; shares add up to 100 in each."""
    predictions = Predictions(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 1, 0]))
    figure = predicted_figure("multiclass", "kind", ["a", "b", "c"], predictions)
    assert figure is not None

    check_valid(figure)
    assert figure.data[0]["text"] == [["1", "2", "0"], ["0", "2", "0"], ["1", "0", "0"]]
    assert np.sum(figure.data[0]["z"], axis=1) == pytest.approx([100, 100, 100], abs=0.1)
    assert figure.title == "The most frequent mistake: a taken for b (2 rows)."


def test_a_class_without_rows_is_an_empty_row():
    """No division by zero."""
    figure = predicted_figure("binary", "y", ["no", "yes"], Predictions(np.array([1, 1]), np.array([1, 1])))
    assert figure is not None

    assert figure.data[0]["z"] == [[0.0, 0.0], [0.0, 100.0]]
    assert figure.title == "Not one test row is misclassified."


def test_names_of_classes_are_escaped_for_plotly():
    """In ticks and axis titles."""
    figure = predicted_figure("binary", "<i>", ["<b>", "x"], Predictions(np.array([0]), np.array([1])))
    assert figure is not None

    assert "<b>" not in json.dumps([figure.data, figure.layout])
    assert figure.data[0]["x"][0] == "&lt;b&gt;"


def test_too_many_classes_have_no_matrix():
    """Nor have no rows."""
    names = [str(n) for n in range(31)]

    assert predicted_figure("multiclass", "y", names, Predictions(np.array([0]), np.array([1]))) is None
    assert predicted_figure("binary", "y", ["a", "b"], Predictions(np.array([]), np.array([]))) is None


def test_values_are_a_cloud_around_the_line(check_valid):
    """Rows that are not finite are left out."""
    predictions = Predictions(np.array([1.0, 2.0, np.nan]), np.array([1.5, np.inf, 1.0]))
    figure = predicted_figure("regression", "y", None, predictions)
    assert figure is not None

    check_valid(figure)
    assert (figure.data[0]["x"], figure.data[0]["y"]) == ([1.0], [1.5])
    assert figure.data[1]["x"] == [1.0, 1.5]
    assert predicted_figure("regression", "y", None, Predictions(np.array([np.nan]), np.array([1.0]))) is None


def test_very_many_values_are_sampled_the_same_way_each_time_and_said():
    """2,000 of 5,000 rows."""
    values = np.arange(5000.0)
    first, second = (predicted_figure("regression", "y", None, Predictions(values, values)) for _ in range(2))
    assert first is not None
    assert second is not None

    assert first.data == second.data
    assert len(first.data[0]["x"]) == MAX_ROWS
    assert "2,000 of 5,000 rows are drawn" in first.caption
