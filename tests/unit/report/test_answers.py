"""Facts about the later answers of a run, as objects and as data."""

from __future__ import annotations

import json
import math

import pytest
from pydantic_core import to_json
from tests.made_searches import SPACE, error_of, made_search

from practicum.core.errors import ConfigError
from practicum.recipe.space import Space
from practicum.report.answers import (
    conclusion_of,
    coupled_with,
    coupling_text,
    front_data,
    front_of,
    matters_data,
    matters_of,
    ranked,
    search_data,
    status_of,
)
from practicum.report.tried import tried_of_run
from practicum.tuning.trial import Tried


def test_settings_are_ranked_whole_ones_first():
    """Then those given up, then those that blew up; each by its error."""
    found = ranked(tried_of_run(made_search()))
    keys = [("whole", "halted", "diverged").index(status_of(one)) for one in found]

    assert keys == sorted(keys)
    assert len(set(keys)) == 3
    for key in (0, 1):
        errors = [one.error for one, mine in zip(found, keys, strict=True) if mine == key]
        assert errors == sorted(errors)


def test_the_conclusion_is_that_of_the_settings():
    """All of them, in the space that was searched."""
    found = conclusion_of(made_search(60))

    assert found.num_tried == 60
    assert found.importances[0].name == "learning_rate"
    assert [one.name for one in found.scientific] == ["activation"]


def test_no_setting_beats_one_of_the_front_in_error_and_cost():
    """The front is of whole trainings, best first."""
    summary = made_search(60)
    front = front_of(summary).trials
    others = [one for one in tried_of_run(summary) if status_of(one) == "whole"]

    assert [one.error for one in front] == sorted(one.error for one in front)
    for one in front:
        assert not any(other.error < one.error and other.cost < one.cost for other in others)


def test_where_no_training_was_whole_the_halted_make_the_front():
    """They say that they were halted."""
    summary = made_search()
    early = [
        one.model_copy(update={"status": "halted"}) for one in summary.trials if one.status == "num_steps"
    ]
    front = front_of(summary.model_copy(update={"trials": early}))

    assert front.trials
    assert all(one.halted for one in front.trials)


def test_without_a_name_every_scientific_setting_is_answered():
    """With a name, that one."""
    summary = made_search(120)

    assert [one.name for one in matters_of(summary)] == ["activation"]
    assert [one.name for one in matters_of(summary, "learning_rate")] == ["learning_rate"]
    assert matters_of(summary, "learning_rate")[0].verdict == "yes"


def test_an_unknown_setting_gets_the_nearest_offered():
    """As anywhere."""
    with pytest.raises(ConfigError, match=r'but got name="activaton"\. Did you mean "activation"\?'):
        matters_of(made_search(), "activaton")


def test_without_scientific_settings_a_name_must_be_given():
    """The message lists them."""
    summary = made_search(
        space=Space.from_mapping({**SPACE.as_mapping(), "activation": {"choice": ["tanh", "relu"]}})
    )

    with pytest.raises(
        ConfigError,
        match=r"`matters` must name an entry .* Name one of learning_rate, momentum, activation\.",
    ):
        matters_of(summary)


def test_values_that_always_come_together_are_said():
    """Two layers with tanh only: nobody knows which of them it was."""
    space = Space.from_mapping(
        {"activation": {"choice": ["tanh", "relu"]}, "num_layers": {"choice": [1, 2]}, "width": 8}
    )
    tied = [Tried(i, {"activation": ("tanh", "relu")[i % 2], "num_layers": 1 + i % 2}, 0.1) for i in range(8)]
    free = [
        Tried(i, {"activation": ("tanh", "relu")[i % 2], "num_layers": 1 + i // 2 % 2}, 0.1) for i in range(8)
    ]

    assert coupled_with(tied, space, "activation") == ["num_layers"]
    assert coupled_with(free, space, "activation") == []


def test_a_run_of_tied_values_warns():
    """And a run of free ones does not."""
    summary = made_search()
    tied = [
        one.model_copy(
            update={"values": {**one.values, "momentum": 0.1 if one.values["activation"] == "tanh" else 0.5}}
        )
        for one in summary.trials
        if one.values
    ]

    assert coupling_text(summary, "activation") == ""
    assert coupling_text(summary.model_copy(update={"trials": tied}), "activation").startswith(
        "But each value of `activation` was tried with one value of `momentum` only"
    )


def test_data_are_plain_json():
    """What is not finite is null."""
    summary = made_search(60)
    search = json.loads(to_json(search_data(summary), inf_nan_mode="null"))
    (answer,) = json.loads(to_json(matters_data(summary), inf_nan_mode="null"))
    front = json.loads(to_json(front_data(summary), inf_nan_mode="null"))

    assert [one["error"] is None for one in search["settings"]] == [
        one["status"] == "diverged" for one in search["settings"]
    ]
    first = search["settings"][0]
    assert first["error"] == pytest.approx(error_of(first["values"]))
    assert search["conclusion"]["num_tried"] == 60
    assert (answer["name"], answer["coupled_with"]) == ("activation", [])
    assert math.isfinite(front["settings"][0]["core_seconds"])
