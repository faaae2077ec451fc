"""Facts about a crew of forked processes: what children have, how they end, that nothing is left of them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
import torch
from tests.oracles.problems import problem, small_recipe
from tests.unit.engine.crew.test_threads import FakeBench
from tests.unit.engine.test_result import result

from practicum.core.errors import DataError
from practicum.engine.crew import forks as forks_module
from practicum.engine.crew.bench import Order
from practicum.engine.crew.forks import Forks, can_fork
from practicum.engine.plans.plan import Plan
from practicum.engine.saved.told import Told

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are not forked here (no Linux, or a GPU)")

RECIPE = small_recipe()
PLAN = Plan([RECIPE], problem("binary").laid_out(RECIPE), (0,))
WORK = Order("pack-000", 0, (0,), ("pack-000",), until=10)


def crew(do, settle=lambda: None, num_workers=1):
    """Return a crew whose benches do what the test says."""
    return Forks(num_workers, lambda: FakeBench(do, settle), [PLAN])


def answer(mine, worker=0):
    """Give an order and return the answer."""
    mine.give(worker, WORK)
    return mine.take()[0][1]


def said(mine):
    """Return the word that a bench put into the name of its result's reason."""
    return answer(mine).results[0].reason


def saying(word):
    """Return a function for a bench, which says what ``word`` gives in the child."""
    return lambda: Told(1, (), (), (result(recipe=RECIPE, weights={}, reason=str(word())),))


def handles():
    """Return the number of open files and pipes of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def children():
    """Return the processes that have this one as parent, zombies too."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


@pytest.fixture(autouse=True)
def nothing_left():
    """After every test there are as many children and open pipes as before."""
    before = handles(), children()
    yield
    assert (handles(), children()) == before


def test_a_child_shares_what_the_parent_has():
    """Closures and tensors, without pickle; what it changes is its own."""
    big = torch.zeros(3)

    def change():
        big.add_(1)
        return big.tolist()

    mine = crew(saying(change))
    found = [said(mine), said(mine)]
    mine.close()

    assert found == ["[1.0, 1.0, 1.0]", "[2.0, 2.0, 2.0]"]
    assert big.tolist() == [0, 0, 0]


def test_a_child_is_another_process_with_one_thread():
    """Ctrl-C is the parent's business; a request to end is not refused."""

    def word():
        return (
            os.getppid(),
            torch.get_num_threads(),
            signal.getsignal(signal.SIGINT),
            signal.getsignal(signal.SIGTERM),
        )

    mine = crew(saying(word))
    found = said(mine)
    mine.close()

    assert found == str((os.getpid(), 1, signal.SIG_IGN, signal.SIG_DFL))


def test_a_child_is_the_likelier_victim():
    """When memory is full, the kernel chooses it before the parent, which holds the results."""
    mine = crew(saying(lambda: Path("/proc/self/oom_score_adj").read_text().strip()))
    found = said(mine)
    mine.close()

    assert found == forks_module.MORE_LIKELY_VICTIM


def test_the_recipe_does_not_travel():
    """The parent puts it back."""
    mine = crew(saying(lambda: ""))
    found = answer(mine).results[0]
    mine.close()

    assert found.recipe is RECIPE


def test_answers_come_as_they_are_ready():
    """The quick one does not wait for the slow one."""
    first = []

    def word():
        if first:
            time.sleep(0.2)
        return Told(len(first), ())

    quick = crew(word)
    first.append(1)
    assert quick.hire() == 1
    quick.give(1, WORK)
    quick.give(0, WORK)
    found = [quick.take(), quick.take()]
    quick.close()

    assert found == [[(0, Told(0, ()))], [(1, Told(1, ()))]]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, r"was ended by SIGKILL, as the system does when memory is full"),
        (signal.SIGTERM, r"was ended by SIGTERM\."),
    ],
)
def test_a_death_is_an_answer(number, words):
    """The child at work is gone; another takes its place."""
    lives = iter(["one"])
    mine = crew(lambda: os.kill(os.getpid(), number) if next(lives, None) else None)
    trouble = answer(mine)
    mine._new_bench = lambda: FakeBench(lambda: Told(5, ()))
    mine.replace(0)
    again = answer(mine)
    mine.close()

    assert trouble.kind == "died"
    assert trouble.text.startswith("The worker process was ended by")
    assert words.replace("\\", "") in trouble.text
    assert again == Told(5, ())


def test_a_death_between_two_orders_is_noticed():
    """By who gives the next."""
    mine = crew(lambda: Told(1, ()))
    first = answer(mine)
    os.kill(mine._children[0][0], signal.SIGKILL)
    os.waitid(os.P_PID, mine._children[0][0], os.WEXITED | os.WNOWAIT)
    second = answer(mine)
    mine.close()

    assert first == Told(1, ())
    assert second.kind == "died"


def test_a_child_that_cannot_begin_is_a_death():
    """Its exit status is told."""

    def broken():
        raise OSError

    mine = Forks(1, broken, [PLAN])
    found = answer(mine)
    mine.close()

    assert (found.kind, found.text) == ("died", "The worker process ended with exit status 1.")


