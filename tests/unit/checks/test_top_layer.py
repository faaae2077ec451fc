"""What a model ends with: planted faults are found, healthy ends are not blamed."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.checks.flow import run, traced
from practicum.checks.top_layer import check_top_layer, image, output_unit

torch.manual_seed(0)
X, NUMBERS, CLASSES = torch.randn(40, 4), torch.randn(40, 1), torch.arange(40) % 3
BITS = (torch.arange(40) % 2).float()[:, None]


class Then(nn.Module):
    """A linear layer and a function that no module shows."""

    def __init__(self, num_outputs, function):
        super().__init__()
        self.layer, self.function = nn.Linear(4, num_outputs), function

    def forward(self, x):
        return self.function(self.layer(x))


def deep(num_hidden, kind, top):
    """Return a net of so many hidden layers, the uppermost of another kind."""
    hidden = [part for _ in range(num_hidden) for part in (nn.Linear(4, 4), kind())]
    return nn.Sequential(*hidden[:-1], top(), nn.Dropout(0.5), nn.Linear(4, 1))


def faults(model, loss, x, y):
    """Return the first key of each finding's source, with its severity."""
    return [
        (one.source.split(", ")[-1].removeprefix("fault-"), one.severity)
        for one in check_top_layer(model, loss, x, y)
    ]


@pytest.mark.parametrize(
    ("model", "loss", "targets", "expected"),
    [
        (Then(3, lambda z: z.softmax(1)), nn.CrossEntropyLoss(), CLASSES, [("L1", "critical")]),
        (Then(1, torch.sigmoid), F.binary_cross_entropy_with_logits, BITS, [("L1", "critical")]),
        (
            Then(1, lambda z: z.sigmoid().clamp(1e-6, 0.99)),
            nn.BCEWithLogitsLoss(),
            BITS,
            [("L1", "critical")],
        ),
        (Then(1, torch.tanh), F.mse_loss, 3 * NUMBERS, [("L3", "critical")]),
        (Then(1, F.softplus), F.mse_loss, NUMBERS, [("L3", "critical")]),
        (Then(1, F.relu), F.mse_loss, NUMBERS, [("L3", "critical"), ("3.2-25", "warning")]),
        (Then(1, F.relu6), F.mse_loss, 7 + BITS, [("L3", "critical"), ("3.2-25", "warning")]),
        (Then(3, F.relu), nn.CrossEntropyLoss(), CLASSES, [("3.2-25", "warning")]),
        (Then(1, lambda z: z.clamp(0, 1)), F.mse_loss, BITS, [("3.2-25", "warning")]),
        (Then(1, lambda z: z), F.mse_loss, NUMBERS[:, 0], [("L7", "critical")]),
        (Then(1, lambda z: z), nn.MSELoss(reduction="sum"), NUMBERS, [("L5", "warning")]),
        (deep(3, nn.Tanh, nn.Sigmoid), F.mse_loss, NUMBERS, [("3.2-24", "info")]),
        (deep(4, nn.Sigmoid, nn.Sigmoid), F.mse_loss, NUMBERS, [("3.2-24", "warning")]),
        (Then(1, lambda z: z - z.mean(0)), F.mse_loss, NUMBERS, [("L9", "warning")]),
        (Then(1, lambda z: z.cumsum(0)), F.mse_loss, NUMBERS, [("L9", "warning")]),
        (Then(3, lambda z: z.reshape(3, -1).T), nn.CrossEntropyLoss(), CLASSES, [("L9", "warning")]),
    ],
)
def test_a_planted_fault_is_found(model, loss, targets, expected):
    """Also one that is only written in `forward`; and nothing else is."""
    assert faults(model, loss, X, targets) == expected


