"""Initial weights: planted faults are found, healthy nets are not blamed."""

import pytest
import torch
from torch import nn

from practicum.checks.signal_by_depth import signal_by_depth

CHOOSER = torch.Generator().manual_seed(0)
X, Y = torch.randn(128, 10, generator=CHOOSER), torch.arange(128) % 3
HEAD = ("module", "kind", "output", "spread", "gradient", "saturated", "dead")
IMAGES = torch.randn(128, 2, 8, 8, generator=CHOOSER)


def net(num_hidden, kind, width=24, norm=False):
    """Return a net with PyTorch's initial weights."""
    torch.manual_seed(0)
    parts = []
    for k in range(num_hidden):
        parts += [nn.Linear(width if k else 10, width), *([nn.BatchNorm1d(width)] if norm else []), kind()]
    return nn.Sequential(*parts, nn.Linear(width, 3))


def convolutions(num, norm=False):
    """Return a net of convolutions and one linear layer."""
    torch.manual_seed(0)
    parts = []
    for k in range(num):
        norms = [nn.BatchNorm2d(6)] if norm else []
        parts += [nn.Conv2d(6 if k else 2, 6, 3, padding=1), *norms, nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3))


def changed(model, change):
    """Return the model after ``change`` of each of its weights."""
    with torch.no_grad():
        for one in model.parameters():
            if one.dim() > 1:
                change(one)
    return model


def glorot(model):
    """Return the model with the weights of Glorot and Bengio, biases 0."""
    for one in model.parameters():
        nn.init.zeros_(one) if one.dim() < 2 else nn.init.xavier_uniform_(one)
    return model


def looked_at(model, x=X):
    """Return what is found with cross-entropy."""
    return signal_by_depth(model, nn.CrossEntropyLoss(), x, Y, num_probes=1)


def grave(found):
    """Return the causes of what is more than worth knowing."""
    return {one.causes[0][0] for one in found.findings if one.severity != "info"}


@pytest.mark.parametrize("num_hidden", [1, 2, 4, 8])
@pytest.mark.parametrize(
    "made",
    [
        lambda n: net(n, nn.ReLU),
        lambda n: net(n, nn.Tanh),
        lambda n: net(n, nn.ReLU, norm=True),
        lambda n: glorot(net(n, nn.Tanh)),
        lambda n: changed(net(n, nn.ReLU), nn.init.kaiming_normal_),
        lambda n: changed(net(n, nn.Sigmoid), lambda w: nn.init.xavier_uniform_(w, gain=4)),
    ],
    ids=["relu", "tanh", "batch norm", "glorot tanh", "he relu", "four times glorot sigmoid"],
)
def test_healthy_nets_are_not_blamed(made, num_hidden):
    """However deep."""
    assert grave(looked_at(made(num_hidden))) == set()


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("num", [1, 2, 3])
def test_healthy_convolutions_are_not_blamed(num, norm):
    """Pooling averages differences away, but that is no fault of the weights."""
    assert grave(looked_at(convolutions(num, norm), IMAGES)) == set()


def constant(weight):
    """Fill with one number."""
    nn.init.constant_(weight, 0.1)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (lambda: changed(net(2, nn.ReLU), lambda w: w.mul_(0.1)), {"A2"}),
        (lambda: changed(net(3, nn.Tanh), lambda w: w.mul_(0.1)), {"A2"}),
        (lambda: changed(net(2, nn.ReLU), lambda w: w.mul_(10)), {"A3"}),
        (lambda: changed(net(2, nn.Tanh), lambda w: w.mul_(10)), {"A7"}),
        (lambda: changed(net(2, nn.Sigmoid), lambda w: w.mul_(30)), {"A7"}),
        (lambda: changed(net(2, nn.Identity), constant), {"A1"}),
        (lambda: net(4, nn.Sigmoid), {"A2"}),
    ],
    ids=["small relu", "small tanh", "large relu", "large tanh", "large sigmoid", "constant", "deep sigmoid"],
)
def test_a_planted_fault_is_found(model, expected):
    """One cause each: a tenth, ten times, one number."""
    assert grave(looked_at(model())) == expected


def test_dead_rectifiers_are_found():
    """A bias of −5; with few examples, only worth knowing."""
    model = net(2, nn.ReLU)
    with torch.no_grad():
        model[2].bias -= 5
    found = looked_at(model)
    few = signal_by_depth(model, nn.CrossEntropyLoss(), X[:8], Y[:8])

    assert [(one.severity, one.causes[0][0]) for one in found.findings] == [("critical", "A6")]
    assert "100% of the units of `3` are off for all 128 examples" in found.findings[0].evidence
    assert found.findings[0].places == (("module", "3"),)
    assert grave(few) == set()


def test_an_exploding_gradient_is_found():
    """Weights that grow from top to bottom."""
    model = net(4, nn.Identity)
    for k, layer in enumerate(module for module in model if isinstance(module, nn.Linear)):
        layer.weight.data *= 1.0 if k == 0 else 20.0

    assert grave(looked_at(model)) == {"A3", "A5"}


def test_the_same_weights_everywhere_are_critical_and_a_zero_last_layer_is_not():
    """All zeros never learn; a last layer of zeros does, for its outputs have different targets [A1]."""
    zeros = looked_at(changed(net(2, nn.Tanh), torch.zero_))
    last = net(2, nn.Tanh)
    nn.init.zeros_(last[-1].weight)

    assert ("critical", "A1") in [(one.severity, one.causes[0][0]) for one in zeros.findings]
    assert grave(looked_at(last)) == set()


def test_a_single_input_does_not_make_units_alike():
    """All weights point the same way or the opposite one, and yet they differ."""
    found = signal_by_depth(
        nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 3)), nn.CrossEntropyLoss(), X[:, :1], Y
    )

    assert grave(found) == set()


def test_the_text_is_a_table_with_the_findings():
    """A line a module; singular values from the largest to the smallest."""
    model = changed(net(2, nn.ReLU), lambda w: w.mul_(10))
    lines = looked_at(model).text.splitlines()

    assert lines[0].split() == [*HEAD, "singular", "values"]
    assert [line.split()[:2] for line in lines[1:4]] == [["0", "Linear"], ["1", "ReLU"], ["2", "Linear"]]
    assert "too large" in lines[-1]
    assert lines[-1].endswith("[A3, 6.1-05]")


@pytest.mark.parametrize("seed", range(5))
def test_the_linear_parts_of_glorots_nets_have_singular_values_around_one(seed):
    """Square layers: their root mean square is 1, by construction [6.1-05]."""
    torch.manual_seed(seed)
    model = glorot(nn.Sequential(nn.Linear(10, 10), nn.Tanh(), nn.Linear(10, 10)))
    found = signal_by_depth(model, nn.MSELoss(), X, X)

    assert found.rows[0].stretch.root_mean_square == pytest.approx(1.0, abs=0.2)
