"""Facts about the pool of workers."""

import os
import threading
import time

import pytest
import torch
from tests.oracles.problems import advance, problem, same_bits, small_recipe

from practicum.core.events import Validated
from practicum.engine import workers as workers_module
from practicum.engine.workers import Workers, num_cores


@pytest.fixture
def two_threads():
    """A caller who has set PyTorch to two threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_pytorchs_threads_are_set_inside_and_restored_after(two_threads):
    """One thread each while training; the caller's setting is no business of ours."""
    with Workers(num_workers=2):
        inside = torch.get_num_threads()

    assert (inside, torch.get_num_threads()) == (1, 2)


def test_pytorchs_threads_are_restored_after_an_error(two_threads):
    """Whatever goes wrong inside."""
    with pytest.raises(RuntimeError, match="broken"), Workers(num_workers=1):
        raise RuntimeError("broken")

    assert torch.get_num_threads() == 2


def test_every_worker_has_one_thread(two_threads, monkeypatch):
    """PyTorch's setting is looked at from within each worker."""
    seen = []
    together = threading.Barrier(2, timeout=10)

    def look(pack, until):
        together.wait()
        seen.append(torch.get_num_threads())
        return []

    monkeypatch.setattr(workers_module, "run", look)
    with Workers(num_workers=2) as workers:
        workers.advance(["a", "b"], until=1)

    assert seen == [1, 1]


def test_there_is_a_worker_for_every_core_unless_told():
    """The cores this process may use, not those the machine has."""
    assert Workers().num_workers == num_cores() >= 1
    assert Workers(num_workers=3).num_workers == 3


def test_cores_are_counted_where_affinity_is_unknown(monkeypatch):
    """On systems without it, all cores of the machine count, at least one."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert num_cores() == 1


@pytest.mark.parametrize(("num_workers", "num_recipes"), [(1, 5), (2, 5), (3, 3), (4, 3), (2, 0)])
def test_splitting_deals_out_every_recipe_once(num_workers, num_recipes):
    """Each keeps its number; packs differ by at most one trial and none is empty."""
    data = problem("binary")
    recipes = [small_recipe(seed=seed) for seed in range(num_recipes)]
    packs = Workers(num_workers).split(recipes, data.laid_out(small_recipe()), first_trial=10)
    numbered = {t: r for pack in packs for t, r in zip(pack.trials, pack.recipes, strict=True)}
    sizes = [len(pack) for pack in packs]

    assert numbered == {10 + i: recipe for i, recipe in enumerate(recipes)}
    assert len(packs) == min(num_workers, num_recipes)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def test_workers_train_what_the_loop_trains():
    """Side by side, in the order of the packs, with the same bits and events as one after the other."""
    data, recipes = problem("binary"), [small_recipe(seed=seed) for seed in range(3)]
    expected = [data.pack([recipe], trials=[k]) for k, recipe in enumerate(recipes)]
    events = [advance(pack, 60) for pack in expected]
    packs = [data.pack([recipe], trials=[k]) for k, recipe in enumerate(recipes)]
    with Workers(num_workers=2) as workers:
        found = workers.advance(packs, until=60)

    assert repr(found) == repr(events)
    assert all(isinstance(told[0], Validated) and told[0].trials == (k,) for k, told in enumerate(found))
    for one, other in zip(packs, expected, strict=True):
        assert same_bits(one.parameters.get(0), other.parameters.get(0))


def test_an_error_in_a_worker_reaches_the_caller(monkeypatch):
    """It is not lost in its thread."""

    def fail(pack, until):
        raise ZeroDivisionError("in the worker")

    monkeypatch.setattr(workers_module, "run", fail)
    with Workers(num_workers=1) as workers, pytest.raises(ZeroDivisionError, match="in the worker"):
        workers.advance(["pack"], until=1)


def test_an_interrupt_waits_until_every_pack_is_whole(monkeypatch):
    """Ctrl-C is raised only after the other packs have ended their rung."""
    ended = []

    def go(pack, until):
        if pack == "interrupted":
            raise KeyboardInterrupt
        time.sleep(0.1)
        ended.append(pack)
        return []

    monkeypatch.setattr(workers_module, "run", go)
    with Workers(num_workers=2) as workers:
        with pytest.raises(KeyboardInterrupt):
            workers.advance(["interrupted", "slow", "slower"], until=1)
        after = list(ended)

    assert sorted(after) == ["slow", "slower"]


@pytest.mark.parametrize(
    ("written", "cores"), [("100000 100000", 1), ("150000 100000", 2), ("max 100000", 64), ("junk", 64)]
)
def test_a_containers_quota_counts(written, cores, tmp_path, monkeypatch):
    """A container with two cores' time on a large host gets two workers."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu.max").write_text(written)

    assert num_cores(tmp_path / "cpu.max") == cores
    assert num_cores(tmp_path / "nowhere") == 64
