"""The structure that the graph of one pass shows."""

import pytest
from tests.made_networks import facts_of
from torch import nn

from practicum.diagnose.derived.structure import structure_of

LINEAR = nn.Linear


@pytest.mark.parametrize(
    ("parts", "layers", "bare"),
    [
        ((LINEAR(6, 8), LINEAR(8, 1)), 2, 1),
        ((LINEAR(6, 8), nn.BatchNorm1d(8), LINEAR(8, 1)), 2, 1),
        ((LINEAR(6, 8), nn.Dropout(0.1), LINEAR(8, 1)), 2, 1),
        ((LINEAR(6, 8), nn.Unflatten(1, (2, 4)), nn.Flatten(), LINEAR(8, 1)), 2, 1),
        ((LINEAR(6, 8), nn.GELU(), LINEAR(8, 1)), 2, 0),
        ((LINEAR(6, 8), nn.LayerNorm(8), LINEAR(8, 1)), 2, 0),
        ((LINEAR(6, 1),), 1, 0),
    ],
)
def test_layers_with_nothing_but_linear_operations_between_are_counted(parts, layers, bare):
    """Norms of batches, dropout and reshaping are looked through; the norm of a layer is no linear map."""
    structure = structure_of(facts_of(nn.Sequential(*parts)))

    assert (structure.num_layers, structure.bare) == (layers, bare)


def test_pooling_alone_is_told_apart():
    """The largest of a few numbers is hardly meant as a non-linearity."""
    parts = (
        nn.Unflatten(1, (1, 2, 3)),
        nn.Conv2d(1, 4, 1),
        nn.MaxPool2d(1),
        nn.Conv2d(4, 4, 1),
        nn.Flatten(),
    )
    structure = structure_of(facts_of(nn.Sequential(*parts, nn.Linear(24, 1))))

    assert (structure.num_layers, structure.bare, structure.pooled) == (3, 1, 2)
