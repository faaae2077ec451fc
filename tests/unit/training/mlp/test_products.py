"""Facts about products of small matrices, by either library."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.problems import advance, problem, same_bits, small_recipe

from practicum.training.mlp import forward as forward_module
from practicum.training.mlp.products import SMALL, numpy_is_quick, product, quick, tile


@pytest.mark.parametrize(
    "shape", [(3, 4, 5), (16, 32, 48), (128, 784, 128), (256, 300, 112), (10, 256, 130), (5, 1, 7)]
)
@pytest.mark.parametrize("by_numpy", [True, False])
def test_products_are_those_of_the_plain_formula(shape, by_numpy):
    """Whole or in tiles, transposed factors and shared ones too, at their values of the moment."""
    rows, inner, columns = shape
    draw = torch.Generator().manual_seed(0)
    a = torch.randn(2, inner, rows, generator=draw).transpose(1, 2)
    b = torch.randn(inner, columns, generator=draw).expand(2, -1, -1)
    out = torch.empty(2, rows, columns)
    multiply = product(a, b, out, by_numpy=by_numpy)
    a.mul_(2)
    multiply()

    torch.testing.assert_close(out, (a.double() @ b.double()).float(), atol=1e-4, rtol=1e-4)


@given(st.integers(1, 40), st.integers(1, 900), st.integers(1, 40))
def test_tiles_cover_the_product_and_are_small(sixteenths, inner, more_sixteenths):
    """Rows and columns are divided without a rest, whatever the sizes."""
    rows, columns = 16 * sixteenths, 16 * more_sixteenths
    high, wide = tile(rows, inner, columns)

    assert (rows % high, columns % wide) == (0, 0)
    assert high * inner * wide <= max(SMALL, 32 * inner * 16)


def test_only_plain_numbers_on_the_processor_go_to_numpy():
    """Double precision has no quick kernels; a GPU has its own."""
    assert not quick(torch.zeros(1, dtype=torch.float64))
    assert quick(torch.zeros(1)) == numpy_is_quick()


@pytest.mark.parametrize("by_numpy", [True, False])
@pytest.mark.parametrize("mode", [{}, {"momentum": 0.9}, {"dropout": 0.2, "corruption_level": 0.1}])
def test_packing_changes_no_bit_by_either_library(monkeypatch, mode, by_numpy):
    """Shared minibatches or own ones, one output or three."""
    monkeypatch.setattr(forward_module, "quick", lambda like: by_numpy)
    for task in ("binary", "multiclass"):
        data = problem(task)
        recipes = [small_recipe(seed=seed, hidden_sizes=(48, 20), **mode) for seed in (0, 1, 0)]
        whole = data.pack(recipes)
        advance(whole, 40)
        for k in (0, 1):
            alone = data.pack([recipes[k]])
            advance(alone, 40)
            assert same_bits(alone.parameters.get(0), whole.parameters.get(k))
