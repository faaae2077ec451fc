"""Facts about the memory that packs may take."""

import torch

from practicum.engine.plans.memory import SHARE, free_bytes, largest_pack

CPU = torch.device("cpu")


def test_what_linux_calls_available_is_free(tmp_path):
    """In kibibytes, as the kernel writes it."""
    (tmp_path / "meminfo").write_text("MemTotal: 10 kB\nMemAvailable:    2048 kB\n")

    assert free_bytes(CPU, tmp_path, tmp_path / "none") == 2048 * 1024


def test_a_containers_limit_counts(tmp_path):
    """What it has used is gone."""
    (tmp_path / "meminfo").write_text("MemAvailable: 2048 kB\n")
    (tmp_path / "memory.max").write_text("1000000")
    (tmp_path / "memory.current").write_text("400000")

    assert free_bytes(CPU, tmp_path, tmp_path) == 600000


def test_a_container_without_limit_does_not(tmp_path):
    """It says "max"."""
    (tmp_path / "meminfo").write_text("MemAvailable: 2048 kB\n")
    (tmp_path / "memory.max").write_text("max")

    assert free_bytes(CPU, tmp_path, tmp_path) == 2048 * 1024


def test_without_linux_the_whole_memory_counts(tmp_path):
    """Some number, above zero."""
    assert free_bytes(CPU, tmp_path / "none", tmp_path / "none") > 0


def test_a_pack_takes_its_share_and_holds_one_trial_at_least():
    """Workers share what is free."""
    assert largest_pack(10, 1000, 1) == int(SHARE * 100)
    assert largest_pack(10, 1000, 5) == int(SHARE * 20)
    assert largest_pack(10**9, 1000, 1) == 1
