"""Facts about the tables of batch sizes and of the small grid."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from tests.made_searches import GRID, SIZES, made_search

from practicum.report.search_tables import batch_sizes_section, grid_section, shades_of


def printed(parts, width=80):
    """Return what the terminal shows of ``parts``."""
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(*parts, sep="\n")
    return out.getvalue()


def test_a_search_without_them_says_nothing():
    """Nor does a run that did not search."""
    summary = made_search()

    assert [*batch_sizes_section(summary), *grid_section(summary)] == []
    assert [*batch_sizes_section(summary.model_copy(update={"search": None}))] == []


def test_batch_sizes_show_cost_and_error_at_equal_time():
    """The chosen one is marked; costs are in microseconds where they were measured."""
    text = printed(batch_sizes_section(made_search(batch_sizes=SIZES)))
    lines = [line.split() for line in text.splitlines()]

    assert "µs/example" in text
    assert lines[1][:4] == ["16", "2", "3,000", "100"]
    assert lines[2][:8] == ["chosen", "32", "1", "3,000", "100", "%", "0.1", "15.0%"]
    assert SIZES.text in text


def test_modelled_costs_have_no_unit():
    """No clock was asked."""
    text = printed(batch_sizes_section(made_search(batch_sizes=SIZES.model_copy(update={"timed": False}))))

    assert "µs" not in text
    assert "2e-06" in text


def test_the_grid_is_a_map_with_the_chosen_cell_marked():
    """The best is light, what diverged darkest and without a number."""
    text = printed(grid_section(made_search(grid=GRID)))

    assert "learning_rate \\ momentum" in text
    assert "*– █" in text
    assert "20.0%  " in text
    assert "30.0% ▓" in text
    assert GRID.text in text


def test_equal_errors_have_equal_shades():
    """One rank for each error."""
    assert shades_of([0.2, 0.2, 0.3]) == [" ", " ", "█"]
    assert shades_of([0.2]) == [" "]
