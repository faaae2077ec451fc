"""Facts about the folder of a run: whose it is, and what a second run finds in it."""

from __future__ import annotations

import json
import os

import pytest
from tests.oracles.problems import problem, small_recipe

from practicum.core.errors import ConfigError, RecordError
from practicum.core.events import Measured
from practicum.engine.crew.bench import Bench
from practicum.engine.crew.piece import Piece
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import store as store_module
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.store import Store, first_pieces, pieces_of

RECIPES = [small_recipe(seed=0, num_steps=40), small_recipe(seed=1), small_recipe(seed=2)]
TASK = problem("binary").laid_out(RECIPES[0])
PLANS = [Plan(RECIPES, TASK, (0, 1, 2)), Plan([RECIPES[0]], TASK, (3,))]
PRINTS = ["mine", "too"]


def store(folder, fingerprints=PRINTS):
    """Return the store of a folder."""
    return Store(Checkpoints(folder, 0.0), PLANS, fingerprints)


def trained(folder, *orders):
    """Do orders and write all down."""
    bench = Bench(PLANS, PRINTS, Checkpoints(folder, 0.0))
    for order in orders:
        bench.settle(order, bench.do(order))
    bench.close()


def test_a_new_folder_has_a_piece_for_each_plan(tmp_path):
    """The folder is made; nothing has been told."""
    with store(tmp_path / "a" / "b") as found:
        assert found.pieces == first_pieces(PLANS)
        assert found.told == []
    assert [(piece.name, piece.plan, piece.members) for piece in found.pieces] == [
        ("pack-000", 0, (0, 1, 2)),
        ("pack-001", 1, (3,)),
    ]


def test_a_second_run_finds_what_was_told(tmp_path):
    """Each piece stands where its checkpoint does."""
    with store(tmp_path) as first:
        trained(tmp_path, first.pieces[0].order(30), first.pieces[0].order(60), first.pieces[1].order(40))
    with store(tmp_path) as second:
        whole, single = second.pieces
        steps = [
            event.step for told in second.told for event in told.events if not isinstance(event, Measured)
        ]
        results = [r.trial for told in second.told for r in told.results]

    assert (whole.step, whole.training, whole.collected) == (60, (1, 2), {0})
    assert (single.step, single.training) == (40, ())
    assert steps == [0, 25, 40, 40, 50, 0, 25, 40, 40]
    assert results == [0, 3]


def test_halves_are_found_too(tmp_path):
    """What was before they were halved is told once; each goes on from its own checkpoint, or from there."""
    with store(tmp_path) as first:
        whole = first.pieces[0]
        trained(tmp_path, whole.order(60))
        whole.step = 60
        halves = whole.halves((1, 2))
        first.pieces[:1] = halves
        first.write_pieces()
        trained(tmp_path, halves[1].order(90))
    with store(tmp_path) as second:
        one, other, single = second.pieces
        steps = [
            event.step for told in second.told for event in told.events if not isinstance(event, Measured)
        ]

    assert (one.name, one.step, one.training) == ("pack-000a", 60, (1,))
    assert (other.name, other.step, other.training) == ("pack-000b", 90, (2,))
    assert one.sources == ("pack-000a", "pack-000")
    assert (single.step, single.training) == (-1, (3,))
    assert steps == [0, 25, 40, 40, 50, 75]


def test_other_recipes_or_data_are_refused(tmp_path):
    """As a whole, before anything is trained."""
    with store(tmp_path):
        pass

    with pytest.raises(
        RecordError, match=r"must belong to these recipes and data, but .*pieces.json belongs"
    ):
        store(tmp_path, ["mine", "other"]).__enter__()


@pytest.mark.parametrize("content", ["", "{", json.dumps({"format": 0})])
def test_a_damaged_list_of_pieces_is_refused(content, tmp_path):
    """It says where everything is."""
    (tmp_path / "pieces.json").write_text(content)

    with pytest.raises(RecordError, match=r"`checkpoint` must .*pieces.json"):
        store(tmp_path).__enter__()


def test_a_folder_is_one_runs_at_a_time(tmp_path, monkeypatch):
    """Somebody else waits a moment, then is told; afterwards it is free."""
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0.1)
    in_use = r"`folder` must belong to one run at a time, but .* is in use"
    with store(tmp_path), pytest.raises(ConfigError, match=in_use):
        store(tmp_path).__enter__()

    with store(tmp_path) as found:
        assert len(found.pieces) == 2


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """A file is in its place."""
    (tmp_path / "file").touch()

    with pytest.raises(
        ConfigError, match=r"`folder` must be a folder that can be written, but .*file is not"
    ):
        store(tmp_path / "file").__enter__()


def test_where_files_cannot_be_locked_nobody_waits(tmp_path, monkeypatch):
    """There the caller must take care."""
    monkeypatch.setattr(store_module, "os", type("os", (), {"name": "nt"}))
    with store(tmp_path), store(tmp_path) as second:
        assert len(second.pieces) == 2
    assert os.name == "posix"


def test_what_was_half_written_is_removed(tmp_path):
    """A process was killed while it wrote."""
    (tmp_path / "pack-000.safetensors.part").write_bytes(b"half")
    with store(tmp_path):
        assert not list(tmp_path.glob("*.part"))


def test_pieces_are_named_by_plan():
    """In the order in which they were given."""
    assert first_pieces(PLANS)[1] == Piece("pack-001", 1, (3,))


def test_a_plan_is_begun_in_as_many_pieces_as_its_programs_need():
    """One, unless they hold fewer trials; each trial is in one."""
    whole, small, alone = (
        Plan(PLANS[0].recipes, PLANS[0].task, PLANS[0].trials, size) for size in (None, 2, 1)
    )

    assert pieces_of(1, whole) == [Piece("pack-001", 1, tuple(whole.trials))]
    assert all(len(piece.members) <= 2 for piece in pieces_of(1, small))
    assert sorted(trial for piece in pieces_of(1, small) for trial in piece.members) == sorted(whole.trials)
    assert [piece.members for piece in pieces_of(1, alone)] == [(trial,) for trial in whole.trials]


def test_a_run_is_begun_in_those_pieces_too():
    """A plan says how many trials a program may hold, whoever trains it."""
    plan = Plan(PLANS[0].recipes, PLANS[0].task, PLANS[0].trials, 1)

    assert [piece.members for piece in first_pieces([plan])] == [(trial,) for trial in PLANS[0].trials]
