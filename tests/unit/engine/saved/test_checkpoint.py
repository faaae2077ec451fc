"""Facts about checkpoints: whole or not there, and refused where they do not belong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from practicum.core.errors import RecordError
from practicum.engine.saved import checkpoint
from practicum.engine.saved.checkpoint import Checkpoints, clean, read, read_meta, write
from practicum.training.snapshot import Snapshot


def state(number):
    """Return a state that can be told from others."""
    return Snapshot({"fingerprint": "mine", "step": number}, {"x": torch.full((4,), float(number))})


@pytest.mark.parametrize("lasting", [True, False])
def test_a_checkpoint_comes_back(lasting, tmp_path):
    """The last one that was written; its plain part alone, too."""
    for number in (1, 2):
        write(tmp_path / "pack", state(number), lasting=lasting)
    found = read(tmp_path / "pack", "mine")

    assert found.meta["step"] == read_meta(tmp_path / "pack", "mine")["step"] == 2
    assert found.tensors["x"].tolist() == [2.0] * 4
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_none_is_none(tmp_path):
    """Absence is no error."""
    assert read(tmp_path / "pack", "mine") is None
    assert read_meta(tmp_path / "pack", "mine") is None


@pytest.mark.parametrize("when", ["open", "fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_one(when, tmp_path, monkeypatch):
    """Before the first byte, before the disk has it, before the names are changed; what is half written is cleaned."""
    write(tmp_path / "pack", state(1))

    def crash(*_given, **_named):
        raise SystemExit

    monkeypatch.setattr(os if when == "fsync" else Path, when, crash)
    with pytest.raises(SystemExit):
        write(tmp_path / "pack", state(2))
    monkeypatch.undo()

    assert read(tmp_path / "pack", "mine").meta["step"] == 1
    clean(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_it_is_on_the_disk_before_it_takes_its_name(tmp_path, monkeypatch):
    """The file, then the name, then the folder."""
    done = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("fsync"), fsync(handle)))
    monkeypatch.setattr(Path, "replace", lambda half, path: (done.append("replace"), replace(half, path)))
    write(tmp_path / "pack", state(1))

    assert done == ["fsync", "replace", "fsync"]


def test_a_folder_that_cannot_be_opened_is_no_obstacle(tmp_path, monkeypatch):
    """Some systems open none."""

    def refuse(*_given):
        raise PermissionError

    monkeypatch.setattr(checkpoint.os, "open", refuse)
    write(tmp_path / "pack", state(1))
    monkeypatch.undo()

    assert read(tmp_path / "pack", "mine").meta["step"] == 1


@pytest.mark.parametrize("reading", [read, read_meta])
def test_other_recipes_or_data_are_refused(reading, tmp_path):
    """Going on would mix two runs."""
    write(tmp_path / "pack", state(1))

    with pytest.raises(
        RecordError, match=r"`checkpoint` must belong to these recipes and data, but .*pack belongs to others"
    ):
        reading(tmp_path / "pack", "other")


def test_another_format_is_refused(tmp_path, monkeypatch):
    """One message names both versions."""
    monkeypatch.setattr(checkpoint, "FORMAT", 99)
    write(tmp_path / "pack", state(1))
    monkeypatch.undo()

    with pytest.raises(
        RecordError, match=rf"`checkpoint` must have format {checkpoint.FORMAT}, but .*pack has format=99"
    ):
        read(tmp_path / "pack", "mine")


def test_a_damaged_file_is_refused(tmp_path):
    """Its name is told."""
    (tmp_path / "pack").write_bytes(b"junk")

    with pytest.raises(RecordError, match=r"`checkpoint` must be undamaged, but .*pack is not"):
        read(tmp_path / "pack", "mine")


@pytest.mark.parametrize(
    ("seconds", "validated", "due"),
    [(9.9, True, False), (10.0, True, True), (29.9, False, False), (30.0, False, True), (10.0, False, False)],
)
def test_a_checkpoint_is_due_after_half_a_minute_or_an_evaluation(seconds, validated, due):
    """Ten seconds after the last where there was an evaluation."""
    assert Checkpoints(Path("run")).due(seconds, validated=validated) is due


def test_each_piece_has_files_of_its_own():
    """A checkpoint and a journal."""
    found = Checkpoints(Path("run"))

    assert (found.file("a"), found.journal("a")) == (Path("run/a.safetensors"), Path("run/a.journal"))