def test_an_exception_comes_home():
    """With its class, its text and where it was raised; the child goes on."""
    errors = iter([DataError("`x` is bad."), MemoryError("full")])

    def fail():
        for error in errors:
            raise error
        return Told(3, ())

    mine = crew(fail)
    found = [answer(mine) for _ in range(3)]
    mine.close()

    assert [found[0].kind, found[1].kind, found[2]] == ["error", "memory", Told(3, ())]
    assert isinstance(found[0].error, DataError)
    assert "in fail" in found[0].error.__notes__[0]


def test_what_fails_after_the_answer_comes_with_the_next():
    """A full disk, say."""
    errors = iter([OSError("No space left")])

    def fail():
        for error in errors:
            raise error

    mine = crew(lambda: Told(1, ()), fail)
    found = [answer(mine) for _ in range(3)]
    mine.close()

    assert found[0] == found[2] == Told(1, ())
    assert isinstance(found[1].error, OSError)


def test_what_fails_after_the_last_answer_comes_at_the_end():
    """It is not lost."""

    def fail():
        raise OSError("No space left")

    mine = crew(lambda: Told(1, ()), fail)
    answer(mine)

    with pytest.raises(OSError, match="No space left"):
        mine.close()


@pytest.mark.parametrize("way", ["close", "abandon"])
def test_children_at_work_can_be_given_up(way):
    """Nobody waits for them."""
    mine = crew(lambda: time.sleep(60), num_workers=2)
    mine.give(0, WORK)
    started = time.monotonic()
    getattr(mine, way)()

    assert time.monotonic() - started < 30


def test_a_child_ends_when_the_parent_is_gone():
    """Its pipe says so; no other child holds it open."""
    mine = crew(lambda: Told(1, ()), num_workers=2)
    pipes = [os.dup(pipe.fileno()) for _, pipe in mine._children.values()]
    for pipe in pipes:
        os.close(pipe)
    for pid, pipe in mine._children.values():
        pipe.close()
        ended = os.waitpid(pid, 0)[1]

        assert os.waitstatus_to_exitcode(ended) == 0
    mine._children = {}


def test_a_fork_that_fails_leaves_no_child(monkeypatch):
    """The first one is ended when there is no second."""
    fork, calls = os.fork, []

    def failing():
        calls.append(1)
        if len(calls) == 2:
            raise OSError("Cannot allocate memory")
        return fork()

    monkeypatch.setattr(os, "fork", failing)
    with pytest.raises(OSError, match="Cannot allocate"):
        crew(lambda: None, num_workers=2)


def hanging(monkeypatch, flag, times):
    """Let children hang at the start, as if a thread of the parent had held a lock; so many of them."""
    monkeypatch.setattr(forks_module, "GREETING_SECONDS", 0.2)
    flag.write_text("")

    def hang():
        if len(flag.read_text()) < times:
            with flag.open("a") as file:
                file.write("x")
            time.sleep(60)

    monkeypatch.setattr(forks_module, "_compute", hang)


def test_a_child_that_hangs_at_the_start_is_replaced(monkeypatch, tmp_path):
    """It inherited a lock that nobody will ever open."""
    hanging(monkeypatch, tmp_path / "flag", 2)
    mine = crew(lambda: Told(4, ()))
    found = answer(mine)
    mine.close()

    assert found == Told(4, ())
    assert (tmp_path / "flag").read_text() == "xx"


def test_where_every_child_hangs_the_caller_is_told(monkeypatch, tmp_path):
    """With a way out, and no child left."""
    hanging(monkeypatch, tmp_path / "flag", 99)

    with pytest.raises(
        RuntimeError, match=r"A worker process must be able to compute, but none of 3 .*threads"
    ):
        crew(lambda: None)


def test_a_worker_may_be_hired_later():
    """It knows what came after the first; one that is sent home is gone, its number is not given again."""
    known = ["early"]
    mine = crew(saying(lambda: known[-1]))
    known.append("late")
    worker = mine.hire()
    found = [answer(mine, 0).results[0].reason, answer(mine, worker).results[0].reason]
    before = len(children())
    mine.dismiss(worker)
    after, again = len(children()), mine.hire()
    mine.close()

    assert found == ["early", "late"]
    assert (worker, before - after, again) == (1, 1, 2)


def test_what_fails_after_the_last_answer_comes_when_it_is_sent_home():
    """The others go on."""

    def fail():
        raise OSError("No space left")

    mine = crew(lambda: Told(1, ()), fail, num_workers=2)
    answer(mine, 1)

    with pytest.raises(OSError, match="No space left"):
        mine.dismiss(1)
    first = answer(mine, 0)
    with pytest.raises(OSError, match="No space left"):
        mine.close()
    assert first == Told(1, ())


def test_a_crew_may_begin_with_nobody():
    """Until somebody is hired."""
    mine = crew(lambda: Told(1, ()), num_workers=0)
    found = answer(mine, mine.hire())
    mine.close()

    assert found == Told(1, ())
