"""Facts about trees of tensors."""

from __future__ import annotations

import pytest
import torch

from practicum.core.errors import DataError, ShapeError
from practicum.data.tree import check_tree, leaves, mapped, num_rows, take, to


def tree():
    """Return a nested tree of four rows."""
    return {"x": {"a": torch.arange(8.0).view(4, 2), "b": torch.arange(4)}, "y": torch.tensor([True] * 4)}


def test_paths_name_every_tensor_in_order():
    """A path joins the keys by dots."""
    paths = [path for path, _ in leaves(tree())]

    assert paths == ["x.a", "x.b", "y"]


def test_a_bare_tensor_is_a_tree():
    """It has one leaf of an empty path."""
    assert [path for path, _ in leaves(torch.zeros(3))] == [""]


def test_rows_are_counted_on_the_first_axis():
    """A tree of four rows has four."""
    assert num_rows(tree()) == 4


def test_taking_rows_of_all_trials():
    """Indices (B,) give (B, …) in every tensor."""
    taken = take(tree(), torch.tensor([3, 0]))

    assert taken["x"]["a"].tolist() == [[6.0, 7.0], [0.0, 1.0]]
    assert taken["x"]["b"].tolist() == [3, 0]


def test_taking_rows_of_each_trial():
    """Indices (K, B) give (K, B, …)."""
    taken = take(tree(), torch.tensor([[3], [0]]))

    assert taken["x"]["a"].shape == (2, 1, 2)


def test_taken_rows_are_copies():
    """Writing into them leaves the data alone."""
    data = torch.zeros(3)
    take(data, torch.arange(3)).add_(1)

    assert data.tolist() == [0, 0, 0]


def test_mapping_keeps_the_form():
    """Every tensor is changed, none is moved."""
    doubled = mapped(tree(), lambda values: values.double())

    assert [values.dtype for _, values in leaves(doubled)] == [torch.float64] * 3


def test_a_tree_goes_to_a_device():
    """All its tensors go."""
    assert {values.device.type for _, values in leaves(to(tree(), torch.device("cpu")))} == {"cpu"}


def test_a_good_tree_passes_as_it_is():
    """NaN is a value like others."""
    data = {"x": torch.tensor([[torch.nan], [1.0]]), "y": torch.tensor([0, 1])}

    assert check_tree(data, "train") is data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1, 2], "`train` must be a tensor or a nested dict of tensors, but got list"),
        ({"x": {"a": 3}}, r"but got int \(at x.a\)"),
        ({}, "`train` must hold at least one tensor, but got an empty dict"),
        ({"x": torch.zeros(0, 2)}, "`train` must hold at least one example, but got 0 rows"),
        (torch.tensor(1.0), "`train` must have a first axis that counts examples"),
        ({1: torch.zeros(2)}, "`train` must have strings as keys, but got 1"),
        (
            {"x": torch.zeros(2, dtype=torch.complex64)},
            r"dense floats, integers or booleans, but got torch.complex64",
        ),
        ({"x": torch.zeros(2).to_sparse()}, "torch.sparse_coo"),
        ({"x": torch.zeros(2, requires_grad=True)}, r"requires a gradient \(at x\). Pass its .detach"),
    ],
)
def test_unusable_data_are_refused(data, message):
    """The message says what it is and where."""
    with pytest.raises(DataError, match=message):
        check_tree(data, "train")


def test_unequal_rows_are_refused():
    """The message lists the rows of every tensor."""
    with pytest.raises(ShapeError, match="but got x: 4 rows, y: 3 rows"):
        check_tree({"x": torch.zeros(4, 2), "y": torch.zeros(3)}, "train")
