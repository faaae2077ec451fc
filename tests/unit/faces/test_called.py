"""Facts about functions and arrays of a user's own that a command line names."""

import sys

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from practicum.core.errors import ConfigError, DataError
from practicum.faces.called import arrays_in, function_called, is_called


@pytest.fixture(autouse=True)
def _same_path(monkeypatch):
    """Take back what these tests put on the path."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("net.py:build", True),
        ("package.module:build", True),
        ("table.csv", False),
        ("C:table", True),
        (":build", False),
        ("net.py:", False),
        ("net.py:2", False),
    ],
)
def test_a_function_is_named_by_a_colon(text, called):
    assert is_called(text) == called


def test_a_file_whose_name_has_a_colon_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows:x").write_text("a,b\n1,2\n")

    assert not is_called("rows:x")


def test_a_function_in_a_file_is_found_with_its_neighbours(tmp_path):
    """The file may import what lies beside it, and clobbers no module of its name."""
    (tmp_path / "parts_of_mine.py").write_text("WIDTH = 7\n")
    (tmp_path / "json.py").write_text("from parts_of_mine import WIDTH\ndef build(): return WIDTH\n")

    assert function_called(f"{tmp_path / 'json.py'}:build")() == 7
    assert "dumps" in vars(sys.modules["json"])


def test_a_module_in_the_folder_one_is_in_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_nets_of_today.py").write_text("def build(): return 3\n")

    assert function_called("my_nets_of_today:build")() == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no_such_module_anywhere:build", "must be importable"),
        ("nowhere/net.py:build", "must be importable"),
        ("math:squirt", 'Did you mean "sqrt"'),
        ("math:pi", "must be a function"),
    ],
)
def test_what_is_not_there_is_one_message(text, said):
    with pytest.raises(ConfigError, match=said.replace("?", r"\?")):
        function_called(text)


def test_what_a_module_raises_is_told(tmp_path):
    (tmp_path / "broken_net.py").write_text("raise RuntimeError('no such device')\n")

    with pytest.raises(ConfigError, match="RuntimeError: no such device"):
        function_called(f"{tmp_path / 'broken_net.py'}:build")


def test_arrays_come_from_both_kinds_of_files(tmp_path):
    x, y = np.arange(6.0).reshape(3, 2), np.array([0, 1, 0])
    np.savez(tmp_path / "rows.npz", x=x, y=y)
    save_file({"x": torch.from_numpy(x), "y": torch.from_numpy(y)}, tmp_path / "rows.safetensors")

    for name in ("rows.npz", "rows.safetensors"):
        found = arrays_in(tmp_path / name)
        assert torch.equal(found["x"], torch.from_numpy(x).float())
        assert torch.equal(found["y"], torch.from_numpy(y))


def test_nothing_pickled_is_loaded(tmp_path):
    np.savez(tmp_path / "rows.npz", x=np.array([{}], dtype=object), y=np.zeros(1))

    with pytest.raises(DataError, match="NPZ or safetensors"):
        arrays_in(tmp_path / "rows.npz")


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"x": np.zeros(3)}, 'must hold arrays "x" and "y"'),
        ({"x": np.zeros(3), "y": np.zeros(4)}, "same number of rows"),
        ({"x": np.zeros(3), "y": np.array(1.0)}, "must have rows"),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(tmp_path, arrays, said):
    np.savez(tmp_path / "rows.npz", **arrays)

    with pytest.raises(DataError, match=said):
        arrays_in(tmp_path / "rows.npz")


def test_damaged_and_absent_files_are_one_message(tmp_path):
    (tmp_path / "rows.npz").write_bytes(b"PK\x03\x04 not really")

    with pytest.raises(DataError, match="must be an NPZ or safetensors file"):
        arrays_in(tmp_path / "rows.npz")
    with pytest.raises(DataError, match="can be read"):
        arrays_in(tmp_path / "nowhere.npz")


def test_a_script_that_ends_the_program_is_told(tmp_path):
    (tmp_path / "ending.py").write_text("import sys\nsys.exit(0)\n")

    with pytest.raises(ConfigError, match="SystemExit"):
        function_called(f"{tmp_path / 'ending.py'}:build")


def test_a_file_is_run_once(tmp_path):
    (tmp_path / "counted.py").write_text("seen = []\ndef build(): return seen\ndef loss(): return seen\n")
    place = tmp_path / "counted.py"

    assert function_called(f"{place}:build")() is function_called(f"{place}:loss")()


def test_whole_numbers_become_what_losses_take(tmp_path):
    np.savez(tmp_path / "rows.npz", x=np.zeros((2, 1), np.float16), y=np.array([0, 1], np.int32))

    assert arrays_in(tmp_path / "rows.npz")["y"].dtype == torch.int64
