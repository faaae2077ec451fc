"""A model that uses its inputs beats its blind copy; one that does not is found."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from practicum.checks.blind import check_inputs_used
from practicum.core.errors import ConfigError

CHOOSER = torch.Generator().manual_seed(0)
X = torch.randn(64, 5, generator=CHOOSER)
CLASSES, NUMBERS = (X[:, 0] > 0).long(), X[:, :1] - X[:, 1:2]


class Cut(nn.Module):
    """Uses its inputs a little, or not at all."""

    def __init__(self, use):
        super().__init__()
        self.use, self.layer = use, nn.Linear(5, 2)

    def forward(self, x):
        return self.layer(self.use(x))


def net(num_outputs, *, bias=0.0):
    """Return a net of one hidden layer of rectifiers."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, num_outputs))
    model[0].bias.data += bias
    return model


@pytest.mark.parametrize(
    ("model", "loss", "targets"),
    [
        (net(2), nn.CrossEntropyLoss(), CLASSES),
        (net(1), F.mse_loss, NUMBERS),
        (Cut(lambda x: x), F.cross_entropy, CLASSES),
    ],
)
def test_a_model_that_uses_its_inputs_is_not_blamed(model, loss, targets):
    """The blind copy ends at the best constant, the other clearly lower."""
    found = check_inputs_used(model, loss, X, targets)
    constant = F.mse_loss(targets.float().mean(0).expand_as(targets.float()), targets.float())

    assert found.finding is None
    assert found.seeing < 0.8 * found.blind
    assert found.text.startswith("The inputs are used")
    if loss is F.mse_loss:
        assert found.blind == pytest.approx(float(constant), rel=0.02)


@pytest.mark.parametrize(
    ("model", "inputs"),
    [
        (Cut(lambda x: x * 0), X),
        (Cut(lambda x: x.mean(0).expand_as(x)), X),
        (net(2, bias=-50.0), X),
        (net(2), torch.ones(64, 5)),
    ],
    ids=["ignored", "averaged", "dead", "constant"],
)
def test_a_model_that_does_not_is_found(model, inputs):
    """Inputs that are ignored, averaged over the batch, lost in dead units, or all the same."""
    found = check_inputs_used(model, nn.CrossEntropyLoss(), inputs, CLASSES, num_steps=100)

    assert found.finding.severity == "critical"
    assert found.seeing == pytest.approx(found.blind, rel=0.05)
    assert "64 examples" in found.text


@pytest.mark.parametrize("weight", [-1.0, 0.0, 1.0])
def test_a_weight_that_must_go_far_is_given_a_larger_step(weight):
    """From −1 to 2: at the first rate it would not arrive."""
    model = nn.Linear(1, 1)
    model.weight.data.fill_(weight)

    assert check_inputs_used(model, F.mse_loss, X[:, :1], 2 * X[:, :1]).finding is None


def test_a_weak_signal_is_not_blamed_and_a_trace_is_a_warning():
    """A tenth of the variance, and a hundredth."""
    noise = torch.randn(64, 1, generator=torch.Generator().manual_seed(1))
    noise = noise - X @ torch.linalg.lstsq(X, noise).solution

    def severity(share):
        found = check_inputs_used(
            nn.Linear(5, 1), F.mse_loss, X, noise + (share / (1 - share)) ** 0.5 * X[:, :1]
        )
        return found.finding and found.finding.severity

    assert severity(0.1) is None
    assert severity(0.015) == "warning"


def test_whole_numbers_are_made_blind_too():
    """By the first row for all."""

    class Words(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(5, 2)

        def forward(self, x):
            return self.table(x).sum(1)

    x = torch.arange(64)[:, None] % 4
    found = check_inputs_used(Words(), nn.CrossEntropyLoss(), x, x[:, 0] // 2, num_steps=300)

    assert found.finding is None
    assert found.blind > 0.6


def test_what_has_nothing_to_train_is_refused():
    """Nor can it be seen in a few steps."""
    with pytest.raises(ConfigError, match="`num_steps` must be ≥ 10, but got num_steps=3"):
        check_inputs_used(net(2), nn.CrossEntropyLoss(), X, CLASSES, num_steps=3)
    with pytest.raises(ConfigError, match="`model` must have parameters that require a gradient"):
        check_inputs_used(net(2).requires_grad_(False), nn.CrossEntropyLoss(), X, CLASSES)


def test_the_model_stays_as_it_was_and_the_same_comes_out():
    """Weights, gradients, mode, random generator; with dropout, too."""
    model = nn.Sequential(net(2), nn.Dropout(0.1))
    before = [one.clone() for one in model.state_dict().values()]
    state = torch.get_rng_state()
    first = check_inputs_used(model, nn.CrossEntropyLoss(), X, CLASSES, num_steps=20)
    again = check_inputs_used(model, nn.CrossEntropyLoss(), X, CLASSES, num_steps=20)

    assert first == again
    assert all(torch.equal(a, b) for a, b in zip(before, model.state_dict().values(), strict=True))
    assert all(one.grad is None for one in model.parameters())
    assert model.training
    assert torch.equal(state, torch.get_rng_state())


def test_the_copies_learn_by_adams_formula():
    """The slow twin, on the real inputs."""
    model = net(2)
    found = check_inputs_used(model, nn.CrossEntropyLoss(), X, CLASSES, num_steps=20)
    means, squares, losses = [0.0] * 4, [0.0] * 4, []
    for step in range(1, 21):
        loss = F.cross_entropy(model(X), CLASSES)
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        for k, (one, slope) in enumerate(zip(model.parameters(), slopes, strict=True)):
            means[k] = 0.9 * means[k] + 0.1 * slope
            squares[k] = 0.999 * squares[k] + 0.001 * slope**2
            size = (squares[k] / (1 - 0.999**step)).sqrt() + 1e-8
            one.data -= 3e-3 * means[k] / (1 - 0.9**step) / size

    assert found.start == pytest.approx(losses[0])
    assert found.seeing == pytest.approx(sum(losses[-10:]) / 10, rel=1e-4)
