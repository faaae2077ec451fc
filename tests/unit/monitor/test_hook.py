"""Facts about hooks on a user's objects."""

import copy
import gc
import pickle

import torch

from practicum.monitor.hook import AsideHook, Hook, put_back


class Counter:
    """Counts calls."""

    def __init__(self):
        self.calls = []

    def add(self, *given):
        self.calls.append(given)


def test_a_hook_calls_its_method_with_what_is_given():
    counter = Counter()
    Hook(counter.add, "first")(1, 2)

    assert counter.calls == [("first", 1, 2)]


def test_copies_do_nothing():
    counter = Counter()
    hook = Hook(counter.add)
    for other in (copy.copy(hook), copy.deepcopy(hook), pickle.loads(pickle.dumps(hook))):
        other(1)

    assert counter.calls == []


def test_it_does_not_keep_its_owner_alive():
    hook = Hook(Counter().add)
    gc.collect()

    assert hook(1) is None


def test_a_hook_aside_is_silent_where_gradients_are_taken():
    """A validation runs without."""
    counter = Counter()
    hook = AsideHook(counter.add)
    hook(1)
    with torch.no_grad():
        hook(2)

    assert counter.calls == [(2,)]


def test_parameters_are_put_back_as_they_were():
    """Unless others have hooks on them."""
    ours, theirs = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    theirs.register_hook(lambda gradient: 2 * gradient)
    for one in (ours, theirs):
        one.register_hook(lambda gradient: None).remove()
        one.register_post_accumulate_grad_hook(lambda _: None).remove()
    put_back([ours, theirs])
    (ours + theirs).sum().backward()

    assert ours._backward_hooks is ours._post_accumulate_grad_hooks is None
    assert theirs.grad.tolist() == [2, 2]
