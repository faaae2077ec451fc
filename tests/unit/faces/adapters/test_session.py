"""Facts about what all callbacks share; what it is for is tested with each library."""

import copy

import pytest
import torch
from torch import nn

from practicum.core.errors import ConfigError
from practicum.faces.adapters.session import WAITS, Session, careful


@pytest.fixture
def parts():
    """Return a model and its optimiser."""
    model = nn.Linear(3, 1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1)


@pytest.fixture
def session(parts):
    """Return one that has begun."""
    session = Session(None)
    session.begin(parts[0], [parts[1]])
    return session


def minibatches(session, losses, **options):
    """Give losses, each with its place as inputs."""
    for place, loss in enumerate(losses):
        session.minibatch(loss, (torch.full((2, 1), float(place)), None), **options)


def test_before_training_there_is_no_monitor():
    with pytest.raises(ConfigError, match="`monitor` is there once training has begun"):
        _ = Session(None).monitor


def test_what_kept_it_from_beginning_is_said():
    class Callback:
        session_ = Session(None)

        @careful
        def begin(self):
            self.session_.begin("model", [])

    callback = Callback()
    callback.begin()
    callback.begin()

    assert len(callback.session_.failures) == 1
    with pytest.raises(ConfigError, match="`model` must be"):
        _ = callback.session_.monitor


def test_minibatches_without_an_update_are_averaged_into_the_next_step(session):
    minibatches(session, [1.0, 2.0], updated=False)
    minibatches(session, [6.0], updated=True)

    assert session.monitor.facts.losses == [3.0]


def test_parts_of_a_sum_are_added(session):
    minibatches(session, [1.0, 2.0], updated=False, summed=True)
    minibatches(session, [torch.tensor(6.0)], updated=True, summed=True)

    assert session.monitor.facts.losses == [9.0]
    assert session.monitor.facts.without_graph == 0


def test_the_inputs_of_a_loss_that_is_no_number_are_kept(session):
    session.minibatch(torch.tensor(torch.nan), (torch.tensor([[torch.nan]]), None), updated=False)
    minibatches(session, [1.0], updated=True)

    assert session.monitor.facts.bad_inputs == (1, "inputs")


def test_something_is_seen_even_if_no_update_ever_is(session):
    minibatches(session, [1.0] * (WAITS + 1))

    assert session.monitor.facts.losses == [1.0]
    session.end()
    assert session.monitor.facts.losses == [1.0, 1.0]


def test_a_validation_without_a_loss_is_none(session):
    session.validated(None, 0.5)
    session.validated(0.25, 0.5, 8)

    assert session.monitor.facts.validations == [(0, 0.25, 0.5)]
    assert session.monitor.facts.looked_rows == 8


def test_after_the_end_nothing_is_taken_in(session):
    session.end()
    minibatches(session, [1.0], updated=True)
    session.validated(1.0)
    session.end()

    assert session.monitor.facts.num_steps == 0


def test_the_verdict_is_said_once(parts):
    said = []
    session = Session(said.append)
    session.begin(parts[0], [parts[1]])
    minibatches(session, [1.0], updated=True)
    session.end()
    session.end()

    assert len(said) == 1
    assert said[0].startswith("practicum: ")


def test_a_copy_has_seen_nothing(session):
    other = copy.deepcopy(session)

    assert not other.is_open
    with pytest.raises(ConfigError, match="once training has begun"):
        _ = other.monitor
