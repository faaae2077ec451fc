"""Facts about cores and threads."""

from __future__ import annotations

import os

import pytest
import torch

from practicum.engine.crew.cores import num_cores, threads


@pytest.fixture
def two_threads():
    """A caller who has set PyTorch to two threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_pytorchs_threads_are_set_inside_and_restored_after(two_threads):
    """The caller's setting is no business of ours, whatever goes wrong."""
    inside = []

    def work():
        with threads():
            inside.append(torch.get_num_threads())
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        work()

    assert (inside, torch.get_num_threads()) == ([1], 2)


def test_cores_are_counted_where_affinity_is_unknown(monkeypatch):
    """On systems without it, all cores of the machine count, at least one."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert num_cores() == 1


@pytest.mark.parametrize(
    ("written", "cores"), [("100000 100000", 1), ("150000 100000", 2), ("max 100000", 64), ("junk", 64)]
)
def test_a_containers_quota_counts(written, cores, tmp_path, monkeypatch):
    """A container with two cores' time on a large host gets two workers."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu.max").write_text(written)

    assert num_cores(tmp_path / "cpu.max") == cores
    assert num_cores(tmp_path / "nowhere") == 64
