"""Facts about the parts of the time that are kept."""

import pytest

from practicum.tuning.aside import Aside


def test_what_is_not_kept_is_left():
    """For search and finals; all of it by default."""
    assert Aside().left == 1.0
    assert Aside(0.1, 0.2).left == pytest.approx(0.7)
