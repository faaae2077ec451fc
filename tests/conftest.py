"""What every test may use: one thread, a device, the larger real tables. No seed is global."""

from __future__ import annotations

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
