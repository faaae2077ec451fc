"""The search on the terminal."""

from io import StringIO

import pytest
from rich.console import Console, Group

from practicum.core.summary import Search
from practicum.report.search_text import (
    NUM_SHOWN,
    best_settings,
    counts_text,
    finals_section,
    search_section,
    settings_table,
    values_text,
)


def printed(parts, width=80):
    """Return what the terminal shows of ``parts``."""
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(Group(*parts))
    return out.getvalue()


def test_the_section_says_counts_meaning_settings_and_finals(make_summary):
    """In this order; every sentence, the best five settings, all finalists."""
    text = printed(search_section(make_summary()))
    order = [
        "18 settings (zoom): 9 halted since others were better, 1 diverged.",
        "- 1 of 18 trials diverged (6 %).",
        "- Another 50 trials should lower the error",
        "core time",
        "Finals: the best 3, each trained 5 times.",
        "95% interval over seeds",
        "cannot be told apart",
    ]
    places = [text.index(part) for part in order]

    assert places == sorted(places)
    assert text.count("learning_rate") == NUM_SHOWN + 3
    assert text.count("chosen") == 2  # the row, and the sentence that begins with it


def test_a_recipe_that_was_given_has_no_section(make_summary):
    """Nothing was searched."""
    assert list(search_section(make_summary(searched=False))) == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "4 settings (random): 0 halted since others were better, 0 diverged."),
        (
            {"num_folds": 5},
            "4 settings (random, each in 5 folds): 0 halted since others were better, 0 diverged.",
        ),
        ({"end": "Ctrl-C"}, "0 diverged. It ended because Ctrl-C."),
        (
            {"stopped": {"0": "O2 rate too low: a", "1": "E1 overfits: b", "3": "O2 rate too low: c"}},
            "0 halted since others were better, 3 stopped by diagnosis (2 O2 rate too low; 1 E1 overfits), 0 diverged.",
        ),
    ],
)
def test_counts_are_said_in_a_line(changes, text):
    """Folds and the end only where there are some."""
    assert counts_text(Search(strategy="random", num_settings=4, **changes)).endswith(text)


def test_settings_that_were_not_given_up_come_first(make_summary):
    """The best of them at the top, the halted after them, the diverged nowhere."""
    found = best_settings(make_summary())
    halted = [trial.status == "halted" for trial in found]

    assert halted == sorted(halted)
    assert not any(trial.diverged for trial in found)
    for some in (found[: halted.index(True)], found[halted.index(True) :]):
        assert [one.valid_error for one in some] == sorted(one.valid_error for one in some)


def test_a_setting_in_folds_is_listed_once(make_summary):
    """With its mean error and all that it cost; one fold that diverged, or was never begun, leaves it out."""
    one = make_summary().trials[0].model_copy(update={"status": "patience", "seconds": 1.0})
    errors = [0.1, 0.3, 0.15, 0.15, 0.0, None, 0.05]
    trials = [
        one.model_copy(update={"number": n, "fold": n % 2, "valid_error": error})
        for n, error in enumerate(errors)
    ]
    search = make_summary().search.model_copy(update={"num_folds": 2})
    found = best_settings(make_summary(trials=trials, search=search))

    assert [(trial.number, trial.seconds) for trial in found] == [(2, 2.0), (0, 2.0)]
    assert [trial.valid_error for trial in found] == pytest.approx([0.15, 0.2])


def test_a_table_of_settings_shows_what_each_cost_and_what_it_was(make_summary):
    """A trial without an error has a dash; names of the user are no markup."""
    first = make_summary().trials[0]
    odd = first.model_copy(
        update={"valid_error": None, "values": {"model.[red]x[/red]": "[bold]"}, "seconds": 61.0}
    )
    text = printed([settings_table(make_summary(), [first, odd])], 100)

    assert "learning_rate 1e-06, l2_penalty 0, activation relu" in text
    assert "–" in text.splitlines()[2]
    assert "61 s  model.[red]x[/red] [bold]" in text


def test_values_are_said_as_people_read_them():
    """Three digits, lists without brackets, yes and no."""
    values = {"learning_rate": 0.0123456, "hidden_sizes": [64, 32], "bagging": True, "pca_variance": None}

    assert values_text(values) == "learning_rate 0.0123, hidden_sizes 64, 32, bagging yes, pca_variance none"


def test_finalists_have_intervals_over_seeds(make_summary):
    """In the measure that was chosen; without finals nothing is said."""
    summary = make_summary(metric="auc")
    text = printed(finals_section(summary, summary.search))

    assert "mean valid AUC" in text
    assert list(finals_section(summary, summary.search.model_copy(update={"finalists": []}))) == []


@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(make_summary, width):
    """Also with values that are long, and names without a place to break."""
    long = {"x" * 70: "y" * 90, "hidden_sizes": [2048] * 40}
    search = make_summary().search
    finalists = [one.model_copy(update={"values": long}) for one in search.finalists]
    trials = [trial.model_copy(update={"values": long}) for trial in make_summary().trials]
    sentences = ["word " * 60, "z" * 200]
    search = search.model_copy(update={"finalists": finalists, "sentences": sentences})
    text = printed(search_section(make_summary(search=search, trials=trials)), width)

    assert max(map(len, text.splitlines())) <= width
