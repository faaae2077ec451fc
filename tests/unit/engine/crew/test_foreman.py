"""Facts about a foreman, with a crew whose answers the test decides."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.problems import problem, small_recipe

from practicum.engine.crew.crew import Trouble
from practicum.engine.crew.foreman import Foreman, Halved
from practicum.engine.crew.piece import Piece
from practicum.engine.plans.plan import Plan
from practicum.engine.saved import checkpoint
from practicum.engine.saved.checkpoint import Checkpoints
from practicum.engine.saved.told import Told
from practicum.training.snapshot import Snapshot

RECIPES = [small_recipe(seed=seed) for seed in range(4)]
PLAN = Plan(RECIPES, problem("binary").laid_out(RECIPES[0]), (0, 1, 2, 3))
DIED = Trouble("died", "It died.")
FULL = Trouble("memory", "MemoryError: full.")


class Script:
    """A crew that answers as it is written."""

    def __init__(self, *answers, num_workers=1):
        self.answers, self.num_workers = list(answers), num_workers
        self.orders, self.replaced, self._busy = [], 0, []

    def give(self, worker, order):
        """Note it."""
        self.orders.append((worker, order))
        self._busy.append(worker)

    def take(self):
        """Give the next answer, of who was asked first."""
        return [(self._busy.pop(0), self.answers.pop(0))]

    def hire(self):
        """Add one."""
        self.num_workers += 1
        return self.num_workers - 1

    def dismiss(self, worker):
        """Note it."""
        self.dismissed = worker

    def replace(self, worker):
        """Count."""
        self.replaced += 1


@pytest.fixture
def foreman(tmp_path):
    """Return a function that makes a foreman of a scripted crew, with checkpoints in the test's folder."""

    def make(*answers, **options):
        return Foreman(Script(*answers, **options), [PLAN], ["mine"], Checkpoints(tmp_path))

    return make


def piece(*members):
    """Return a piece of ``members``, all by default."""
    return Piece("pack-000", 0, members or (0, 1, 2, 3))


def test_orders_are_done_one_after_another(foreman):
    """A worker gets the next when the last is answered; what comes out names worker and piece."""
    mine, one, other = foreman(Told(5, (0,)), Told(7, ())), piece(), piece()
    mine.ask(0, one, 5)
    mine.ask(0, other, 7)

    assert (mine.load(0), len(mine.crew.orders)) == (2, 1)
    assert mine.wait() == [(0, one, Told(5, (0,)))]
    assert len(mine.crew.orders) == 2
    assert mine.wait() == [(0, other, Told(7, ()))]
    assert not mine.busy
    assert mine.wait() == []


def test_a_dead_worker_is_replaced_and_the_order_given_again(foreman):
    """Who waits does not notice."""
    mine, one = foreman(DIED, Told(5, (0,))), piece()
    mine.ask(0, one, 5)

    assert mine.wait() == [(0, one, Told(5, (0,)))]
    assert mine.crew.replaced == 1
    assert mine.crew.orders[0] == mine.crew.orders[1]


def test_two_deaths_at_a_place_halve_the_piece(foreman):
    """The order is returned with the halves; the worker goes on with what it has."""
    mine, one, other = foreman(DIED, DIED, Told(9, ())), piece(), piece()
    mine.ask(0, one, 5, "budget")
    mine.ask(0, other, 9)
    worker, whole, halved = mine.wait()[0]

    assert isinstance(halved, Halved)
    assert (worker, whole, halved.order) == (0, one, one.order(5, "budget"))
    assert [half.members for half in halved.halves] == [(0, 1), (2, 3)]
    assert mine.wait() == [(0, other, Told(9, ()))]


def test_full_memory_halves_at_once(foreman):
    """The same would happen again; nobody has died."""
    mine = foreman(FULL)
    mine.ask(0, piece(), 5)

    assert [half.members for half in mine.wait()[0][2].halves] == [(0, 1), (2, 3)]
    assert mine.crew.replaced == 0


def test_halves_are_of_the_trials_in_the_checkpoint(foreman, tmp_path):
    """Who had left before it has left; who left after it is trained again."""
    state = Snapshot({"fingerprint": "mine", "pack": {"trials": [0, 2, 3]}}, {"x": torch.zeros(1)})
    checkpoint.write(tmp_path / "pack-000.safetensors", state)
    mine, one = foreman(FULL), piece()
    one.collected |= {1, 2}
    mine.ask(0, one, 5)
    halves = mine.wait()[0][2].halves

    assert [half.members for half in halves] == [(0,), (2, 3)]
    assert [half.training for half in halves] == [(0,), (3,)]


@pytest.mark.parametrize(("answers", "text"), [((DIED, DIED), "It died."), ((FULL,), "MemoryError: full.")])
def test_a_single_trial_fails_alone(answers, text, foreman):
    """With the reason; the others go on elsewhere."""
    mine, one = foreman(*answers), piece(2)
    mine.ask(0, one, 5)
    told = mine.wait()[0][2]

    assert [(r.trial, r.status) for r in told.results] == [(2, "failed")]
    assert told.results[0].reason.startswith(text)
    assert one.training == ()


def test_an_exception_is_raised(foreman):
    """It is a bug or a user's own, and no reason to try again."""
    mine = foreman(Trouble("error", "ZeroDivisionError: x", ZeroDivisionError("x")))
    mine.ask(0, piece(), 5)

    with pytest.raises(ZeroDivisionError, match="x"):
        mine.wait()

    assert mine.wait() == []


def test_workers_come_and_go(foreman):
    """One that has orders is not sent home."""
    mine, one = foreman(Told(5, (0,)), num_workers=0), piece()
    worker = mine.hire()
    mine.ask(worker, one, 5)

    assert mine.wait() == [(0, one, Told(5, (0,)))]
    mine.dismiss(worker)
    assert mine.crew.dismissed == 0
    assert (mine.busy, mine.hire()) == (False, 1)
