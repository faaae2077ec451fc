"""Facts about what a diagnosis of a run says: all parts in text and JSON, and what capacity means."""

import json
from pathlib import Path

import pytest

from practicum.core.intervals import Difference
from practicum.core.summary import Fitting
from practicum.diagnose.evidence.recipe_comparison import RecipeComparison
from practicum.diagnose.layers import Layer, Layers
from practicum.faces.diagnosed import WITHOUT_HIDDEN, RunDiagnosis, capacity_words

FITTING = Fitting(verdict="overfits", text="A gap.", advice=["Get more rows."])
LAYER = Layer(1, 8, 0.3, 0.3, Difference(0.0, -0.01, 0.01), 0.999, 0.0)


def wider(gain, train_gain, *, confirmed=False):
    return RecipeComparison(
        "twice the hidden units", True, 100, (gain,) * 3, (0.0,) * 3, (train_gain,) * 3, (0.0, 0.1), confirmed
    )


def diagnosis(**changed):
    told = {
        "run": Path("runs/one"),
        "fitting": FITTING,
        "layers": Layers((LAYER,), 0.0, 0.2, 0.5),
        "tried": (wider(0.1, 0.1, confirmed=True),),
        "capacity": "Capacity says.",
        "interrupted": False,
        "notes": ("something: no time.",),
    }
    return RunDiagnosis(**{**told, **changed})


def test_the_text_has_every_part():
    """Verdict with its list, capacity, layers, what was tried, what was left out."""
    text = str(diagnosis())

    for part in ("It overfits [4.1-08].", "  - Get more rows.", "Capacity says.", "Layer 1 (8 units)", "A16"):
        assert part in text
    assert "  + Begun anew with twice the hidden units" in text
    assert text.endswith("Left out: something: no time.")


def test_what_is_not_there_is_not_said():
    """Runs without a verdict, layers, trials."""
    text = diagnosis(fitting=None, layers=None, tried=(), capacity="", notes=()).text

    assert text.strip() == f"Layers\n{WITHOUT_HIDDEN}"


def test_json_has_every_part():
    """Numbers and findings."""
    found = json.loads(json.dumps(diagnosis().as_mapping()))

    assert found["fitting"]["verdict"] == "overfits"
    assert found["findings"][0]["causes"][0]["fault"] == "A16"
    assert found["layers"][0]["idle"] is True
    assert found["tried"][0]["confirmed"] is True
    assert diagnosis(fitting=None, layers=None).as_mapping()["layers"] == []


@pytest.mark.parametrize(
    ("gain", "train_gain", "confirmed", "meaning"),
    [
        (0.1, 0.1, True, "too small"),
        (0.1, -0.1, True, "validation gains"),
        (-0.1, 0.1, False, "more capacity overfits"),
        (-0.1, -0.1, False, "not what is missing"),
    ],
)
def test_twice_the_units_tell_what_capacity_does(gain, train_gain, confirmed, meaning):
    """The chapter's test."""
    assert meaning in capacity_words([wider(gain, train_gain, confirmed=confirmed)])


def test_untried_capacity_says_nothing():
    """As for linear models."""
    assert capacity_words([]) == ""
