"""Facts about a shift."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracles.problems import problem, small_recipe

from practicum.engine.crew import shift as shift_module
from practicum.engine.crew.forks import Forks
from practicum.engine.crew.piece import Piece
from practicum.engine.crew.shift import Shift, chosen_kind
from practicum.engine.crew.threads import Threads
from practicum.engine.plans.plan import Plan
from practicum.engine.saved.checkpoint import Checkpoints

RECIPE = small_recipe(num_steps=25)
PLANS = [Plan([RECIPE], problem("binary").laid_out(RECIPE), (0,))]


@pytest.mark.parametrize(
    ("kind", "num_workers", "forks", "chosen"),
    [
        ("auto", 2, True, "processes"),
        ("auto", 2, False, "threads"),
        ("auto", 1, True, "threads"),
        ("threads", 2, True, "threads"),
        ("processes", 1, True, "processes"),
    ],
)
def test_processes_are_for_several_workers_where_they_can_be_forked(
    kind, num_workers, forks, chosen, monkeypatch
):
    """Unless the caller says what is wanted."""
    monkeypatch.setattr(shift_module, "can_fork", lambda: forks)

    assert chosen_kind(kind, num_workers) == chosen


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_nothing_starts_before_it_is_needed(kind):
    """And closing what never began does nothing."""
    shift = Shift(1, kind, PLANS)
    begun = [shift.begun]
    foreman = shift.foreman
    begun.append(shift.begun)
    kept = shift.foreman is foreman
    shift.close()
    shift.close()

    assert begun == [False, True]
    assert kept
    assert isinstance(foreman.crew, Threads if kind == "threads" else Forks)
    assert not shift.begun


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_its_own_folder_is_removed(kind, monkeypatch, tmp_path):
    """Checkpoints that only replace dead workers leave nothing behind."""
    monkeypatch.setattr(shift_module.tempfile, "tempdir", str(tmp_path))
    shift = Shift(1, kind, PLANS)
    shift.foreman.ask(0, Piece("pack-000", 0, (0,), lean=True), 10)
    shift.foreman.wait()
    during = list(tmp_path.iterdir())
    shift.close()

    assert len(during) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_given_folder_stays(tmp_path):
    """It is the caller's."""
    shift = Shift(1, "threads", PLANS, Checkpoints(tmp_path), data="digits")
    shift.foreman.ask(0, Piece("pack-000", 0, (0,)), 25)
    shift.foreman.wait()
    shift.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["pack-000.journal", "pack-000.safetensors"]
    assert shift.fingerprints == [PLANS[0].fingerprint("digits")]
    assert isinstance(tmp_path, Path)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_plans_may_come_later(kind, tmp_path):
    """Each with a worker of its own; one that is over is let go of."""
    shift = Shift(1, kind, (), Checkpoints(tmp_path), data="digits")
    steps = []
    for seed in range(2):
        recipe = RECIPE.changed(seed=seed)
        index = shift.add(Plan([recipe], PLANS[0].task, (seed,)))
        worker = shift.foreman.hire()
        shift.foreman.ask(worker, Piece(f"pack-{index:03}", index, (seed,)), 25)
        steps += [told.results[0].recipe.seed for _, _, told in shift.foreman.wait()]
        shift.foreman.dismiss(worker)
        shift.drop(index)
    shift.close()

    assert steps == [0, 1]
    assert shift.plans == {}
    assert len(set(shift.fingerprints)) == 2
