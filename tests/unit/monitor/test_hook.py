"""Facts about hooks on a user's objects."""

import copy
import gc
import pickle

from practicum.monitor.hook import Hook


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
