"""Facts about all checks of a model together."""

import time

import pytest
import torch
from torch import nn

from practicum.checks.model_check import check_model
from practicum.checks.parts import PARTS
from practicum.core.errors import ConfigError, DataError
from practicum.core.guide import GUIDE


class Twice(torch.autograd.Function):
    """Doubles, but its backward pass says three."""

    @staticmethod
    def forward(context, x):
        """Return 2 x."""
        return 2 * x

    @staticmethod
    def backward(context, gradient):
        """Return what is wrong."""
        return 3 * gradient


class Wrong(nn.Module):
    """A module with that mistake."""

    def forward(self, x):
        """Return 2 x."""
        return Twice.apply(x)


@pytest.fixture
def rows():
    """Return 120 rows of five inputs and two classes that can be told from them."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(120, 5, generator=generator)
    return x, (x[:, 0] > 0).long()


def net(*tail):
    """Return a small classifier, the same each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return nn.Sequential(nn.Linear(5, 64), nn.Tanh(), nn.Linear(64, 2), *tail)


@pytest.fixture(scope="module")
def told():
    """Check a sound model once; return what was found, and what was told meanwhile."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(120, 5, generator=generator)
    told = []
    report = lambda title, share: told.append((title, round(share, 3)))  # noqa: E731
    return check_model(net(), nn.CrossEntropyLoss(), x, (x[:, 0] > 0).long(), report=report), told


def only(monkeypatch, *titles, **others):
    """Leave out all other checks."""
    kept = {title: look for title, look in PARTS.items() if title in titles} | others
    monkeypatch.setattr("practicum.checks.model_check.PARTS", kept)


def causes(found):
    """Return the first cause of each finding."""
    return [one.causes[0][0] for one in found.findings]


def test_a_sound_model_passes_every_check(told):
    found, _ = told

    assert found.findings == ()
    assert found.passed
    assert [part.title for part in found.parts] == list(PARTS)
    assert all(part.looked for part in found.parts), found.text
    assert found.text == str(found)
    assert found.text.startswith("It looks healthy")


@pytest.mark.parametrize(
    ("tail", "fault"), [((nn.Softmax(dim=1),), "L1"), ((Wrong(),), "A15")], ids=["softmax", "backward"]
)
def test_a_mistake_stands_first_and_explains_the_rest(rows, tail, fault):
    found = check_model(net(*tail), nn.CrossEntropyLoss(), *rows)

    assert causes(found) == [fault]
    assert not found.passed
    assert found.findings[0].severity == "critical"
    assert found.findings[0].text in found.text
    assert found.findings[0].places == ((("module", "3"),) if fault == "A15" else ())
    assert all(key in GUIDE for one in found.findings for key in one.source.split(", "))


def test_the_model_is_left_as_it_was(rows):
    model = net()
    model[1].train(False)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.random.get_rng_state()
    check_model(model, nn.CrossEntropyLoss(), *rows)

    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(one.grad is None for one in model.parameters())
    assert [one.training for one in model] == [True, False, True]
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_check_that_cannot_look_says_why_and_the_others_go_on(rows, monkeypatch):
    def refuse(title, subject, before):
        raise RuntimeError("no such operation")

    only(monkeypatch, "Modules", Curvature=refuse)
    found = check_model(net(), nn.CrossEntropyLoss(), *rows)

    assert [part.title for part in found.parts if not part.looked] == ["Curvature"]
    assert "no such operation" in found.text
    assert found.passed


def test_no_check_begins_when_the_time_is_over(rows):
    found = check_model(net(), nn.CrossEntropyLoss(), *rows, deadline=time.monotonic() - 1)

    assert not any(part.looked for part in found.parts)


def test_progress_is_told(told):
    _, words = told

    assert [title for title, _ in words] == list(PARTS)
    assert words[0][1] == 0
    assert [share for _, share in words] == sorted(share for _, share in words)


def test_a_model_that_does_not_run_is_one_message(rows):
    x, y = rows

    with pytest.raises(
        ConfigError, match=r"must run on the batch, but they raised RuntimeError.*inputs 120×3"
    ):
        check_model(net(), nn.CrossEntropyLoss(), x[:, :3], y)


def test_several_inputs_are_a_tuple(rows):
    class Sum(nn.Module):
        """Adds what two layers make of two inputs."""

        def __init__(self):
            super().__init__()
            self.one, self.other = nn.Linear(5, 64), nn.Linear(2, 64)
            self.top = nn.Linear(64, 2)

        def forward(self, x, z):
            """Return logits."""
            return self.top((self.one(x) + self.other(z)).tanh())

    x, y = rows
    found = check_model(Sum(), nn.CrossEntropyLoss(), (x, torch.randn(120, 2)), y)

    assert found.findings == ()
    assert all(part.looked for part in found.parts), found.text


def test_a_model_that_makes_nan_is_found(rows, monkeypatch):
    only(monkeypatch, "Finite numbers")

    class Unfilled(nn.Module):
        """Adds a tensor that nobody filled."""

        def forward(self, x):
            """Return what may be anything."""
            return x + torch.empty(x.shape)

    found = check_model(net(Unfilled()), nn.CrossEntropyLoss(), *rows)

    assert "O15" in causes(found)
    assert found.findings[0].places == (("module", "3"),)
    assert "`3`" in found.text


def test_few_rows_have_no_curve_over_their_number(rows, monkeypatch):
    only(monkeypatch, "Modules", "More rows")
    x, y = rows
    found = check_model(net(), nn.CrossEntropyLoss(), x[:60], y[:60])

    assert [part.title for part in found.parts if not part.looked] == ["More rows"]


def test_each_part_has_what_its_check_returned(told):
    found = {part.title: part.found for part in told[0].parts}

    assert found["Modules"].depth == 2
    assert found["Curvature"].largest > 0
    assert found["Learning rate"].largest >= found["Learning rate"].suggestion > 0


def test_what_it_is_given_is_not_written_into(rows, monkeypatch):
    only(monkeypatch, "Modules", "Output and loss", "Signal by depth", "Loss at the start")

    class Centred(nn.Module):
        """Centres its input in place."""

        def __init__(self):
            super().__init__()
            self.net = net()

        def forward(self, x):
            """Return logits."""
            return self.net(x.sub_(x.mean(0)))

    x, y = rows
    before = x.clone()
    check_model(Centred(), nn.CrossEntropyLoss(), x, y)

    assert torch.equal(x, before)


def test_classes_may_have_weights(rows):
    found = check_model(net(), nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0])), *rows)

    assert all(part.looked for part in found.parts), found.text
    assert found.passed


def test_rows_that_are_sorted_by_their_class_are_drawn(rows, monkeypatch):
    only(monkeypatch, "A few rows by heart", "Inputs")
    x, y = rows
    order = y.argsort()
    found = check_model(net(), nn.CrossEntropyLoss(), x[order], y[order])

    assert found.findings == ()


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (nn.CrossEntropyLoss(reduction="none"), "must return one number"),
        (lambda output, y: nn.functional.cross_entropy(output, y).item(), "must return one number"),
        (lambda output, y: nn.functional.cross_entropy(output.detach(), y), "has no gradient"),
    ],
)
def test_a_loss_that_cannot_be_differentiated_is_one_message(rows, loss, said):
    with pytest.raises(ConfigError, match=said):
        check_model(net(), loss, *rows)


def test_nothing_that_was_looked_at_is_no_pass(rows):
    found = check_model(net(), nn.CrossEntropyLoss(), *rows, deadline=time.monotonic() - 1)

    assert not found.passed
    assert "could not look" in found.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x, y: (x[:1], y[:1]), "at least 2 rows, but got 1"),
        (lambda x, y: (x[:0], y[:0]), "at least 2 rows, but got 0"),
        (lambda x, y: (x / 0 * 0, y), "`inputs` must hold no NaN, but got 600"),
        (lambda x, y: (x, y.float() * float("nan")), "`targets` must hold no NaN"),
        (lambda x, y: (x, 0 * y), "must differ between rows, but all 120 are the same"),
    ],
)
def test_rows_of_which_nothing_can_be_said_are_refused(rows, change, said):
    with pytest.raises(DataError, match=said):
        check_model(net(), nn.CrossEntropyLoss(), *change(*rows))
