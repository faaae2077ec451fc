"""Facts about the folder of a race: packs come one after the other, each with what it told before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.oracles.races import pack

from practicum.core.errors import ConfigError, RecordError
from practicum.engine.crew.bench import Bench
from practicum.engine.saved import store as store_module
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.ledger import Ledger

PLAN = pack(0)


def trained(folder, *orders):
    """Do orders and write all down."""
    bench = Bench([PLAN], ["mine"], Checkpoints(folder, 0.0))
    for order in orders:
        bench.settle(order, bench.do(order))
    bench.close()


def test_a_new_pack_begins_at_the_beginning(tmp_path):
    """The folder is made; no pack was begun."""
    with Ledger(Checkpoints(tmp_path / "a" / "b")) as ledger:
        pieces, told = ledger.open(3, PLAN, "mine")

        assert not ledger.has(3)
    assert [(piece.name, piece.plan, piece.step) for piece in pieces] == [("pack-003", 3, -1)]
    assert told == []


def test_a_pack_that_was_begun_stands_where_its_checkpoint_does(tmp_path):
    """With all that it told."""
    with Ledger(Checkpoints(tmp_path)) as ledger:
        pieces, _ = ledger.open(0, PLAN, "mine")
        trained(tmp_path, pieces[0].order(30), pieces[0].order(60))
        again, told = ledger.open(0, PLAN, "mine")

        assert (ledger.has(0), ledger.has(1)) == (True, False)
    assert (again[0].step, again[0].training, again[0].collected) == (60, (0, 1, 3), {2})
    assert [one.step for one in told] == [30, 60]


def test_halves_are_found_too(tmp_path):
    """Each goes on from its own checkpoint, or from the whole's."""
    with Ledger(Checkpoints(tmp_path)) as ledger:
        whole = ledger.open(0, PLAN, "mine")[0][0]
        trained(tmp_path, whole.order(50))
        halves = whole.halves((0, 1, 3))
        ledger.write_pieces(0, halves, "mine")
        trained(tmp_path, halves[1].order(75))
        again, told = ledger.open(0, PLAN, "mine")

    assert [(piece.name, piece.step) for piece in again] == [("pack-000a", 50), ("pack-000b", 75)]
    assert [one.step for one in told] == [50, 75]


def test_another_pack_is_refused(tmp_path):
    """By its fingerprint, halved or not."""
    with Ledger(Checkpoints(tmp_path)) as ledger:
        whole = ledger.open(0, PLAN, "mine")[0][0]
        trained(tmp_path, whole.order(50))
        with pytest.raises(RecordError, match="must belong to these recipes and data"):
            ledger.open(0, PLAN, "other")
        ledger.write_pieces(0, whole.halves((0, 1, 3)), "mine")
        with pytest.raises(RecordError, match=r"pack-000\.json belongs to others"):
            ledger.open(0, PLAN, "other")


def test_a_folder_is_one_races_at_a_time(tmp_path, monkeypatch):
    """Afterwards it is free."""
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0.1)
    with Ledger(Checkpoints(tmp_path)), pytest.raises(ConfigError, match="is in use by another process"):
        Ledger(Checkpoints(tmp_path)).__enter__()
    with Ledger(Checkpoints(tmp_path)) as ledger:
        assert not ledger.has(0)


def test_a_plan_of_small_programs_begins_in_pieces_that_are_written_down(tmp_path):
    """So that it goes on in the same ones, whatever size another measurement would choose."""
    small, other = (replace(PLAN, largest=size) for size in (2, 3))
    with Ledger(Checkpoints(tmp_path)) as ledger:
        first = ledger.open(0, small, "mine")[0]
        again = ledger.open(0, other, "mine")[0]

        assert ledger.has(0)
    assert [(piece.name, piece.members) for piece in first] == [
        ("pack-000-00", (0, 2)),
        ("pack-000-01", (1, 3)),
    ]
    assert [piece.members for piece in again] == [(0, 2), (1, 3)]
