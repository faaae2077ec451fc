"""Optuna's journal, written in batches and mended."""

import os
import time

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from practicum.tuning.study.journal import STALE_LOCK_SECONDS, BatchedJournal, cut_off_torn_line


def trials(count):
    """Return finished trials."""
    distribution = optuna.distributions.FloatDistribution(0, 1)
    return [
        optuna.create_trial(
            params={"x": i / count}, distributions={"x": distribution}, value=i, user_attrs={"i": i}
        )
        for i in range(count)
    ]


def test_a_batch_is_what_single_writes_are(tmp_path):
    """Optuna's own reader finds in a batched journal what it finds in one written trial by trial."""
    batched = BatchedJournal(tmp_path / "batched")
    with batched.batch():
        study = optuna.create_study(storage=JournalStorage(batched), study_name="a")
        study.set_user_attr("phase", "wide")
        study.add_trials(trials(5))
    optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(tmp_path / "single"))), study_name="a"
    ).add_trials(trials(5))
    found = [
        optuna.load_study(storage=JournalStorage(JournalFileBackend(str(tmp_path / name))), study_name="a")
        for name in ("batched", "single")
    ]

    assert [t.params for t in found[0].trials] == [t.params for t in found[1].trials]
    assert [t.user_attrs for t in found[0].trials] == [t.user_attrs for t in found[1].trials]
    assert found[0].user_attrs == {"phase": "wide"}


def test_nothing_reaches_the_file_before_the_batch_ends(tmp_path, monkeypatch):
    """A batch costs one sync of the file."""
    synced = []
    backend = BatchedJournal(tmp_path / "study")
    monkeypatch.setattr(os, "fsync", synced.append)
    with backend.batch():
        study = optuna.create_study(storage=JournalStorage(backend), study_name="a")
        study.add_trials(trials(20))
        assert (tmp_path / "study").stat().st_size == 0
        assert len(study.trials) == 20  # we see them already

    assert len(synced) == 1
    assert len((tmp_path / "study").read_text().splitlines()) == 21


def test_two_writers_take_turns(tmp_path):
    """Batches of two processes that share a file do not mix, and each sees the other's."""
    first = JournalStorage(BatchedJournal(tmp_path / "study"))
    second = JournalStorage(BatchedJournal(tmp_path / "study"))
    a = optuna.create_study(storage=first, study_name="a")
    b = optuna.create_study(storage=second, study_name="b")
    for _ in range(3):
        for study, storage in ((a, first), (b, second)):
            with storage._backend.batch():
                study.add_trials(trials(2))

    assert (len(a.trials), len(b.trials)) == (6, 6)
    assert [t.number for t in optuna.load_study(storage=first, study_name="b").trials] == list(range(6))


def test_a_line_torn_by_a_kill_is_cut_off(tmp_path):
    """A journal whose last line was half-written can be read and written again."""
    path = tmp_path / "study"
    optuna.create_study(storage=JournalStorage(BatchedJournal(path)), study_name="a").add_trials(trials(3))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    study = optuna.load_study(storage=JournalStorage(BatchedJournal(path)), study_name="a")
    study.add_trials(trials(1))

    assert len(study.trials) == 3


def test_whole_files_empty_files_and_long_torn_lines(tmp_path):
    """Nothing is cut from a whole file, all from one without a line end."""
    path = tmp_path / "file"
    for before, after in (
        (b"", b""),
        (b"a\nb\n", b"a\nb\n"),
        (b"x" * 200_000, b""),
        (b"a\n" + b"x" * 200_000, b"a\n"),
    ):
        path.write_bytes(before)
        cut_off_torn_line(path)
        assert path.read_bytes() == after


def test_a_lock_left_by_a_kill_does_not_stop_the_next(tmp_path):
    """Optuna would wait for half a minute."""
    lock = tmp_path / "study.lock"
    lock.touch()
    old = time.time() - 2 * STALE_LOCK_SECONDS
    os.utime(lock, (old, old))
    start = time.monotonic()
    BatchedJournal(tmp_path / "study")

    assert time.monotonic() - start < 5
    assert not lock.exists()
