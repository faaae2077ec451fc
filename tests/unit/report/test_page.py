"""The report page: safe, self-contained, and whole for every kind of run."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from practicum.core.record import Record
from practicum.core.summary import Column, FinalistScore, Nested, OuterFold, Search, Summary
from practicum.report.charts import Figure
from practicum.report.page import embedded, render, write_report
from practicum.report.predicted import Predictions

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&--\u2028"


class Page(HTMLParser):
    """Tags, attributes, visible text and scripts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def _diverged(make: Callable[..., Summary]) -> Summary:
    trials = [trial.model_copy(update={"status": "diverged", "valid_error": None}) for trial in make().trials]
    rate = make().learning_rate.model_copy(update={"largest_stable": None, "ratio": None})
    return make(trials=trials, learning_rate=rate, train=None, valid=None, test=None, fitting=None)


CASES: dict[str, Callable[[Callable[..., Summary]], Summary]] = {
    "whole": lambda make: make(),
    "one trial": lambda make: make(trials=make().trials[:1]),
    "all diverged": _diverged,
    "interrupted": lambda make: make(interrupted=True),
    "no test set": lambda make: make(test=None),
    "a recipe": lambda make: make(searched=False),
    "regression": lambda make: make(task="regression", classes=None),
    "no budget": lambda make: make(budget_seconds=None),
    "nothing": lambda make: make(
        trials=[],
        columns=[],
        notes=[],
        baselines=[],
        recipe={},
        files={},
        phase_seconds={},
        test=None,
        valid=None,
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("recorded", [True, False])
def test_every_kind_of_run_has_a_page(make_summary, record, case: str, recorded: bool):
    """One trial, all diverged, interrupted, no test set, no record: rendered, without nan or None."""
    page = Page(render(CASES[case](make_summary), record if recorded else Record().frame()))

    assert page.count("h1") == 1
    assert not re.search(r"\b(nan|inf|None|undefined)\b", page.text)
    json.loads(page.scripts[0], parse_constant=pytest.fail)


def test_the_page_fetches_nothing(make_summary, record):
    """No address in any src, href, action or the like; three scripts, all inline; no link."""
    page = Page(render(make_summary(), record))
    addresses = [
        value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")
    ]

    assert addresses == []
    assert page.count("script") == 3
    assert page.count("link") == 0
    assert not re.search(
        r"url\(|@import", (Path(render.__code__.co_filename).parent / "style.css").read_text()
    )


def test_the_policy_allows_the_pages_own_scripts_and_nothing_else(make_summary, record):
    """The digests in the policy are those of the scripts as they stand in the page."""
    page = Page(render(make_summary(), record))
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in page.scripts[1:]]

    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digests[0]}' 'sha256-{digests[1]}'; "
        "style-src 'unsafe-inline'; img-src data: blob:"
    )


def test_nothing_of_the_user_becomes_a_tag(make_summary, record):
    """Script tags, quotes and the like in every text of the summary are shown, not run."""
    clean = Page(render(make_summary(), record, Predictions(np.array([0, 1]), np.array([1, 1]))))
    evil = make_summary(
        target=EVIL,
        classes=[EVIL, EVIL + "2"],
        source=EVIL,
        test_source=EVIL,
        run=EVIL,
        command=EVIL,
        notes=[EVIL] * 2,
        columns=[Column(name=EVIL, kind=EVIL, role=EVIL, note=EVIL)] * 12,
        recipe={EVIL: EVIL} | {str(n): n for n in range(10)},
        files={EVIL: EVIL, "a": "b", "c": "d"},
        learning_rate=make_summary().learning_rate.model_copy(update={"text": EVIL}),
        trials=[trial.model_copy(update={"values": {EVIL: EVIL}}) for trial in make_summary().trials],
        search=Search(
            strategy=EVIL,
            num_settings=18,
            end=EVIL,
            sentences=[EVIL],
            comparison=EVIL,
            finalists=[
                FinalistScore(number=0, values={EVIL: [EVIL]}, errors=[0.1], mean=0.1, interval=(0.1, 0.1))
            ]
            * 3,
        ),
    )
    page = Page(render(evil, record, Predictions(np.array([0, 1]), np.array([1, 1]))))

    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in clean.tags} | {"div"}
    assert page.count("script") == 3
    assert page.count("img") == 0
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert EVIL in page.text
    assert "<script" not in page.scripts[0]


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "\u2028", "&lt;", "é", '"'])
def test_embedded_json_says_the_same_and_holds_no_special_character(text: str):
    """What is read back is what was put in."""
    found = embedded([Figure("a", text, "", (), [{"x": [text]}])])

    assert json.loads(found)[0]["title"] == text
    assert not set("<>&\u2028") & set(found)


