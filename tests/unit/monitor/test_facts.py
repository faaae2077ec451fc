"""Facts about what is kept of a loop."""

from practicum.monitor.facts import Facts


def test_nothing_is_shared_between_two_loops():
    one, other = Facts(), Facts()
    one.losses.append(1.0)
    one.asked["a"] += 1

    assert (other.losses, other.asked) == ([], {})
