"""Facts about the list of statistics."""

from practicum.monitor.statistics.every import STATISTICS


def test_names_are_given_once():
    """No two statistics share a name."""
    names = [one.name for one in STATISTICS]

    assert len(set(names)) == len(names)