def test_figures_in_the_page_have_their_place(make_summary, record):
    """Each figure of the data has one element of its name, with a label for readers who cannot see."""
    page = Page(render(make_summary(), record, Predictions(np.array([0, 1]), np.array([1, 1]))))
    places = {
        attributes["id"]: attributes for tag, attributes in page.tags if tag == "div" and "id" in attributes
    }

    assert [figure["name"] for figure in json.loads(page.scripts[0])] == [
        "errors",
        "rates",
        "curves",
        "members",
        "predicted",
    ]
    assert set(places) == {"errors", "rates", "curves", "members", "predicted"}
    assert all(attributes["aria-label"] for attributes in places.values())


def test_the_verdict_comes_first_and_every_section_is_there(make_summary, record):
    """Headline, then baselines, search, rates, curves, committee, data, recipe."""
    text = Page(render(make_summary(), record)).text
    order = [
        "The network misclassifies 14.4%",
        "Neither under- nor overfitting",
        "Against the baselines",
        "18 settings (zoom): 9 halted",
        "Another 50 trials",
        "Finals: the best few settings, each trained 5 times",
        "learning_rate 0.1, l2_penalty 0, activation relu",
        "cannot be told apart over 5 seeds",
        "Learning rate",
        "All 33 trials",
        "Validation loss",
        "Committee",
        "native_country",
        "patience_steps",
        "The same again",
    ]
    places = [text.index(part) for part in order]

    assert places == sorted(places)
    assert "[4.2-02]" in text


def test_outer_folds_are_called_what_they_are(make_summary, record):
    """Wherever the test error is told; and each fold has its row, its values escaped."""
    values = {"activation": "<b>relu</b>"}
    folds = [
        OuterFold(num_rows=50, error=e, valid_error=0.1, num_settings=7, values=values) for e in (0.2, 0.3)
    ]
    nested = Nested(num_folds=2, folds=folds, mean=0.25, error=0.25, interval=(0.2, 0.3), num_rows=100)
    page = render(make_summary(nested=nested, test_source=None), record)
    text = Page(page).text

    assert "Nested cross-validation" in text
    assert "error of each outer fold: 20.0%, 30.0%; mean 25.0%." in text
    for called in ("{}, network", "{}, linear baseline", "further measures, {}", "{} error"):
        assert called.format("test (2 outer folds in turn)") in text
    assert "Error on the test rows (2 outer folds in turn)" in text
    assert "activation <b>relu</b>" in text
    assert "<b>relu</b>" not in page
    assert "outer fold" not in Page(render(make_summary(), record)).text


def test_a_given_recipe_has_no_search_section(make_summary, record):
    """Nothing was searched, and that is said."""
    text = Page(render(make_summary(searched=False), record)).text

    assert "Finals" not in text
    assert "Fixed by the recipe; nothing was searched." in text


def test_what_a_diagnosis_stopped_is_called_by_its_fault(make_summary, record):
    """In the table of all trials; the evidence stays in the run's file."""
    changes = {"status": "halted", "stop": "O2 rate too low: 0.0003, of the best 0.002"}
    trials = [trial.model_copy(update=changes) for trial in make_summary().trials]
    text = Page(render(make_summary(trials=trials), record)).text

    assert "O2 rate too low" in text
    assert "of the best 0.002" not in text


@pytest.mark.parametrize("status", ["failed", "halted", "stopped"])
def test_every_way_to_end_has_its_words(make_summary, record, status):
    """Also of a trial that could not be trained."""
    trials = [trial.model_copy(update={"status": status}) for trial in make_summary().trials]

    assert status in Page(render(make_summary(trials=trials), record)).text


def test_colours_of_the_figures_are_properties_that_the_style_defines_twice(make_summary, record):
    """Light and dark both know every colour that a figure names."""
    page = render(make_summary(), record, Predictions(np.array([0, 1]), np.array([1, 1])))
    named = set(re.findall(r'"(--[a-z]+)"', Page(page).scripts[0] + Page(page).scripts[2]))
    style = page[page.index("<style>") : page.index("</style>")]

    assert named
    assert all(style.count(f"{name}:") == 2 for name in named)


def test_a_report_is_written_and_replaced(make_summary, record, tmp_path: Path):
    """UTF-8, one file, the same bytes for the same run."""
    path = tmp_path / "report.html"
    path.write_text("old")
    write_report(make_summary(), record, path)
    first = path.read_bytes()
    write_report(make_summary(), record, path)

    assert first.startswith(b"<!doctype html>")
    assert path.read_bytes() == first
