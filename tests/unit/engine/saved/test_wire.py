"""Facts about the code of messages and checkpoints."""

from __future__ import annotations

import math

import pytest
import torch
from safetensors.torch import load, save

from practicum.core.errors import RecordError
from practicum.engine.saved.wire import decode, encode, read_meta

TENSORS = {
    "float32": torch.tensor([[1.5, math.nan], [math.inf, -0.0]]),
    "float64": torch.tensor([1e-310, math.pi], dtype=torch.float64),
    "bfloat16": torch.tensor([1.0, 3.0], dtype=torch.bfloat16),
    "int64": torch.tensor([-(2**62), 2**62]),
    "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(7),
    "empty": torch.zeros(0, 3),
    "a/b.c": torch.arange(6).reshape(2, 3).T,
}


def test_values_and_tensors_come_back() -> None:
    """Every type, odd numbers, no numbers, views; bit by bit."""
    meta = {
        "nan": math.nan,
        "inf": -math.inf,
        "text": "ε\n",
        "none": None,
        "list": [1, [2.5, True]],
        "empty": {},
    }
    found, tensors = decode(encode(meta, TENSORS))

    assert repr(found) == repr(meta)
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert (tensors[name].dtype, tensors[name].shape) == (tensor.dtype, tensor.shape)
        assert torch.equal(tensors[name].reshape(-1).view(torch.uint8), tensor.reshape(-1).view(torch.uint8))


def test_tensors_may_share_memory() -> None:
    """Views of one buffer are written as what they show, and only that."""
    whole = torch.arange(1000.0)
    data = encode({}, {"whole": whole[:10], "part": whole[5:8], "again": whole[5:8]})
    _, tensors = decode(data)

    assert len(data) < 1000
    assert tensors["part"].tolist() == tensors["again"].tolist() == [5.0, 6.0, 7.0]


def test_what_is_decoded_may_be_changed() -> None:
    """Tensors are not windows into read-only bytes."""
    _, tensors = decode(encode({}, {"x": torch.zeros(3)}))
    tensors["x"] += 1

    assert tensors["x"].tolist() == [1, 1, 1]


def test_any_tool_can_read_it() -> None:
    """The bytes are an ordinary safetensors file."""
    assert load(encode({"step": 3}, {"x": torch.ones(2)}))["x"].tolist() == [1.0, 1.0]


def test_meta_alone_can_be_read(tmp_path) -> None:
    """Without reading the tensors."""
    (tmp_path / "file").write_bytes(encode({"step": 3}, TENSORS))

    assert read_meta(tmp_path / "file") == {"step": 3}


GOOD = encode({"step": 3}, {"x": torch.arange(100.0)})
DAMAGED = {
    "nothing": b"",
    "too short": GOOD[:5],
    "cut in the header": GOOD[:50],
    "cut in the numbers": GOOD[:-1],
    "a bit flipped": GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
    "no safetensors": b"hello, this is no such file",
    "not ours": save({"x": torch.ones(2)}),
    "not our JSON": save({"x": torch.ones(2)}, {"practicum": "{"}),
    "no sum": save({"x": torch.ones(2)}, {"practicum": "{}"}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_bytes_are_refused(name: str) -> None:
    """One message, whatever is wrong with them."""
    with pytest.raises(
        RecordError, match=r"`checkpoint` must be undamaged, but here is not .*Remove it to begin anew\."
    ):
        decode(DAMAGED[name], "here")


@pytest.mark.parametrize("name", ["nothing", "too short", "cut in the header", "no safetensors", "not ours"])
def test_a_damaged_header_is_refused(name: str, tmp_path) -> None:
    """The same where only the header is read."""
    (tmp_path / "file").write_bytes(DAMAGED[name])

    with pytest.raises(RecordError, match=r"`checkpoint` must be undamaged, but .*file is not"):
        read_meta(tmp_path / "file")


def test_an_absent_file_has_no_meta(tmp_path) -> None:
    """It is told like a damaged one."""
    with pytest.raises(RecordError, match="FileNotFoundError"):
        read_meta(tmp_path / "file")
