"""Error over learning rate."""

from practicum.report.rates import rates_figure


def test_nothing_searched_is_no_figure(make_summary):
    """A recipe that fixed the rate, or no trials."""
    assert rates_figure(make_summary(learning_rate=None)) is None
    assert rates_figure(make_summary(trials=[])) is None


def test_diverged_and_best_are_marked_on_a_log_axis(make_summary):
    """A cross for the diverged, a star for the best, a dashed line at the largest stable rate."""
    figure = rates_figure(make_summary())
    assert figure is not None
    traces = {trace["name"]: trace for trace in figure.data}

    assert figure.layout["xaxis"]["type"] == "log"
    assert traces["diverged"]["x"] == [1.0]
    assert traces["diverged"]["marker"]["symbol"] == "x"
    assert traces["best"]["x"] == [0.1]
    assert traces["best"]["marker"]["symbol"] == "star"
    assert figure.layout["shapes"][0]["x0"] == 0.316
    assert figure.title == "The chosen learning rate is 0.1, 0.32 times the largest that did not diverge."


def test_the_largest_stable_rate_itself_is_not_called_once_itself(make_summary):
    """A ratio of 1 is said in words."""
    rate = make_summary().learning_rate.model_copy(update={"largest_stable": 0.1, "ratio": 1.0})
    figure = rates_figure(make_summary(learning_rate=rate))
    assert figure is not None

    assert figure.title == "The chosen learning rate is 0.1, the largest that did not diverge."


def test_all_diverged_is_said_in_the_title(make_summary, check_valid):
    """No star; every trial a cross."""
    trials = [
        trial.model_copy(update={"status": "diverged", "valid_error": None})
        for trial in make_summary().trials
    ]
    rate = make_summary().learning_rate.model_copy(update={"largest_stable": None, "ratio": None})
    figure = rates_figure(make_summary(trials=trials, learning_rate=rate))
    assert figure is not None

    check_valid(figure)
    assert figure.title == "Every learning rate diverged."
    assert [trace["name"] for trace in figure.data] == ["diverged"]
    assert len(figure.data[0]["x"]) == 18


def test_nothing_diverged_has_no_line(make_summary):
    """The largest stable rate is not known then."""
    rate = make_summary().learning_rate.model_copy(update={"smallest_diverged": None})
    figure = rates_figure(make_summary(learning_rate=rate))
    assert figure is not None

    assert figure.layout["shapes"] == []
    assert figure.title == "The chosen learning rate is 0.1."


def test_a_diverged_trial_stands_where_the_worst_one_does(make_summary, check_valid):
    """At the top of an axis of errors, at the bottom of one of AUC."""
    for metric, worst in (("error", max), ("auc", min)):
        figure = rates_figure(make_summary(metric=metric))
        assert figure is not None
        shown = [y for trace in figure.data if trace["name"] in ("wide", "zoom") for y in trace["y"]]
        diverged = next(trace for trace in figure.data if trace["name"] == "diverged")

        assert set(diverged["y"]) == {worst(shown)}
        check_valid(figure)
