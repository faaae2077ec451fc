"""Facts about what a statistic is."""

from practicum.core.guide import GUIDE
from practicum.monitor.statistics.every import STATISTICS


def test_every_source_is_in_the_guide():
    """A key that names nothing would be noticed."""
    assert all(one.source in GUIDE for one in STATISTICS)
