"""Learning a few rows by heart [4.1-06]."""

import copy
import math

import pytest
import torch
from tests.oracles.wrong_backwards import Affine
from torch import nn

from practicum.checks.few_rows import learn_few_rows
from practicum.core.errors import ConfigError

cross_entropy = nn.functional.cross_entropy


def noise(num_rows=50, num_classes=2, seed=0):
    """Return random rows with random labels."""
    chooser = torch.Generator().manual_seed(seed)
    return torch.randn(num_rows, 5, generator=chooser), torch.randint(
        0, num_classes, (num_rows,), generator=chooser
    )


def net(width=60, seed=0):
    """Return a network with one hidden layer."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(5, width), nn.Tanh(), nn.Linear(width, 2))


@pytest.mark.parametrize("seed", range(3))
def test_with_more_hidden_units_than_rows_random_labels_are_learned(seed):
    """The training error goes to zero."""
    found = learn_few_rows(net(seed=seed), cross_entropy, *noise(seed=seed))

    assert found.learned
    assert found.misclassified == 0.0
    assert found.last < 1e-3
    assert found.finding is None
    assert found.text.startswith("The model learns 50 rows by heart: loss 0.")


def test_dropout_does_not_stand_in_the_way_and_batch_statistics_stay():
    """Dropout is off; with the batch's own statistics rows of any scale are learned."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.BatchNorm1d(5), nn.Linear(5, 60), nn.ReLU(), nn.Dropout(0.8), nn.Linear(60, 2)
    ).eval()
    x, y = noise(30)
    found = learn_few_rows(model, cross_entropy, 1e4 * x + 1e5, y)

    assert found.learned
    assert found.first < 10


def test_the_first_loss_is_that_without_dropout():
    """However much of it there is."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(5, 60), nn.Dropout(0.9), nn.Linear(60, 2))
    x, y = noise(20)
    found = learn_few_rows(model, cross_entropy, x, y, max_iterations=1)

    assert found.first == pytest.approx(float(cross_entropy(model.eval()(x), y).detach()), rel=1e-5)


def test_a_bottleneck_of_one_unit_fails():
    """It is said what to do."""
    found = learn_few_rows(net(1), cross_entropy, *noise())

    assert not found.learned
    assert found.misclassified > 0.1
    assert found.last > 0.5 * found.constant
    assert found.finding.causes[0][0] == "A9"
    assert found.finding.severity == "warning"
    assert "Widen" in found.finding.text
    assert found.text.startswith("The model does not learn 50 rows")


def test_a_frozen_lower_part_fails():
    """The few random features that are left do not do."""
    model = net(4)
    model[0].requires_grad_(False)
    found = learn_few_rows(model, cross_entropy, *noise())

    assert found.finding.causes[0][0] == "A12"


class Partly(nn.Module):
    """A network whose lower part is cut off from the gradient, or of which a part is not used at all."""

    def __init__(self, cut):
        super().__init__()
        self.first, self.last, self.unused = nn.Linear(5, 2), nn.Linear(2, 2), nn.Linear(2, 2)
        self.cut = cut

    def forward(self, x):
        hidden = torch.tanh(self.first(x))
        if self.cut:
            hidden = hidden.detach() + 0 * self.unused(hidden.detach())
        return self.last(hidden)


@pytest.mark.parametrize(("cut", "share"), [(True, 0.9), (False, 0.5)])
def test_parameters_that_no_gradient_reaches_are_told(cut, share):
    """The more surely where the loss depends on them nevertheless."""
    torch.manual_seed(0)
    found = learn_few_rows(Partly(cut), cross_entropy, *noise())

    assert found.finding.causes[0] == ("A10", share)
    assert "Connect" in found.finding.text


def test_a_wrong_backward_pass_fails_and_is_told():
    """Its sign is wrong, so that L-BFGS finds no way down."""
    torch.manual_seed(0)
    model = nn.Sequential(Affine(5, 60, "weight", "sign"), nn.Tanh(), Affine(60, 2, "weight", "sign"))
    found = learn_few_rows(model, cross_entropy, *noise())

    assert not found.learned
    assert found.finding.causes[0] == ("A15", 0.9)
    assert "finite differences" in found.finding.advice


def test_rows_that_cannot_be_told_apart_leave_a_loss():
    """Four rows are one, half of them of each class: of eight, ln 2 remains on half; that much is learned."""
    x, _ = noise(8)
    x[:4] = x[0]
    y = torch.tensor([0, 0, 1, 1, 0, 1, 0, 1])
    found = learn_few_rows(net(), cross_entropy, x, y)

    assert found.indistinct == 4
    assert found.floor == pytest.approx(math.log(2) / 2, abs=1e-4)
    assert found.learned
    assert found.last == pytest.approx(found.floor, abs=0.01)
    assert found.misclassified == 0.25
    assert (
        "4 rows cannot be told apart though their targets differ, so a loss of 0.3466 at least" in found.text
    )


def test_numbers_are_learned_too():
    """The variance is the best constant's loss; nothing is said of classes."""
    x, _ = noise(20)
    y = torch.randn(20, 1, generator=torch.Generator().manual_seed(1))
    model = nn.Sequential(nn.Linear(5, 40), nn.Tanh(), nn.Linear(40, 1))
    found = learn_few_rows(model, nn.functional.mse_loss, x, y)

    assert found.learned
    assert found.constant == pytest.approx(float(y.var(correction=0)), rel=1e-5)
    assert found.misclassified is None
    assert "misclassified" not in found.text


def test_a_constant_alone_has_learned_nothing():
    """A network that ignores its inputs ends at the best constant, however bad its start."""

    class Constant(nn.Module):
        def __init__(self):
            super().__init__()
            self.b = nn.Parameter(torch.tensor([500.0, 0.0]))

        def forward(self, x):
            return self.b + 0 * x[:, :2]

    found = learn_few_rows(Constant(), cross_entropy, *noise())

    assert not found.learned
    assert found.last == pytest.approx(found.constant, abs=1e-6)


def test_rows_are_drawn_at_random_when_there_are_more():
    """Inputs and targets together; the same for a seed."""
    x, y = noise(500)
    found = [
        learn_few_rows(net(), cross_entropy, x, y, num_rows=20, seed=seed, max_iterations=60)
        for seed in (0, 0, 1)
    ]

    assert [one.num_rows for one in found] == [20] * 3
    assert found[0] == found[1]
    assert found[0].first != found[2].first
    assert found[0].learned


def test_other_rows_are_not_looked_at():
    """However many there are: the model sees the few alone."""
    seen = set()

    class Counting(nn.Linear):
        def forward(self, x):
            seen.add(len(x))
            return super().forward(x)

    learn_few_rows(Counting(5, 2), cross_entropy, *noise(500), num_rows=20, max_iterations=3)

    assert seen == {20}


def test_the_model_is_left_as_it_is():
    """Parameters, statistics, mode and the global generator."""
    model = nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2)).eval()
    before, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    learn_few_rows(model, cross_entropy, *noise(10), max_iterations=5)

    assert all(torch.equal(one, before[name]) for name, one in model.state_dict().items())
    assert not any(one.training for one in model.modules())
    assert all(one.grad is None for one in model.parameters())
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("changes", [{"num_rows": 0}, {"max_iterations": 0}])
def test_numbers_that_cannot_work_are_refused(changes):
    """With what was got."""
    with pytest.raises(
        ConfigError, match="`num_rows` and `max_iterations` must be at least 1, but got num_rows="
    ):
        learn_few_rows(net(), cross_entropy, *noise(), **changes)
