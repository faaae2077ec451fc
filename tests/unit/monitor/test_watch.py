"""Facts about the hooks on a user's model: they note, change nothing, break nothing and leave nothing behind."""

import copy
import pickle

import pytest
import torch
from torch import nn

from practicum.monitor.watch import LOOKS, Watch


def loop(watch, model, optimizer, num_steps=4, *, zero=True, update=True):
    """Run some steps of a plain loop."""
    x = torch.randn(num_steps, 8, 3, generator=torch.Generator().manual_seed(0))
    for step in range(num_steps):
        if zero:
            optimizer.zero_grad()
        loss = model(x[step]).square().mean()
        loss.backward()
        if update:
            optimizer.step()
        watch.step(loss)


@pytest.fixture
def net():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))


@pytest.fixture
def sgd(net):
    return torch.optim.SGD(net.parameters(), lr=0.1)


def watched(net, sgd, **options):
    """Return the facts of a watched loop."""
    watch = Watch(net, [sgd])
    watch.open()
    loop(watch, net, sgd, **options)
    watch.close()
    return watch.facts


def test_steps_passes_and_updates_are_counted(net, sgd):
    facts = watched(net, sgd, num_steps=7)

    assert (facts.num_steps, facts.num_backwards, facts.num_updates) == (7, 7, 7)
    assert (facts.stale, facts.discarded, facts.without_graph) == (0, 0, 0)
    assert set(facts.asked.values()) == {LOOKS}
    assert facts.never_reached.total() == 0
    assert len(set(facts.batches)) == 7
    assert facts.batch_size == 8


def test_gradients_that_are_not_reset_are_stale(net, sgd):
    assert watched(net, sgd, num_steps=5, zero=False).stale == 4


def test_gradients_that_nobody_uses_are_discarded(net, sgd):
    facts = watched(net, sgd, num_steps=5, update=False)

    assert (facts.discarded, facts.num_updates) == (4, 0)


def test_accumulated_gradients_are_neither(net, sgd):
    watch = Watch(net, [sgd])
    watch.open()
    x = torch.randn(12, 8, 3)
    for step in range(12):
        loss = net(x[step]).square().mean()
        loss.backward()
        if step % 3 == 2:
            sgd.step()
            sgd.zero_grad()
        watch.step(loss)
    watch.close()

    assert (watch.facts.stale, watch.facts.discarded, watch.facts.num_updates) == (0, 0, 4)


def test_closures_that_run_several_times_are_in_order(net):
    optimizer = torch.optim.LBFGS(net.parameters(), max_iter=4)
    watch = Watch(net, [optimizer])
    watch.open()
    x = torch.randn(8, 3)

    def closure():
        optimizer.zero_grad()
        loss = net(x).square().mean()
        loss.backward()
        return loss

    for _ in range(3):
        watch.step(optimizer.step(closure))
    watch.close()

    assert (watch.facts.stale, watch.facts.num_updates) == (0, 3)


def test_a_hook_that_stumbles_is_left_out_and_the_loop_goes_on(net, sgd, monkeypatch):
    def stumble(*_):
        raise RuntimeError("no")

    monkeypatch.setattr("practicum.monitor.watch.fingerprint", stumble)
    facts = watched(net, sgd)

    assert facts.failures == ("forward_begins: RuntimeError: no",)
    assert facts.num_updates == 4


def test_what_is_passed_in_is_kept_nowhere(net, sgd):
    """Outputs and batches would hold memory."""
    watch = Watch(net, [sgd])
    watch.open()
    loop(watch, net, sgd)

    assert watch._output is None
    assert watch._batch is None
    watch.close()


def test_two_optimisers_share_a_model(net):
    optimizers = [torch.optim.SGD(net[0].parameters(), lr=0.1), torch.optim.Adam(net[2].parameters())]
    watch = Watch(net, optimizers)
    watch.open()
    for _ in range(4):
        for one in optimizers:
            one.zero_grad()
        loss = net(torch.randn(8, 3)).square().mean()
        loss.backward()
        for one in optimizers:
            one.step()
        watch.step(loss)
    watch.close()

    assert (watch.facts.outside, watch.facts.stale) == ((), 0)
    assert watch.facts.never_reached.total() == 0
    assert len(watch.facts.asked) == 4


def test_a_copy_made_in_the_loop_is_not_watched(net, sgd):
    watch = Watch(net, [sgd])
    watch.open()
    loop(watch, net, sgd, num_steps=2)
    other = copy.deepcopy(net)
    loss = other(torch.randn(8, 3)).square().mean()
    loss.backward()
    watch.close()

    assert watch.facts.num_backwards == 2
    assert len(watch.facts.batches) == 2


def test_a_model_can_be_saved_whole_in_the_loop(net, sgd):
    watch = Watch(net, [sgd], lambda output, target: (output - target).square().mean())
    watch.open()
    loop(watch, net, sgd, num_steps=2)
    saved = pickle.loads(pickle.dumps(net))
    watch.close()

    assert torch.equal(saved[0].weight, net[0].weight)


def test_what_cannot_be_hooked_is_noted(sgd, net):
    lazy = nn.Sequential(net, nn.LazyLinear(2))
    optimizer = torch.optim.SGD(lazy.parameters(), lr=0.1)
    watch = Watch(lazy, [optimizer])
    watch.open()
    loss = lazy(torch.randn(8, 3)).square().mean()
    loss.backward()
    optimizer.step()
    watch.step(loss)
    watch.close()

    assert watch.facts.num_updates == 1
