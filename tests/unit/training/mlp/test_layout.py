"""Facts about where parameters lie in memory."""

import pytest
import torch
from tests.oracles.problems import same_bits

from practicum.core.shapes import GRID
from practicum.models.initial import initial_parameters
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.training.mlp.layout import Parameters

NETWORK = Network(5, (20, 12), 3, "tanh", "multiclass", num_levels=(4, 7))


def values(seed):
    """Return plain values of one trial, none of them zero."""
    return {name: torch.from_numpy(v).float() + 1 for name, v in initial_parameters(NETWORK, seed).items()}


@pytest.fixture
def parameters():
    """Three trials with different values."""
    parameters = Parameters(NETWORK, 3, torch.float32, torch.device("cpu"))
    for position in range(3):
        parameters.put(position, values(position))
    return parameters


def test_what_was_put_comes_back(parameters):
    """Each trial has its own values, under the names of the module."""
    assert all(same_bits(parameters.get(k), values(k)) for k in range(3))
    assert parameters.get(0).keys() == MLP(NETWORK).state_dict().keys()


def test_a_copy_is_a_copy(parameters):
    """What is handed out is not changed by training that goes on."""
    kept = parameters.get(1)
    parameters.flat.zero_()

    assert same_bits(kept, values(1))


def test_sizes_are_padded_except_the_outputs(parameters):
    """Inputs 5 + 2 + 4 go to 16, 20 units to 32, 12 to 16; three outputs stay three."""
    assert [tuple(w.shape) for w in parameters.weights] == [(3, 32, 16), (3, 16, 32), (3, 3, 16)]
    assert [tuple(b.shape) for b in parameters.biases] == [(3, 32, 1), (3, 16, 1), (3, 3, 1)]
    assert [tuple(t.shape) for t in parameters.tables] == [(3, 4, 2), (3, 7, 4)]


def test_padding_starts_at_zero(parameters):
    """Only the real sizes are ever set."""
    real = sum(value.numel() for k in range(3) for value in values(k).values())

    assert int(parameters.flat.count_nonzero()) == real


def test_every_block_is_a_view_that_starts_on_the_grid(parameters):
    """One buffer holds all; blocks do not overlap."""
    starts = [block.storage_offset() for block in parameters.blocks.values()]
    ends = [start + block.numel() for start, block in zip(starts, parameters.blocks.values(), strict=True)]

    assert all(
        b.untyped_storage().data_ptr() == parameters.flat.data_ptr() for b in parameters.blocks.values()
    )
    assert all(start % GRID == 0 for start in starts)
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_like_makes_zeros_of_the_same_kind(parameters):
    """For as many trials, or for another number."""
    assert parameters.like().flat.shape == parameters.flat.shape
    assert parameters.like(5).weights[0].shape == (5, 32, 16)
    assert not parameters.like().flat.any()


def test_selecting_keeps_the_right_trials(parameters):
    """In the order asked for, as a copy."""
    chosen = parameters.select(torch.tensor([2, 0]))
    parameters.flat.zero_()

    assert chosen.num_trials == 2
    assert same_bits(chosen.get(0), values(2))
    assert same_bits(chosen.get(1), values(0))


def test_copying_overwrites_only_the_trials_named(parameters):
    """The best weights of some trials change, those of the others stay."""
    target = parameters.like()
    target.copy_trials_(parameters, torch.tensor([1]))

    assert same_bits(target.get(1), values(1))
    assert not any(value.any() for k in (0, 2) for value in target.get(k).values())


def test_values_are_converted_to_the_parameters_type():
    """Initial values come in double precision."""
    parameters = Parameters(NETWORK, 1, torch.float32, torch.device("cpu"))
    parameters.put(0, {name: value.double() for name, value in values(0).items()})

    assert same_bits(parameters.get(0), values(0))


def test_trials_may_have_inputs_of_their_own_number():
    """On one grid: each has the weights from its own inputs, also in a copy and in a selection."""
    network = Network(5, (20,), 3, "tanh", "multiclass")
    parameters = Parameters(network, 3, torch.float32, torch.device("cpu"), [5, 7, 16])
    keep = torch.tensor([2, 0])

    def widths(stack):
        return [stack.get(k)["layers.0.weight"].shape[1] for k in range(stack.num_trials)]

    assert widths(parameters) == widths(parameters.copy()) == [5, 7, 16]
    assert widths(parameters.select(keep)) == [16, 5]
