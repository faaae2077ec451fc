"""Facts about what a search gives back: words, tables, data for plots."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest
import torch
from tests.oracles.arenas import BASE, LENGTHS, SPACE, result, setting
from torch import nn

from practicum.core.record import Record
from practicum.faces.search_result import result_of
from practicum.training.lift.losses import named_loss
from practicum.training.lift.task import ModelTask
from practicum.tuning.effort import Effort
from practicum.tuning.finals import Finalist
from practicum.tuning.own import Searched
from practicum.tuning.procedure import Hunt
from practicum.tuning.search import Found

ROWS = {"x": torch.ones(4, 1), "y": torch.ones(4, 1)}
TASK = ModelTask(lambda recipe: nn.Linear(1, 1), named_loss("squared_error"), None, ROWS, ROWS)


def made(settings=None, errors=((0.2, 0.3), (0.4, 0.5)), saved=0, end="all tried"):
    """Return the result of a search that no training gave."""
    if settings is None:
        settings = [
            setting(k, 0.2 + 0.01 * k, {"learning_rate": 0.01 * (k + 1), "momentum": 0.5}, seconds=1.0 + k)
            for k in range(4)
        ]
    finalists = [
        Finalist(
            number,
            dict(settings[number].tried.values),
            BASE,
            tuple((result(10 * (number + 1) + k, error),) for k, error in enumerate(some)),
        )
        for number, some in enumerate(errors)
    ]
    hunt = Hunt(Found(settings, end, saved), SPACE)
    effort = Effort(SPACE, "zoom", LENGTHS, 1, 2)
    return result_of(Searched(hunt, finalists, effort, Record(), (), end == "interrupted"), TASK)


def test_the_best_is_the_best_seed_of_the_first_finalist():
    """The winner is chosen by its mean."""
    found = made(errors=((0.3, 0.2), (0.1, 0.9)))

    assert found.best.valid_error == 0.2
    assert found.errors == [0.3, 0.2]
    assert (found.best.number, found.values["learning_rate"]) == (0, 0.01)


def test_the_words_say_what_was_done_and_how_sure_it_is():
    """Setting, error with its spread over seeds, counts, why it ended."""
    found = made(saved=5, end="flat")

    assert "Best setting: learning_rate=0.01, momentum=0.5" in found.text
    assert "Validation error 0.25 ± 0.071 on 2 seeds; best seed 0.2" in found.text
    assert (
        "4 settings tried, 0 ended early, 0 diverged; trying more would not have paid; 5 settings were saved"
        in found.text
    )
    assert found.comparison in found.text
    assert all(sentence in found.text for sentence in found.conclusion)
    assert repr(found).startswith("SearchResult\n  Best setting")


def test_after_ctrl_c_one_training_has_no_spread():
    """And is compared with nothing."""
    found = made(errors=((0.2,),), end="interrupted")

    assert "Validation error 0.2 on one seed" in found.text
    assert found.interrupted
    assert "compare" not in repr(found)


def test_a_notebook_shows_the_same_as_html():
    """Well formed, whatever the values are called."""

    class Tags(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag != "br":
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    parser = Tags()
    found = replace(made(), values={"model.kind": "<b>"})
    parser.feed(found._repr_html_())

    assert parser.open == []
    assert "model.kind=&lt;b&gt;" in found._repr_html_()


def test_the_table_has_a_row_for_each_setting():
    """With its values under their names."""
    table = made().table()

    assert table["number"].to_list() == [0, 1, 2, 3]
    assert table["learning_rate"].to_list() == pytest.approx([0.01, 0.02, 0.03, 0.04])
    assert {"phase", "status", "valid_error", "cost_seconds", "num_steps", "momentum"} <= set(table.columns)


def test_the_front_has_what_is_worth_its_cost():
    """The first setting is best and cheapest; cut ones do not count [3.3-06]."""
    dear = [
        setting(0, 0.1, seconds=9.0),
        setting(1, 0.2, seconds=1.0),
        setting(2, 0.3, seconds=2.0),
    ]

    assert made().pareto()["number"].to_list() == [0]
    assert made(dear).pareto()["number"].to_list() == [0, 1]
    assert made([setting(0, 0.1, status="halted")], errors=((0.1,),)).pareto().height == 0


def test_the_curve_of_the_best_of_n_falls():
    """From one trial to all of them [3.4-04]."""
    curve = made().best_of_n()

    assert curve["num_trials"].to_list() == [1, 2, 3, 4]
    assert curve["mean"].is_sorted(descending=True)
    assert curve["mean"][0] == pytest.approx(0.215)
    assert curve["mean"][-1] == pytest.approx(0.2)
    assert isinstance(curve, pl.DataFrame)
