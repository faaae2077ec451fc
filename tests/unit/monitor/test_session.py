"""Facts about a session: facts, looks and rows of one loop."""

import copy
import gc
import weakref

import pytest
import torch
from torch import nn

from practicum.monitor.schedule import every
from practicum.monitor.session import Session

EACH = every(1)


def train(num_steps, *, watched=True, schedule=EACH, model=None):
    """Train a small net, and return session and model."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = model or nn.Sequential(
            nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 2)
        )
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        session = Session(model, [optimizer], nn.CrossEntropyLoss(), schedule)
        if watched:
            session.open()
        for _ in range(num_steps):
            x = torch.randn(16, 3)
            y = (x[:, 0] > 0).long()
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            if watched:
                session.step(loss, x, y)
        if watched:
            session.validate(0.5, 0.1, x, y)
            session.close()
    return session, model


def test_looked_at_or_not_the_bits_are_the_same():
    """Every step looked at against none."""
    _, watched = train(20)
    _, plain = train(20, watched=False)

    ours, theirs = watched.state_dict(), plain.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_ages_count_examples():
    """Of each look, and in the end."""
    session, _ = train(6, schedule=every(2))

    assert [(one.step, one.age) for one in session.facts.looks] == [(1, 16), (3, 48), (5, 80)]
    assert session.facts.num_examples_seen == 96


def test_rows_and_the_start_are_kept():
    """The model as it was before the first step, and what it was given."""
    model = nn.Sequential(nn.Linear(3, 2))
    before = copy.deepcopy(model.state_dict())
    session, _ = train(5, model=model)
    facts = session.facts

    assert all(torch.equal(one, before[name]) for name, one in facts.trained.start.state_dict().items())
    assert not torch.equal(model[0].weight, before["0.weight"])
    assert (facts.sample.first.num_rows, facts.sample.valid.num_rows) == (80, 16)


def test_a_model_that_cannot_be_copied_is_watched_all_the_same():
    """Then there is no start to compare with."""

    class Own(nn.Linear):
        def __deepcopy__(self, memo):
            raise TypeError("no")

    session, _ = train(3, model=Own(3, 2))

    assert session.facts.trained.start is None
    assert session.facts.num_steps == 3
    assert session.facts.failures == ()


def test_the_function_is_followed():
    """What it says of the same rows, at deep looks."""
    session, _ = train(12)
    (first, age, before), *_, (last, _, _) = session.facts.trajectory

    assert (first, age, before.shape) == (1, 16, (16, 2))
    assert last == 10


def test_outputs_of_many_numbers_are_followed_for_few_rows(monkeypatch):
    """And not at all where one row has more than is kept."""
    monkeypatch.setattr("practicum.monitor.session.FUNCTION_NUMBERS", 6)
    few, _ = train(12)
    monkeypatch.setattr("practicum.monitor.session.FUNCTION_NUMBERS", 1)
    none, _ = train(12)

    assert {len(outputs) for _, _, outputs in few.facts.trajectory} == {3}
    assert none.facts.trajectory == []


def test_a_model_whose_weights_are_not_there_yet_is_watched():
    """Lazy modules have no sizes before their first pass."""
    session, _ = train(3, model=nn.Sequential(nn.LazyLinear(2)))

    assert session.facts.num_steps == 3


def test_calm_steps_note_what_others_note(monkeypatch):
    """Losses, ages, rates and updates of a long loop, with most steps calm or none."""
    sessions = []
    for calm in (True, False):
        if not calm:
            monkeypatch.setattr(Session, "_turn", lambda self, step: self._pace.left())
        model = nn.Linear(3, 2)
        nn.init.zeros_(model.weight)
        nn.init.zeros_(model.bias)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 300)
        session = Session(model, [optimizer], None, lambda _step: False)
        session.open()
        generator = torch.Generator().manual_seed(0)
        for step in range(1, 1301):
            x = torch.randn(16 + step % 3, 3, generator=generator)
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long())
            loss.backward()
            optimizer.step()
            scheduler.step()
            session.step(loss, x, None)
        session.close()
        sessions.append(session)
    ours, theirs = (one.facts for one in sessions)

    assert sessions[0]._calm_until == 1350 > sessions[1]._calm_until == 0
    assert (ours.num_steps, ours.num_updates) == (theirs.num_steps, theirs.num_updates) == (1300, 1300)
    assert ours.losses == theirs.losses
    assert ours.num_examples_seen == theirs.num_examples_seen
    assert ours.rates == theirs.rates
    assert len(ours.rates) == 5


def test_what_is_odd_in_a_calm_loop_is_looked_at():
    """A loss that is no number, and a model that trains in evaluation mode from then on."""
    model = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    session = Session(model, [optimizer], None, lambda _step: False)
    session.open()
    for step in range(1, 1501):
        if step == 1200:
            model.eval()
        optimizer.zero_grad()
        loss = model(torch.ones(4, 3)).square().mean()
        loss.backward()
        optimizer.step()
        session.step(loss * float("nan") if step == 1111 else loss, torch.ones(4, 3), None)

    assert session.facts.first_not_finite == 1111
    assert session.facts.in_evaluation >= 100
    assert session.facts.num_updates == 1500
    session.close()


def test_of_very_many_looks_some_are_forgotten(monkeypatch):
    """Between the first and the last."""
    monkeypatch.setattr("practicum.monitor.session.MOST_LOOKS", 12)
    monkeypatch.setattr("practicum.monitor.session.SPARED", 3)
    session, _ = train(40)
    steps = [one.step for one in session.facts.looks]

    assert len(steps) <= 12
    assert steps[:3] == [1, 2, 3]
    assert steps[-3:] == [38, 39, 40]


def test_rows_of_an_update_are_those_of_all_its_batches():
    """Whether a step of the monitor is a batch or an update."""
    for told_each in (True, False):
        model = nn.Linear(3, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        session = Session(model, [optimizer], None, EACH)
        session.open()
        for step in range(1, 9):
            x = torch.randn(2, 3)
            loss = model(x).square().mean() / 4
            loss.backward()
            if step % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
            if told_each or step % 4 == 0:
                session.step(loss, x, None)
        session.close()

        assert (session.facts.batch_size, session.facts.update_rows) == (2, 8)


@pytest.mark.parametrize("kind", ["tensor rate", "float loss", "dict inputs", "no inputs"])
def test_calm_steps_count_once_whatever_they_are_given(kind):
    """A rate that is a tensor, a loss that is a number, inputs that are no tensor."""
    model = nn.Linear(3, 2)
    rate = torch.tensor(1e-3) if kind == "tensor rate" else 1e-3
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    session = Session(model, [optimizer], None, lambda _step: False)
    session.open()
    x = torch.randn(8, 3)
    given = {"dict inputs": {"x": x}, "no inputs": None}.get(kind, x)
    for _ in range(1120):
        optimizer.zero_grad()
        loss = model(x).square().mean()
        loss.backward()
        optimizer.step()
        session.step(float(loss.detach()) if kind == "float loss" else loss, given, None)
        assert len(session.facts.losses) == session.facts.num_steps
    session.settle()
    session.close()

    facts = session.facts
    assert session._calm_until == 1150
    assert (facts.num_steps, facts.num_updates, facts.num_examples_seen) == (1120, 1120, 8 * 1120)
    assert [one for _, one in facts.rates] == pytest.approx([1e-3])


def test_a_loop_that_breaks_off_leaves_no_activations_alive():
    """While a step is looked at closely: between forward pass and report."""

    class Big(nn.Linear):
        def forward(self, x):
            output = super().forward(x)
            kept.append(weakref.ref(output))
            return output

    kept, model = [], Big(3, 2)
    session = Session(model, [torch.optim.SGD(model.parameters(), lr=0.1)], None, EACH)
    session.open()
    loss = model(torch.randn(8, 3)).square().mean()
    session.close()
    del loss, session
    gc.collect()

    assert kept[0]() is None


def test_parameters_that_no_optimiser_has_stay_known():
    """Though their gradients are gone when it is looked again."""
    model = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2))
    optimizer = torch.optim.SGD(model[0].parameters(), lr=0.1)
    session = Session(model, [optimizer], None, lambda _step: False)
    session.open()
    for _ in range(1110):
        loss = model(torch.randn(4, 3)).square().mean()
        loss.backward()
        optimizer.step()
        model.zero_grad()
        session.step(loss, torch.zeros(4, 3), None)

    assert session.facts.outside == ("1.weight", "1.bias")
    session.close()


def test_updates_are_known_in_the_middle_of_the_loop():
    """And where a loop takes several batches for each."""
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    session = Session(model, [optimizer], None, lambda _step: False)
    session.open()
    for step in range(1, 1130):
        loss = model(torch.randn(4, 3)).square().mean()
        loss.backward()
        if step % 2 == 0:
            optimizer.step()
            optimizer.zero_grad()
        session.step(loss, torch.zeros(4, 3), None)
    session.settle()

    assert session.facts.num_updates == 564
    session.close()


def test_a_loss_that_is_no_number_is_left_out_and_later_ones_are_not():
    """And why is said once."""
    model = nn.Linear(3, 2)
    session = Session(model, [torch.optim.SGD(model.parameters(), lr=0.1)], None, lambda _step: False)
    session.open()
    for loss in (None, torch.ones(2), None, 0.5, float("nan")):
        session.step(loss, None, None)
    session.close()

    assert session.facts.losses[0] == 0.5
    assert session.facts.first_not_finite == 5
    assert [one.split(":")[1] for one in session.facts.failures] == [" TypeError", " RuntimeError"]
