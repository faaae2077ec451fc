"""How wide layers are."""

from tests.made_networks import facts_of, tower
from torch import nn

from practicum.diagnose.derived.widths import has_recurrence, narrowest, widths_of


def test_the_last_layer_is_no_hidden_one():
    """It is as wide as the targets are."""
    assert [(one.num_inputs, one.num_units) for one in widths_of(facts_of(tower(16, 3)))] == [
        (6, 16),
        (16, 3),
    ]


def test_the_narrowest_is_found_and_none_where_there_is_none():
    """Of equals the first."""
    assert narrowest(facts_of(tower(16, 3))).num_units == 3
    assert narrowest(facts_of(tower())) is None


def test_recurrent_and_convolutional_layers_count():
    """A layer of both directions is twice as wide."""
    model = nn.ModuleList([nn.Conv1d(2, 5, 3), nn.GRU(4, 7, bidirectional=True), nn.Linear(14, 1)])
    facts = facts_of(model)

    assert [(one.num_inputs, one.num_units) for one in widths_of(facts)] == [(6, 5), (4, 14)]
    assert has_recurrence(facts)
