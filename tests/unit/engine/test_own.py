"""Facts about running the trials of a user's module."""

import json
import math

import pytest
import torch
from tests.oracles.modules import ZOO, zoo_recipes

from practicum.core.errors import RecordError
from practicum.core.record import Record
from practicum.engine import own as own_module
from practicum.engine.own import LAYOUT, fingerprint, run_trials
from practicum.engine.plans.layout import Layout, PackPlan

PLANNED = Layout((PackPlan((0, 1), "packed"), PackPlan((2,), "alone")), ("a note",))


@pytest.fixture
def planned(monkeypatch):
    """Have the layout made up, and count how often it is asked for."""
    asked = []
    monkeypatch.setattr(own_module, "arrange", lambda *_, **__: asked.append(1) or PLANNED)
    return asked


def trained(folder=None, num_steps=30, report=None, name="mlp"):
    """Return results and notes of three short trials."""
    recipes = zoo_recipes(3, num_steps=num_steps, validate_every_steps=10)
    task = ZOO[name].task()
    return run_trials(
        task, recipes, record=Record(), folder=folder, num_workers=1, deadline=math.inf, report=report
    )


def test_all_trials_are_trained_and_the_notes_handed_on(planned):
    """Whatever pack they were in."""
    results, notes = trained()

    assert sorted((result.trial, result.status, result.num_steps) for result in results) == [
        (k, "num_steps", 30) for k in range(3)
    ]
    assert notes == ("a note",)


def test_a_layout_is_made_once_and_used_again(planned, tmp_path):
    """The second call reads it, trains nothing again and gives the same."""
    first, _ = trained(tmp_path / "run")
    again, notes = trained(tmp_path / "run")

    assert (len(planned), notes) == (1, ("a note",))
    for one, other in zip(*(sorted(rs, key=lambda r: r.trial) for rs in (first, again)), strict=True):
        assert one.valid_loss == other.valid_loss
        assert all(torch.equal(value, other.weights[name]) for name, value in one.weights.items())


@pytest.mark.parametrize("content", ["{", '{"packs": []}'])
def test_a_damaged_layout_is_one_message(planned, tmp_path, content):
    """It names the way out."""
    (tmp_path / LAYOUT).write_text(content)

    with pytest.raises(RecordError, match="new folder"):
        trained(tmp_path)


def test_a_folder_of_other_recipes_is_refused(planned, tmp_path):
    """Rather than mix two runs."""
    trained(tmp_path / "run")

    with pytest.raises(RecordError):
        trained(tmp_path / "run", num_steps=40)


def test_progress_is_told_with_the_best_so_far(planned):
    """Phases, fractions that grow, and how many trials have ended."""
    told = []
    trained(report=told.append)
    fractions = [step.fraction for step in told if step.phase == "training"]

    assert fractions == sorted(fractions)
    assert "trials" in told[-1].message


def test_a_fingerprint_knows_data_and_loss():
    """Other numbers, another shape or another loss give another."""
    task = ZOO["mlp"].task()
    other = {"x": task.train["x"] + 1, "y": task.train["y"]}

    assert fingerprint(task) == fingerprint(ZOO["mlp"].task())
    assert fingerprint(task) != fingerprint(ZOO["mlp"].task(train=other))
    assert fingerprint(task) != fingerprint(ZOO["regression"].task())
    assert json.dumps(fingerprint(task))
