"""What every test may use: one thread, a device, the larger real tables. No seed is global.

Tests may run in several processes at once. One that is marked `alone` then waits until no other runs.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# A shared machine may stall for a second at any time, so hypothesis sets no deadline.
settings.register_profile("practicum", deadline=None)
settings.load_profile("practicum")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Run torch on one thread, where the same bits are promised."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> None:
    """Let Ctrl-C end what it should: whoever starts tests in the background may have it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run a test that is marked `alone` beside no other, where several processes run tests.

    All others share the cores. Whoever holds the turn is the next to get them, so that nobody waits for ever.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock

    folder = tmp_path_factory.getbasetemp().parent  # that of all processes
    with (folder / "turn.lock").open("w") as turn, (folder / "cores.lock").open("w") as cores:
        flock(turn, LOCK_EX)
        flock(cores, LOCK_EX if request.node.get_closest_marker("alone") else LOCK_SH)
        flock(turn, LOCK_UN)
        try:
            yield
        finally:
            flock(cores, LOCK_UN)  # a process that the test forked may still have the file open


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def device(request: pytest.FixtureRequest) -> torch.device:
    """Return each device in turn; CUDA only where there is one."""
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device on this machine")
    return torch.device(request.param)


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the example tables that the repository carries."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of larger real tables beside the repository, or skip."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the larger real tables (../shared/data) are not on this machine")
    return folder
