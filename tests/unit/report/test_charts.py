"""The figures as plotly dictionaries."""

import math

import pytest

from practicum.core.summary import Score, TestScore
from practicum.report.charts import errors_figure, members_figure, safe
from practicum.report.rates import rates_figure


@pytest.mark.parametrize("build", [errors_figure, rates_figure, members_figure])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_every_figure_is_valid_and_tells_what_to_see(make_summary, build, task, check_valid):
    """Title, caption, guide keys, axis titles with units."""
    figure = build(make_summary(task=task))

    check_valid(figure)
    assert figure.title.endswith(".")
    assert figure.caption
    assert figure.guide
    assert "title" in figure.layout["xaxis"]


def test_errors_are_shown_with_their_interval_in_per_cent(make_summary):
    """The network comes last, so it is drawn on top, as a diamond."""
    figure = errors_figure(make_summary())
    assert figure is not None
    network = figure.data[-1]

    assert network["x"] == [pytest.approx(14.38)]
    assert network["error_x"]["array"] == [pytest.approx(15.25 - 14.38)]
    assert network["error_x"]["arrayminus"] == [pytest.approx(14.38 - 13.55)]
    assert network["marker"]["symbol"] == "diamond"
    assert [trace["name"] for trace in figure.data] == ["constant baseline", "linear baseline", "network"]
    assert figure.title == "The network's error is 9% lower than the linear baseline's."


def test_the_title_is_honest_when_the_baseline_wins(make_summary):
    """Higher is called higher, equal about equal."""
    test = make_summary().test

    def titled(error: float) -> str:
        figure = errors_figure(
            make_summary(test=test.model_copy(update={"error": error, "committee": error}))
        )
        assert figure is not None
        return figure.title

    assert titled(0.1733) == "The network's error is 10% higher than the linear baseline's."
    assert titled(0.1575) == "The network's error is about that of the linear baseline."


def test_without_a_test_set_the_network_is_marked_optimistic(make_summary):
    """Baselines too are then those of the validation rows."""
    figure = errors_figure(make_summary(test=None))
    assert figure is not None

    assert figure.data[-1]["name"] == "network (optimistic)"
    assert figure.data[1]["x"] == [pytest.approx(15.2)]


def test_an_unbounded_interval_is_drawn_without_that_end(make_summary, check_valid):
    """nan, as read from JSON, makes a bar of length zero on that side."""
    score = Score(error=0.2, interval=(0.1, math.nan), num_rows=2)
    figure = errors_figure(make_summary(test=None, valid=score, baselines=[]))
    assert figure is not None

    check_valid(figure)
    assert figure.data[0]["error_x"]["array"] == [0.0]


def test_nothing_to_show_is_no_figure(make_summary):
    """No scores, no committee."""
    empty = make_summary(test=None, valid=None, baselines=[], trials=[])

    assert errors_figure(empty) is None
    assert members_figure(empty) is None


def test_members_are_named_by_seed_and_the_committee_is_a_diamond(make_summary):
    """Where a recipe was given; of a search they differ in more than the seed, so they are numbered."""
    figure = members_figure(make_summary(searched=False))
    numbered = members_figure(make_summary())
    assert figure is not None
    assert numbered is not None

    assert figure.data[0]["y"] == [f"seed {n}" for n in range(5)]
    assert numbered.data[0]["y"] == [f"member {n}" for n in range(1, 6)]
    assert figure.data[1]["marker"]["symbol"] == "diamond"
    assert "lowers the test error by 0.2 points" in figure.title


def test_a_committee_worse_than_its_members_is_told(make_summary):
    """Raises is called raises."""
    test = TestScore(
        error=0.2, interval=(0.1, 0.3), num_rows=10, members=[0.1, 0.2], committee=0.2, member_mean=0.15
    )
    figure = members_figure(make_summary(test=test))
    assert figure is not None

    assert "raises the test error by 5.0 points" in figure.title


def test_one_member_is_no_committee(make_summary):
    """Nothing to compare."""
    test = make_summary().test.model_copy(update={"members": [0.14]})

    assert members_figure(make_summary(test=test)) is None


def test_user_text_is_escaped_for_plotly():
    """Plotly reads tags in labels; it gets none."""
    assert safe("<b onload='x'>\"") == "&lt;b onload=&#x27;x&#x27;&gt;&quot;"


def test_figures_show_the_measure_that_was_chosen(make_summary, check_valid):
    """AUC in its usual form: the axis, the marks and both ends of the interval; raising it is good."""
    summary = make_summary(metric="auc")
    figure, members = errors_figure(summary), members_figure(summary)
    assert figure is not None
    assert members is not None
    network = figure.data[-1]

    assert figure.layout["xaxis"]["title"]["text"] == "Test AUC"
    assert figure.title == "The network's AUC is 0.856, the linear baseline's 0.843."
    assert network["x"] == [pytest.approx(1 - 0.1438)]
    assert network["error_x"]["array"] == [pytest.approx(0.1438 - 0.1355)]
    assert network["error_x"]["arrayminus"] == [pytest.approx(0.1525 - 0.1438)]
    assert members.title.startswith("Averaging 5 networks raises the test AUC by 0.002")
    check_valid(figure)
    check_valid(members)
