"""Facts about what is seen of parameters."""

import math

import pytest
import torch
from torch import nn

from practicum.monitor.parameter_looks import ParameterLooks, rows_apart, settings_of
from practicum.statistics.noise_scale import noise_parts


def step(looks, model, optimizer, x, number, clip=None, tables=()):
    """Take one step that is looked at."""
    looks.begin(number, dict(model.named_parameters()), tables, deep=number == 1)
    optimizer.zero_grad()
    model(x).square().mean().backward()
    for one in model.parameters():
        looks.arrived(one)
    if clip is not None:
        nn.utils.clip_grad_norm_(model.parameters(), clip)
    looks.before(optimizer)
    optimizer.step()
    looks.after(optimizer)
    return looks.take()()


def test_norms_are_those_of_the_step():
    """Of plain gradient descent the step is rate times gradient."""
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    looks = ParameterLooks()
    norm = float(model.weight.detach().norm())
    (weight, bias), pair = step(looks, model, optimizer, torch.randn(8, 4), 1)

    assert (weight.kind, bias.kind) == ("weight", "bias")
    assert math.isclose(weight.norm, norm, rel_tol=1e-6)
    assert math.isclose(weight.update_norm, 0.5 * weight.gradient_norm, rel_tol=1e-4)
    assert weight.raw_norm == weight.gradient_norm
    assert sum(weight.histogram) == sum(weight.gradient_histogram) == 12
    assert all(math.isnan(one) for one in pair)


def test_clipping_shows_between_arrival_and_step():
    """The gradient that arrived is larger than the one that was used."""
    model = nn.Linear(4, 3)
    looks = ParameterLooks()
    (weight, _), _ = step(
        looks, model, torch.optim.SGD(model.parameters(), lr=0.1), 10 * torch.randn(8, 4), 1, clip=1e-3
    )

    assert weight.gradient_norm <= 1e-3 < weight.raw_norm


def test_equal_batches_are_aligned_and_have_no_noise():
    """At a rate of nearly nothing two steps on one batch have one gradient."""
    model, x = nn.Linear(4, 3), torch.randn(8, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-9)
    looks = ParameterLooks()
    step(looks, model, optimizer, x, 1)
    _, (alignment, signal, noise) = step(looks, model, optimizer, x, 2)

    assert alignment > 0.9999
    assert signal > 0
    assert abs(noise) < 1e-4 * signal


def test_signal_and_noise_are_those_of_whole_gradients():
    """As the slow twin has them, from both gradients in one row each."""
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    looks = ParameterLooks()
    rows = []
    for number in (1, 2):
        _, pair = step(looks, model, optimizer, torch.randn(8, 4), number)
        rows.append(torch.cat([one.grad.flatten() for one in model.parameters()])[None])

    signal, noise = noise_parts(*rows)
    assert pair == pytest.approx(
        (float(torch.cosine_similarity(*rows)), float(signal), float(noise)), rel=1e-4
    )


def test_of_a_large_weight_some_rows_tell_the_size_of_all():
    """Within a few per cent; what is used of the gradient and what arrived stay the same."""
    model = nn.Linear(400, 900)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    looks = ParameterLooks()
    before = model.weight.detach().clone()
    (weight, _), _ = step(looks, model, optimizer, torch.randn(64, 400), 1)

    gradient = float(model.weight.grad.norm())
    assert rows_apart(model.weight) > 1
    assert weight.norm == pytest.approx(float(before.norm()), rel=0.05)
    assert weight.gradient_norm == weight.raw_norm == pytest.approx(gradient, rel=0.3)
    assert weight.update_norm == pytest.approx(0.5 * weight.gradient_norm, rel=1e-3)


def test_of_embeddings_all_rows_are_looked_at():
    """A gradient that one row in ten thousand has is not missed, sparse or dense."""
    for sparse, size in (
        (False, (20_000, 8)),
        (True, (20_000, 8)),
        (False, (2000, 512)),
        (True, (2000, 512)),
    ):
        model = nn.Embedding(*size, sparse=sparse)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        looks = ParameterLooks()
        tables = {id(model.weight)} if size == (2000, 512) else ()
        (weight,), _ = step(looks, model, optimizer, torch.tensor([7, 1999]), 1, tables=tables)

        assert weight.gradient_norm == pytest.approx(float(model.weight.grad.to_dense().norm()))


def test_steps_apart_are_no_pair():
    """Only gradients of steps that follow each other are compared."""
    model, x = nn.Linear(4, 3), torch.randn(8, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    looks = ParameterLooks()
    step(looks, model, optimizer, x, 1)

    assert all(math.isnan(one) for one in step(looks, model, optimizer, x, 5)[1])


def test_large_epsilon_holds_every_rate_of_adam():
    """And the usual one none."""
    for epsilon, share in ((10.0, 1.0), (1e-12, 0.0)):
        model = nn.Linear(4, 3)
        looks = ParameterLooks()
        optimizer = torch.optim.Adam(model.parameters(), eps=epsilon)
        (weight, _), _ = step(looks, model, optimizer, torch.randn(8, 4), 1)

        assert weight.epsilon_share == share
        assert math.isfinite(weight.velocity_norm)


@pytest.mark.parametrize(
    ("make", "momentum"),
    [
        (lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, weight_decay=0.1), 0.8),
        (lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.7, 0.9), weight_decay=0.1), 0.7),
    ],
)
def test_settings_are_read_from_the_groups(make, momentum):
    """Whatever the optimiser calls its momentum."""
    found = settings_of([make(nn.Linear(2, 2).parameters())])[0]

    assert (found.learning_rate, found.momentum, found.weight_decay) == (0.1, momentum, 0.1)
    assert (found.num_parameters, found.decayed_biases) == (6, 1)
