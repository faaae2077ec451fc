"""Facts about where a module keeps its tensors."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import Replaced, Tied, Views
from torch import nn

from practicum.training.lift.places import Places, roles_of
from practicum.training.program import Role


def test_a_tied_weight_has_one_name():
    """Its state dict has two keys for it."""
    places = Places(Tied())

    assert places.learned == ("visible", "encoder.weight", "encoder.bias")
    assert places.state_names["again.weight"] == "encoder.weight"


def test_a_tied_weight_is_put_at_all_its_places():
    """Both layers see the tensor that is put."""
    module = Tied()
    places = Places(module)
    values = [torch.ones_like(places.tensors[name]) for name in places.learned]
    with places.holding(values, []):
        seen = module.encoder.weight, module.again.weight

    assert seen[0] is seen[1] is values[1]


def test_afterwards_the_module_has_its_own():
    """Even after an error."""
    module = nn.Linear(2, 2)
    own = module.weight
    places = Places(module)
    with pytest.raises(RuntimeError), places.holding([torch.ones(2, 2), torch.ones(2)], []):
        module(torch.ones(3))

    assert module.weight is own


def test_what_is_not_saved_has_no_key():
    """A buffer that is not persistent is another tensor of the module, but not in its state dict."""
    places = Places(Replaced())

    assert "passing" in places.others
    assert "passing" not in places.state_names


def test_bound_tensors_share_memory():
    """Who writes into one writes into the module."""
    module = nn.Linear(2, 2)
    mine = [torch.zeros(2, 2), torch.zeros(2)]
    Places(module).bind(mine, [])
    mine[0].fill_(3.0)

    assert module.weight.flatten().tolist() == [3.0] * 4


def test_where_an_attribute_is_a_view_values_are_copied():
    """So the view goes on to show the weights."""
    module = Views()
    places = Places(module)
    places.bind([torch.full_like(places.tensors[name], 2.0) for name in places.learned], [])

    assert places.viewed
    assert module.view.unique().tolist() == [2.0]


def test_layers_are_counted_by_their_weights():
    """Normalisation and slopes belong to the layer before, tables are embeddings."""
    module = nn.Sequential(nn.Embedding(3, 4), nn.Linear(4, 5), nn.LayerNorm(5), nn.PReLU(), nn.Linear(5, 1))

    assert roles_of(module) == {
        "0.weight": Role(0, "embedding"),
        "1.weight": Role(1, "weight"),
        "1.bias": Role(1, "bias"),
        "2.weight": Role(1, "bias"),
        "2.bias": Role(1, "bias"),
        "3.weight": Role(1, "bias"),
        "4.weight": Role(2, "weight"),
        "4.bias": Role(2, "bias"),
    }


def test_frozen_parameters_have_no_role():
    """What does not learn has neither rate nor penalty."""
    module = nn.Linear(2, 2)
    module.weight.requires_grad_(False)

    assert set(roles_of(module)) == {"bias"}


def test_a_module_that_begins_with_vectors_has_a_layer_0():
    """There is no layer before the first."""
    assert roles_of(nn.Sequential(nn.LayerNorm(2), nn.Linear(2, 2)))["0.weight"].layer == 0
