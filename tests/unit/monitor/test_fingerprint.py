"""Facts about numbers that tell batches apart."""

import pytest
import torch

from practicum.monitor.fingerprint import fingerprint, first_tensor, plain


def test_equal_batches_have_equal_numbers():
    x = torch.randn(64, 30)

    assert fingerprint(x) == fingerprint(x.clone())


@pytest.mark.parametrize("change", [lambda x: x.flip(0), lambda x: x.reshape(30, 64), lambda x: x * 1.001])
def test_others_have_others(change):
    x = torch.randn(64, 30)

    assert fingerprint(x) != fingerprint(change(x))


def test_pictures_with_empty_borders_are_told_apart():
    """Whatever the stride, some of what differs is looked at."""
    pictures = torch.zeros(20, 64, 1, 28, 28)
    pictures[:, :, :, 10:18, 10:18] = torch.rand(20, 64, 1, 8, 8)

    assert len({fingerprint(one) for one in pictures}) == 20


def test_sentences_that_begin_alike_are_told_apart():
    words = torch.randint(1000, (20, 256, 12))
    words[:, :, 0] = 101

    assert len({fingerprint(one) for one in words}) == 20


def test_batches_with_nan_are_told_apart_too():
    x = torch.full((3,), torch.nan)

    assert fingerprint(x) == fingerprint(x.clone())


@pytest.mark.parametrize("x", [torch.zeros(0, 3), torch.ones(2, 2).to_sparse(), torch.tensor([True, False])])
def test_odd_tensors_have_one(x):
    assert isinstance(fingerprint(x), int)


def test_the_first_tensor_with_rows_is_found_however_nested():
    x = torch.ones(2, 3)

    assert first_tensor(("word", torch.tensor(1.0), {"a": [None, x]})) is x
    assert first_tensor({"a": 1}) is None


def test_a_sparse_tensor_has_the_numbers_that_are_stored():
    assert plain(torch.tensor([0.0, 2.0]).to_sparse()).tolist() == [2.0]