@pytest.mark.parametrize(
    ("model", "loss", "targets"),
    [
        (Then(3, lambda z: z), nn.CrossEntropyLoss(), CLASSES),
        (Then(3, lambda z: z.log_softmax(1)), nn.NLLLoss(), CLASSES),
        (Then(1, torch.sigmoid), nn.BCELoss(), BITS),
        (Then(1, lambda z: z.sigmoid().clamp(1e-6, 1 - 1e-6)), nn.BCELoss(), BITS),
        (Then(1, torch.tanh), F.mse_loss, NUMBERS.tanh()),
        (Then(1, F.leaky_relu), F.mse_loss, NUMBERS),
        (Then(1, F.softplus), nn.PoissonNLLLoss(log_input=False), BITS),
        (deep(2, nn.Tanh, nn.Sigmoid), F.mse_loss, NUMBERS),
        (deep(4, nn.Sigmoid, nn.ReLU), F.mse_loss, NUMBERS),
        (nn.Sequential(deep(4, nn.Tanh, nn.Tanh), nn.Sigmoid()), nn.BCELoss(), BITS),
        (nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1)), F.mse_loss, NUMBERS),
        (nn.Sequential(deep(3, nn.Tanh, nn.Sigmoid), nn.Linear(1, 4)), F.mse_loss, X),
    ],
)
def test_a_healthy_end_is_not_blamed(model, loss, targets):
    """Nor batch normalisation, which mixes examples in training only; nor the sigmoids of an auto-encoder."""
    assert check_top_layer(model, loss, X, targets) == ()


def test_a_leak_through_whole_numbers_is_found():
    """No gradient goes through them."""

    class Embedded(nn.Module):
        def __init__(self, leak):
            super().__init__()
            self.table, self.leak = nn.Embedding(9, 2), leak

        def forward(self, x):
            z = self.table(x).sum(1)
            return z + self.leak * z[0]

    x = torch.randint(0, 9, (40, 3), generator=torch.Generator().manual_seed(0))

    assert faults(Embedded(1e-6), F.mse_loss, x, torch.randn(40, 2)) == [("L9", "warning")]
    assert faults(Embedded(0), F.mse_loss, x, torch.randn(40, 2)) == []


def test_a_recurrent_net_with_time_first_may_mean_it():
    """A warning that says so; with the batch first, nothing."""

    class Recurrent(nn.Module):
        def __init__(self, batch_first):
            super().__init__()
            self.cell, self.last = nn.LSTM(4, 5, batch_first=batch_first), nn.Linear(5, 1)

        def forward(self, x):
            return self.last(self.cell(x)[0])

    x, y = torch.randn(6, 3, 4), torch.randn(6, 3, 1)
    (found,) = check_top_layer(Recurrent(batch_first=False), F.mse_loss, x, y)

    assert found.severity == "warning"
    assert "`batch_first=False`" in found.evidence
    assert check_top_layer(Recurrent(batch_first=True), F.mse_loss, x, y) == ()


def test_several_outputs_are_only_checked_for_leaks():
    """The loss knows what each of them is for."""
    model = Then(2, lambda z: (F.relu(z), z + z[:1]))
    loss = lambda out, target: F.mse_loss(out[0], target)  # noqa: E731

    assert faults(model, loss, X, NUMBERS.expand(40, 2)) == [("L9", "warning")]


def test_one_example_alone_cannot_leak():
    """There is no other."""
    assert check_top_layer(Then(1, lambda z: z - 0.5 * z.mean(0)), F.mse_loss, X[:1], NUMBERS[:1]) == ()


def test_the_image_is_the_units_own():
    """Also with bounds of one's own."""
    model = Then(1, lambda z: F.hardtanh(z, -3.0, 2.0))

    assert image(output_unit(run(traced(model), X))) == (-3.0, 2.0)
    assert image(None) == (-float("inf"), float("inf"))
    assert output_unit(torch.ones(2)) is None


def test_the_model_stays_as_it_was():
    """Mode, statistics, gradients, random generator."""
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 1))
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    check_top_layer(model, F.mse_loss, X, NUMBERS)

    assert model.training
    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert all(one.grad is None for one in model.parameters())
    assert torch.equal(state, torch.get_rng_state())
