"""The curve of error over learning rate in letters."""

from rich.console import Console

from practicum.core.summary import Summary, Trial
from practicum.report.textchart import rate_chart


def _lines(summary: Summary, width: int = 78) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(rate_chart(summary, width))
    return capture.get().splitlines()


def test_every_rate_of_the_search_has_a_line_and_a_mark(make_summary):
    """One best, one diverged, each other with its phase's letter."""
    lines = _lines(make_summary())
    rows = lines[1:19]

    assert sum("diverged" in line and line.rstrip().endswith("x|") for line in rows) == 1
    assert sum("*" in line and "best" in line for line in rows) == 1
    assert all(len(line.split("|")[1].strip()) == 1 for line in rows)
    assert "o wide, z zoom, * best, x diverged" in lines[19]


def test_a_larger_error_stands_further_right(make_summary):
    """The lowest error is at the left end, the largest at the right."""
    trials = [
        Trial(number=n, phase="wide", learning_rate=r, seed=0, num_steps=1, status="budget", valid_error=e)
        for n, (r, e) in enumerate([(0.001, 0.4), (0.01, 0.3), (0.1, 0.2)])
    ]
    rate = make_summary().learning_rate
    lines = _lines(make_summary(trials=trials, learning_rate=rate))[1:4]
    places = [max(line.find("o"), line.find("*")) for line in lines]

    assert places == sorted(places, reverse=True)
    assert len(set(places)) == 3


def test_a_best_that_is_not_the_lowest_is_explained(make_summary):
    """A reader who sees a lower error than the star's learns why it was passed over; else nothing is said."""
    rate = make_summary().learning_rate
    chosen = make_summary().search.finalists[0].number
    trial = Trial(number=chosen, phase="wide", learning_rate=rate.best, seed=0, num_steps=1, status="budget")
    other = {"number": chosen + 1, "learning_rate": rate.best * 10, "valid_error": 0.2}

    for error, told in ((0.19, False), (0.21, True)):
        trials = [trial.model_copy(update={"valid_error": error}), trial.model_copy(update=other)]
        text = " ".join("\n".join(_lines(make_summary(trials=trials, learning_rate=rate))).split())
        assert ("A lower error was not chosen: within chance" in text) is told


def test_equal_errors_and_missing_ones_are_no_trouble(make_summary):
    """No division by zero; a dash and an empty scale."""
    trials = [
        Trial(
            number=n, phase="wide", learning_rate=0.1, seed=0, num_steps=1, status="budget", valid_error=error
        )
        for n, error in enumerate([0.2, 0.2, None])
    ]

    assert "–" in "\n".join(_lines(make_summary(trials=trials)))


def test_no_line_is_wider_than_asked(make_summary):
    """Also on a narrow terminal."""
    assert max(map(len, _lines(make_summary(), 60))) <= 60
