"""Facts about running the trials of a user's module."""

import json
import math
import signal

import pytest
import torch
from tests.oracles.modules import ZOO, zoo_recipes

from practicum.core.errors import ConfigError, RecordError
from practicum.core.record import Record
from practicum.engine import own as own_module
from practicum.engine.own import LAYOUT, fingerprint, run_trials
from practicum.engine.plans.layout import Layout, PackPlan
from practicum.training.lift.instance import instances

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


def print_of(task):
    """Return the fingerprint of a task with two trials."""
    return fingerprint(task, instances(task, zoo_recipes(2)))


def test_a_fingerprint_knows_data_loss_module_and_error():
    """Other numbers, another loss, another layer or another function give another."""
    task = ZOO["mlp"].task()
    other = {"x": task.train["x"] + 1, "y": task.train["y"]}
    changed = [
        ZOO["mlp"].task(train=other),
        ZOO["regression"].task(),
        ZOO["mlp"].task(build=ZOO["prelu"].task().build),
        ZOO["mlp"].task(error=lambda model, batch: model(batch["x"])[:, 0]),
        ZOO["mlp"].task(error=lambda model, batch: model(batch["x"])[:, 1]),
    ]
    found = [print_of(task), *map(print_of, changed)]

    assert found[0] == print_of(ZOO["mlp"].task())
    assert len(set(found)) == len(found)


def test_a_folder_that_cannot_be_made_is_one_message(planned, tmp_path):
    """Before anything is measured."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ConfigError, match="`folder` must be a folder that can be written"):
        trained(tmp_path / "file" / "run")
    assert planned == []


def test_of_two_layouts_the_first_counts(planned, tmp_path):
    """A second process that started at the same time does not replace it."""
    other = Layout((PackPlan((0, 1, 2), "packed"),))
    (tmp_path / LAYOUT).write_text(json.dumps(other.as_data()))

    assert own_module._kept(tmp_path, PLANNED, 3) == other


def test_ctrl_c_while_measuring_trains_nothing(monkeypatch):
    """And ends as Ctrl-C does."""

    def interrupted(*_, **__):
        signal.raise_signal(signal.SIGINT)
        return PLANNED

    monkeypatch.setattr(own_module, "arrange", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trained()
