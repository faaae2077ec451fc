"""The summary on the terminal."""

import re
from io import StringIO

import pytest
from rich.console import Console

from practicum.core.summary import Column, Summary
from practicum.report.terminal import MOST_DRAWN, print_summary


def _printed(summary: Summary, width: int = 80) -> str:
    out = StringIO()
    print_summary(summary, Console(file=out, width=width, color_system=None))
    return out.getvalue()


def _diverged(make_summary):
    trials = [
        trial.model_copy(update={"status": "diverged", "valid_error": None})
        for trial in make_summary().trials
    ]
    rate = make_summary().learning_rate.model_copy(update={"largest_stable": None, "ratio": None})
    return make_summary(trials=trials, learning_rate=rate, train=None, valid=None, test=None, fitting=None)


CASES = {
    "whole": lambda make: make(),
    "one trial": lambda make: make(trials=make().trials[:1]),
    "all diverged": _diverged,
    "interrupted": lambda make: make(interrupted=True),
    "no test set": lambda make: make(test=None),
    "a recipe": lambda make: make(searched=False),
    "regression": lambda make: make(task="regression", classes=None),
    "long names": lambda make: make(
        target="a" * 100,
        run="/x/" * 60,
        columns=[Column(name="n" * 200, kind="numeric", role="ignored")] * 40,
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_longer_than_the_terminal(make_summary, case: str, width: int):
    """Every kind of run fits, also with very long names."""
    text = _printed(CASES[case](make_summary), width)

    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("case", CASES)
def test_no_number_is_printed_as_nan_or_none(make_summary, case: str):
    """What is missing is a dash."""
    assert not re.search(r"\b(nan|inf|None)\b", _printed(CASES[case](make_summary)))


def test_everything_the_issue_asks_for_is_said(make_summary):
    """Columns, split, baselines, search, finals, rates, recipe, errors, committee, fit, where it is saved."""
    text = " ".join(_printed(make_summary()).split())

    for part in (
        "6 numeric, 4 categorical; 4,262 missing values",
        "row_id (a different value in every row)",
        "train 20,839, valid 5,210, test 6,512 (stratified, seed 0)",
        "constant 24.1% (23.0% to 25.1%)",
        "linear 15.8% (14.9% to 16.6%)",
        "18 settings (zoom): 9 halted since others were better, 1 diverged.",
        "Another 50 trials should lower the error",
        "Finals: the best 3, each trained 5 times.",
        "cannot be told apart over 5 seeds",
        "The largest rate that did not diverge is 0.316",
        "learning_rate 0.1",
        "train 12.9% 12.4% to 13.3% 20,839",
        "valid (chosen on it: optimistic) 14.2%",
        "test 14.4% 13.6% to 15.2% 6,512",
        "The committee of 5 reaches 14.4%",
        "Neither under- nor overfitting stands out [4.1-08].",
        "runs/adult",
        "59 s of 60 s",
    ):
        assert part in text


def test_names_are_never_read_as_markup(make_summary):
    """Square brackets of the user are printed as they are."""
    search = make_summary().search.model_copy(update={"sentences": ["[blue]word[/blue]"]})
    text = _printed(make_summary(target="[bold]x[/bold]", notes=["[red]note[/red]"], search=search))

    assert "[bold]x[/bold]" in text
    assert "[red]note[/red]" in text
    assert "[blue]word[/blue]" in text


@pytest.mark.parametrize(("count", "drawn"), [(MOST_DRAWN, True), (MOST_DRAWN + 1, False)])
def test_rates_of_many_trials_are_left_to_the_report(make_summary, count, drawn):
    """A line a trial is drawn only where it fits a screen."""
    trials = [make_summary().trials[0].model_copy(update={"number": n}) for n in range(count)]

    assert ("o wide" in _printed(make_summary(trials=trials))) is drawn


def test_missing_scores_are_dashes(make_summary):
    """No test set: one line of dashes, and the headline speaks of validation rows."""
    text = _printed(make_summary(test=None))

    assert any(line.split() == ["test", "–", "–", "–"] for line in text.splitlines())
    assert "of the validation rows" in text


def test_an_interrupted_run_says_so(make_summary):
    """The best until then."""
    assert "Interrupted" in _printed(make_summary(interrupted=True))
    assert "Interrupted" not in _printed(make_summary())


def test_tables_show_the_measure_that_was_chosen(make_summary):
    """The headings, the numbers and the line that says what they are."""
    said = _printed(make_summary(metric="auc"), 100)

    assert re.search(r"AUC +95% interval", said)
    assert re.search(r"test +0\.856 +0\.848 to 0\.865", said)
    assert "AUC: area under the ROC curve" in said
    assert "valid AUC" in said
