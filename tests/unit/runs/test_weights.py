"""Facts about the file of weights."""

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from practicum.core.errors import RecordError
from practicum.runs.weights import load_members, save_members


@pytest.fixture
def members():
    """Two members as views into stacked tensors, as a pack keeps them."""
    stacked = {"layers.0.weight": torch.arange(24.0).reshape(2, 3, 4), "layers.0.bias": torch.ones(2, 3)}
    return [{name: tensor[k] for name, tensor in stacked.items()} for k in range(2)]


@pytest.fixture
def saved(tmp_path: Path, members):
    """A file with these two members."""
    path = tmp_path / "model.safetensors"
    save_members(path, members, {"activation": "relu", "sizes": [4, 3]})
    return path


def test_members_and_metadata_come_back_as_they_were(saved, members):
    """Every tensor is bitwise the same, and the metadata keep their types."""
    loaded, metadata = load_members(saved)

    assert metadata == {"activation": "relu", "sizes": [4, 3]}
    assert [list(member) for member in loaded] == [sorted(member) for member in members]
    for got, expected in zip(loaded, members, strict=True):
        assert all(torch.equal(got[name], expected[name]) for name in expected)


def test_any_tool_can_open_the_file(saved):
    """safetensors alone reads the tensors, under the names of a plain state_dict."""
    with safe_open(saved, framework="np") as file:
        names = set(file.keys())
        assert file.get_tensor("1.layers.0.weight").shape == (3, 4)

    assert names == {f"{k}.layers.0.{name}" for k in (0, 1) for name in ("weight", "bias")}


def test_odd_tensors_survive(tmp_path):
    """Empty, zero-dimensional, integer and transposed tensors come back too."""
    member = {
        "empty": torch.zeros(0, 3),
        "scalar": torch.tensor(2.5),
        "codes": torch.tensor([1, 2]),
        "t": torch.ones(2, 3).T,
    }
    save_members(tmp_path / "m", [member], {})

    (loaded,), _ = load_members(tmp_path / "m")

    assert all(torch.equal(loaded[name], member[name]) for name in member)


def test_a_flipped_byte_is_an_error(saved):
    """safetensors would read changed numbers without a word; the digest tells."""
    content = bytearray(saved.read_bytes())
    content[-1] ^= 1
    saved.write_bytes(content)

    with pytest.raises(RecordError, match=r"undamaged, but .*numbers changed after it was written"):
        load_members(saved)


@pytest.mark.parametrize("keep", [0, 4, 60, -3])
def test_a_cut_file_is_an_error(saved, keep):
    """A file that lost its end is refused, wherever it was cut."""
    saved.write_bytes(saved.read_bytes()[:keep])

    with pytest.raises(RecordError, match="`weights` must be undamaged"):
        load_members(saved)


def test_an_absent_file_is_an_error(tmp_path):
    """The message names the file."""
    with pytest.raises(RecordError, match=r"nothing\.safetensors is not"):
        load_members(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("metadata", [None, {"practicum_format": "1"}])
def test_another_format_is_an_error(tmp_path, metadata):
    """A file of another tool, or of another version of ours, is refused with the found format."""
    save_file({"w": torch.ones(1)}, tmp_path / "m", metadata=metadata)

    with pytest.raises(RecordError, match=r"`weights` must have format 2, but .* has format=(None|1)"):
        load_members(tmp_path / "m")


@pytest.mark.parametrize(
    "metadata",
    [{}, {"num_members": "1", "digest": '"x"', "sizes": "[1,"}, {"num_members": "0", "digest": '"x"'}],
)
def test_broken_metadata_are_an_error(tmp_path, metadata):
    """Missing keys, text that is not JSON and a wrong count of members are told, not raised as they come."""
    save_file({"0.w": torch.ones(1)}, tmp_path / "m", metadata={"practicum_format": "2", **metadata})

    with pytest.raises(RecordError, match="`weights` must be undamaged"):
        load_members(tmp_path / "m")
