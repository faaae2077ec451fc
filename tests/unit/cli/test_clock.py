"""Facts about when the command began."""

import subprocess
import sys
import time

import pytest

from practicum.cli.clock import process_start

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells when a process began"
)


def stat(folder, start_ticks):
    """A /proc/self/stat of a process with a nasty name."""
    file = folder / "stat"
    file.write_text(f"7 (a) b (c) S {' '.join(['0'] * 18)} {start_ticks} 0 0")
    return file


@linux
def test_a_process_knows_its_age():
    """The interpreter's own start counts: the answer lies before the first line that runs."""
    code = (
        "import time; first = time.monotonic()\n"
        "from practicum.cli.clock import process_start\n"
        "print(first - process_start(otherwise=-1))"
    )
    before = time.monotonic()
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    whole = time.monotonic() - before

    assert 0 <= float(said) <= whole


@linux
def test_a_name_with_brackets_is_no_obstacle(tmp_path):
    """Fields are counted from the last bracket of the name."""
    now, began = time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic() - 2

    assert process_start(-1.0, stat(tmp_path, round((now - 2) * 100))) == pytest.approx(began, abs=0.5)


@linux
@pytest.mark.parametrize("seconds", [-5, 3600])
def test_an_unlikely_age_is_not_believed(tmp_path, seconds):
    """A clock of another boot would make the budget meaningless."""
    now = time.clock_gettime(time.CLOCK_BOOTTIME)

    assert process_start(-1.0, stat(tmp_path, round((now - seconds) * 100))) == -1.0


@pytest.mark.parametrize("content", ["", "7 (x) S 1", "7 (x) " + "x " * 40])
def test_a_strange_file_is_not_believed(tmp_path, content):
    """Where the system does not tell, the given time is used."""
    (tmp_path / "stat").write_text(content)

    assert process_start(-1.0, tmp_path / "stat") == -1.0
