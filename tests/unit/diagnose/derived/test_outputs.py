"""Facts about what the network says of kept rows."""

import torch
from tests.made_watched import watched
from torch import nn

from practicum.diagnose.derived.outputs import (
    outputs_of,
    start_outputs,
    train_outputs,
    valid_outputs,
    wrong_rows,
)
from practicum.monitor.facts import Facts


def test_a_net_that_learned_errs_less_than_at_its_start():
    """On training rows; its losses are those of each row."""
    facts = watched()
    now, start, valid = train_outputs(facts), start_outputs(facts), valid_outputs(facts)

    assert now.error < 0.1 < start.error
    assert valid.error < 0.15
    assert torch.allclose(
        now.losses, nn.functional.cross_entropy(now.outputs, now.targets, reduction="none"), atol=1e-6
    )


def test_the_model_is_left_as_it_is():
    """Mode, running statistics and random numbers."""
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5))
    model.train()
    state, mean = torch.get_rng_state(), model[0].running_mean.clone()

    outputs_of(model, torch.randn(8, 3, generator=torch.Generator().manual_seed(0)), training=True)

    assert model.training
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(model[0].running_mean, mean)


def test_one_output_is_a_logit_or_a_probability():
    """Its border lies at 0 or at a half."""
    y = torch.tensor([1.0, 0.0])

    assert wrong_rows(torch.tensor([[0.4], [-0.2]]), y).tolist() == [False, False]
    assert wrong_rows(torch.tensor([[0.4], [0.2]]), y).tolist() == [True, False]
    assert wrong_rows(torch.zeros(2, 1), torch.tensor([0.3, 2.0])) is None


def test_without_rows_nothing_is_asked():
    """None, not an error."""
    assert train_outputs(Facts()) is None
