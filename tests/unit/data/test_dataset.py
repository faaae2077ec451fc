"""Facts about the rows that data hands to training."""

import dataclasses

import pytest
import torch

from practicum.data.dataset import Dataset


@pytest.mark.parametrize(("num_rows", "num_inputs"), [(0, 3), (5, 3), (5, 0)])
def test_its_length_is_the_number_of_rows(num_rows, num_inputs):
    """Also without rows, and also where every column is looked up and none is a number."""
    codes, target = torch.zeros(num_rows, 2, dtype=torch.int64), torch.zeros(num_rows, 1)

    assert len(Dataset(torch.zeros(num_rows, num_inputs), codes, target, (3, 4))) == num_rows


def test_nothing_in_it_can_be_replaced():
    """Training, scoring and the report hold the same rows."""
    rows = Dataset(torch.zeros(2, 1), torch.zeros(2, 0, dtype=torch.int64), torch.zeros(2, 1))

    with pytest.raises(dataclasses.FrozenInstanceError):
        rows.x = torch.ones(2, 1)
    assert rows.num_levels == ()
