"""All that one search says."""

import json
from dataclasses import replace
from math import inf, isnan, nan

import pytest

from practicum.core.seeds import stream
from practicum.recipe.space import Space
from practicum.tuning.analysis.conclusion import analyse
from practicum.tuning.trial import Tried

PRESET = Space.preset("chapter")
SPACE = replace(
    PRESET,
    entries=tuple(
        replace(one, role="scientific") if one.name == "activation" else one for one in PRESET.entries
    ),
)


def searched(num, error=lambda u: 0.1 + (u["learning_rate"] - 0.5) ** 2, **known):
    """Return a random search of the chapter's space."""
    tried = []
    for i, row in enumerate(stream(0, "test/conclusion").random((num, len(SPACE)))):
        units = dict(zip(SPACE.names, map(float, row), strict=True))
        found = error(units)
        settings = {"standard_error": 0.01, "cost": 1.0 + i % 7, **known}
        tried.append(Tried(i, SPACE.values(units), found, diverged=found == inf, **settings))
    return tried


@pytest.mark.parametrize("num", [0, 1, 2, 3, 9, 40])
@pytest.mark.parametrize("error", [lambda u: u["learning_rate"], lambda u: 0.2, lambda u: inf, lambda u: nan])
def test_any_number_of_trials_gives_sentences_and_json(num, error):
    """Few, all equal, all diverged, not a number: no error, and JSON without nan."""
    found = analyse(searched(num, error), SPACE)

    assert all(text.endswith(".") for text in found.sentences())
    assert json.loads(json.dumps(found.as_data(), allow_nan=False))["num_tried"] == num


def test_constant_entries_say_nothing():
    """Trials that are all the same setting."""
    values = searched(1)[0].values

    found = analyse([Tried(i, values, 0.1 + 0.01 * i) for i in range(30)], SPACE)

    assert (found.borders, found.importances, found.marginals) == ((), (), ())


def test_a_border_comes_first():
    """What the space itself cut off is the first thing to know."""
    found = analyse(searched(64, lambda u: 0.1 + (u["learning_rate"] - 1.3) ** 2), SPACE)

    assert found.sentences()[0].startswith("The best `learning_rate` lies at the upper end of its range, 1 ")


def test_the_corrected_error_is_above_the_best():
    """It is what the winner should be read as."""
    noise = stream(1, "test/conclusion")
    found = analyse(searched(50, lambda u: 0.2 + 0.01 * float(noise.standard_normal())), SPACE)

    assert found.corrected_error > min(one.error for one in found.front.trials)
    assert isnan(analyse([], SPACE).corrected_error)


def test_diverged_trials_are_counted():
    """With their share."""
    found = analyse(searched(40, lambda u: inf if u["learning_rate"] > 0.5 else 0.2 + u["momentum"]), SPACE)

    assert found.diverged_text.startswith(f"{found.num_diverged} of 40 trials diverged (")
    assert found.diverged_text in found.sentences()


def test_what_time_ended_unvalidated_did_not_diverge():
    """It has no error either, but nothing blew up."""
    tried = [replace(one, error=inf) if one.number < 5 else one for one in searched(20)]
    found = analyse(tried, SPACE)

    assert (found.num_diverged, found.num_without_error, found.diverged_text) == (0, 5, "")
    assert analyse(tried[:5], SPACE).sentences()[0] == "No trial has an error: nothing can be concluded."


def test_no_sentence_depends_on_measured_times():
    """So that a run and its repetition say the same; what is worth its cost is a question of its own."""
    tried = searched(40)
    again = [replace(one, cost=100.0 - one.cost * one.number) for one in tried]

    assert analyse(tried, SPACE).front != analyse(again, SPACE).front
    assert analyse(tried, SPACE).sentences() == analyse(again, SPACE).sentences()


def test_scientific_entries_are_answered():
    """One sentence for each entry of that role."""
    assert [one.name for one in analyse(searched(40), SPACE).scientific] == ["activation"]


def test_zoomed_trials_are_not_taken_for_random_ones():
    """The curve and the outlook are of the wide phase; the winner may come from any."""
    wide, zoom = (
        searched(30),
        [replace(one, number=30 + i, phase="zoom 1", error=0.05) for i, one in enumerate(searched(8))],
    )

    found = analyse([*wide, *zoom], SPACE)

    assert found.outlook.num_tried == 30
    assert found.convergence.sizes[-1] == 30
    assert found.optimism.validated == 0.05
