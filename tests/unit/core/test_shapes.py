"""Facts about the grid of sizes."""

from hypothesis import given
from hypothesis import strategies as st

from practicum.core.shapes import GRID, padded


@given(st.integers(0, 10**9))
def test_padding_goes_to_the_next_multiple_of_the_grid(size):
    """The padded size is on the grid, not smaller, and less than one cell larger."""
    result = padded(size)

    assert result % GRID == 0
    assert size <= result < size + GRID


@given(st.integers(0, 10**9))
def test_a_second_padding_changes_nothing(size):
    """A size on the grid stays."""
    assert padded(padded(size)) == padded(size)
