"""The loss at the start against the best constant: the prior's closed forms, planted faults, healthy starts."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.checks.start_loss import check_start_loss
from practicum.core.errors import ConfigError

X = torch.randn(200, 5, generator=torch.Generator().manual_seed(0))
CLASSES = torch.tensor([0] * 20 + [1] * 80 + [2] * 100)
NUMBERS = torch.linspace(-3, 5, 200)[:, None]
BITS = (torch.arange(200) < 60).float()[:, None]
STANDARD = (NUMBERS - NUMBERS.mean()) / NUMBERS.std()


def net(num_outputs, *end):
    """Return a net of one hidden layer, with PyTorch's initial weights."""
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, num_outputs), *end)


ENTROPY = -sum(p * math.log(p) for p in (0.1, 0.4, 0.5))
BINARY = -0.3 * math.log(0.3) - 0.7 * math.log(0.7)


@pytest.mark.parametrize(
    ("model", "loss", "targets", "prior"),
    [
        (net(3), nn.CrossEntropyLoss(), CLASSES, ENTROPY),
        (net(3, nn.LogSoftmax(dim=-1)), nn.NLLLoss(), CLASSES, ENTROPY),
        (net(3, nn.Softmax(dim=1)), lambda o, t: F.nll_loss(o.log(), t), CLASSES, ENTROPY),
        (net(1), nn.BCEWithLogitsLoss(), BITS, BINARY),
        (net(1, nn.Sigmoid()), nn.BCELoss(), BITS, BINARY),
        (net(1), nn.MSELoss(), NUMBERS, float(NUMBERS.double().var(correction=0))),
        (net(1), nn.L1Loss(), NUMBERS, float((NUMBERS - NUMBERS.median()).abs().mean())),
        (net(1, nn.Softplus()), nn.MSELoss(), BITS, 0.21),
        (net(1, nn.Softplus()), nn.MSELoss(), BITS - 2, 3.1),
    ],
)
def test_the_prior_is_the_closed_form(model, loss, targets, prior):
    """Entropy of the frequencies, variance, mean absolute deviation from the median."""
    assert check_start_loss(model, loss, X, targets).prior == pytest.approx(prior, rel=1e-4)


@pytest.mark.parametrize(
    ("num_outputs", "loss", "targets"),
    [
        (3, nn.CrossEntropyLoss(), CLASSES),
        (1, nn.BCEWithLogitsLoss(), BITS),
        (1, nn.MSELoss(), STANDARD),
        (1, nn.SmoothL1Loss(), STANDARD),
    ],
)
def test_a_healthy_start_is_not_blamed_and_a_large_last_layer_is(num_outputs, loss, targets):
    """Twenty times PyTorch's weights [L4]."""
    model = net(num_outputs)
    healthy = check_start_loss(model, loss, X, targets)
    with torch.no_grad():
        model[2].weight *= 20
    large = check_start_loss(model, loss, X, targets)

    assert healthy.finding is None
    assert healthy.text.startswith("The loss starts at")
    assert large.finding.severity in ("warning", "critical")
    assert large.finding.causes[0][0] == "L4"
    assert "weights smaller" in large.text
    assert large.loss == pytest.approx(float(loss(model(X), targets).detach()), rel=1e-4)


def test_a_wrong_bias_is_found():
    """Ten nats on one class."""
    model = net(3)
    with torch.no_grad():
        model[2].bias[0] += 10

    assert check_start_loss(model, nn.CrossEntropyLoss(), X, CLASSES).finding.severity == "warning"


def test_rare_classes_are_worth_knowing():
    """The log of their frequencies as bias saves the first steps; without it nothing is wrong."""
    rare = (torch.arange(200) < 8).float()[:, None]
    start = check_start_loss(net(1), nn.BCEWithLogitsLoss(), X, rare)

    assert start.zero == pytest.approx(math.log(2))
    assert start.finding.severity == "info"
    assert "log of the classes' frequencies" in start.text


def test_targets_far_from_zero_are_found():
    """Of a thousand, with a spread of one: the net would have to grow first."""
    start = check_start_loss(net(1), nn.MSELoss(), X, 1000 + STANDARD)

    assert start.finding.severity == "warning"
    assert "standardise" in start.text


@pytest.mark.parametrize("seed", range(5))
def test_a_small_batch_of_many_classes_is_not_blamed(seed):
    """Its frequencies are chance: eight examples of ten classes."""
    chooser = torch.Generator().manual_seed(seed)
    x, y = torch.randn(8, 5, generator=chooser), torch.randint(0, 10, (8,), generator=chooser)

    assert check_start_loss(net(10), nn.CrossEntropyLoss(), x, y).finding is None


def test_a_loss_that_is_no_number_is_critical():
    """As of NaN in the inputs."""
    start = check_start_loss(net(1), nn.MSELoss(), X * float("nan"), NUMBERS)

    assert math.isnan(start.loss)
    assert start.finding.severity == "critical"


def test_what_has_no_lowest_value_is_refused():
    """NLLLoss of logits, as an example; and several outputs."""
    with pytest.raises(ConfigError, match="`loss` must have a lowest value for a constant output"):
        check_start_loss(net(3), nn.NLLLoss(), X, CLASSES)
    with pytest.raises(ConfigError, match=r"`model` must return one floating tensor .* but got tuple"):
        check_start_loss(nn.LSTM(5, 3), nn.MSELoss(), X, NUMBERS)


def test_the_model_and_the_generator_stay_as_they_were():
    """Also a loss with a state, and under `no_grad`."""
    model, loss = net(3, nn.Dropout()), nn.CrossEntropyLoss(weight=torch.ones(3))
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    with torch.no_grad():
        check_start_loss(model, loss, X, CLASSES)

    assert model.training
    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert all(one.grad is None and one.dtype == torch.float32 for one in model.parameters())
    assert loss.weight.dtype == torch.float32
    assert torch.equal(state, torch.get_rng_state())
