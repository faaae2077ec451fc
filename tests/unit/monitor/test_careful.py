"""Facts about methods that never break the loop."""

from practicum.monitor.careful import careful
from practicum.monitor.facts import Facts


class Stumbling:
    """Counts how often it was called."""

    def __init__(self):
        self.facts, self._silent, self.count = Facts(), set(), 0

    @careful
    def _look(self):
        self.count += 1
        raise ValueError("no\n  more")


def test_what_it_stumbles_over_is_noted_once_and_it_is_left_out():
    one = Stumbling()
    one._look()
    one._look()

    assert one.facts.failures == ("look: ValueError: no more",)
    assert one.count == 1
