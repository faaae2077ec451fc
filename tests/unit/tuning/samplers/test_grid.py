"""Grid search: all cells, each once, and exactly the missing ones again."""

import math

import pytest

from practicum.core.errors import ConfigError
from practicum.recipe.space import Choice, Entry, Linear, Log, Space
from practicum.tuning.samplers.grid import Grid
from practicum.tuning.trial import Tried

RATES = Entry("learning_rate", Log(0.01, 1.0))
SPACE = Space((RATES, Entry("momentum", Linear(0.0, 0.9))))


def tried(number, values, **outcome):
    """Return a finished trial."""
    return Tried(number, values, **{"error": 0.5, **outcome})


def test_cells_come_in_the_order_of_the_entries():
    """The last entry varies fastest."""
    cells = Grid(SPACE, {"learning_rate": 3, "momentum": 2}).ask(10)

    assert [(cell["learning_rate"], cell["momentum"]) for cell in cells] == [
        (rate, momentum) for rate in (0.01, 0.1, 1.0) for momentum in (0.0, 0.9)
    ]


def test_five_entries_of_two_values_try_two_rates():
    """A 2^5 grid has 32 cells and only two values of each entry [3.4-02]."""
    names = ("learning_rate", "l2_penalty", "l1_penalty", "init_scale")
    space = Space((*(Entry(name, Log(1e-4, 1.0)) for name in names), Entry("momentum", Linear(0.1, 0.9))))
    cells = Grid(space, num_values=2).ask(100)

    assert len(cells) == 32
    assert all(len({cell[name] for cell in cells}) == 2 for name in space.names)


def test_a_hole_is_filled_by_exactly_that_cell():
    """Of a grid whose job for one cell was killed, a new grid told the others asks for that cell alone [3.3-12]."""
    first = Grid(SPACE, num_values=4)
    cells = first.ask(16)
    outcomes = [tried(number, cell) for number, cell in enumerate(cells) if number != 5]
    again = Grid(SPACE, num_values=4)
    again.tell(outcomes)

    assert again.missing() == (5,)
    assert again.ask(16) == [cells[5]]
    assert again.ask(16) == []


def test_done_cells_are_not_asked_for():
    """Numbers of done cells do the same as having told them."""
    grid = Grid(SPACE, num_values=2, done={0, 3})

    assert grid.missing() == (1, 2)
    assert len(grid.ask(9)) == 2


def test_a_cell_that_diverged_has_an_outcome_and_one_that_failed_has_none():
    """Divergence and halting are results; an error that is no number without them is a failed job."""
    grid = Grid(SPACE, num_values=2)
    cells = grid.ask(4)
    grid.tell(
        [
            tried(0, cells[0], error=math.inf, diverged=True),
            tried(1, cells[1], error=math.inf),
            tried(2, cells[2], halted=True),
        ]
    )

    assert grid.missing() == (1, 3)


def test_a_cell_has_no_values_of_entries_that_do_not_act():
    """A condition removes cells instead of repeating them."""
    space = Space(
        (
            Entry("update_rule", Choice(("sgd", "adam"))),
            Entry("momentum", Linear(0.1, 0.9), when={"update_rule": ("sgd",)}),
        )
    )

    assert Grid(space, num_values=3).ask(9) == [
        {"update_rule": "sgd", "momentum": 0.1},
        {"update_rule": "sgd", "momentum": 0.5},
        {"update_rule": "sgd", "momentum": 0.9},
        {"update_rule": "adam"},
    ]


def test_an_absurd_grid_is_refused_with_its_size():
    """The chapter's 6^5 = 7776 is too many [3.3-11]."""
    names = ("learning_rate", "l2_penalty", "l1_penalty", "init_scale", "decoupled_decay")
    space = Space((*(Entry(name, Log(1e-4, 0.5)) for name in names[:4]), Entry("momentum", Linear(0.1, 0.9))))

    with pytest.raises(
        ConfigError, match=r"at most 5000 cells, but got .* = 7776 trials.* sampler \"random\""
    ):
        Grid(space, num_values=6)


def test_an_unknown_entry_is_named_with_the_nearest():
    """A typo in a name is refused with a suggestion."""
    with pytest.raises(
        ConfigError, match=r'entries of the space, but got "momentm". Did you mean "momentum"\?'
    ):
        Grid(SPACE, {"momentm": 3})


def test_a_number_of_values_below_one_is_refused():
    """No value is no grid."""
    with pytest.raises(ConfigError, match=r"`num_values` must be ≥ 1, but got 0 \(learning_rate\)"):
        Grid(SPACE, {"learning_rate": 0})


def test_a_done_cell_that_is_none_is_refused():
    """The cells of another grid are noticed."""
    with pytest.raises(ConfigError, match="`done` must name cells from 0 to 3, but got 4"):
        Grid(SPACE, num_values=2, done={4})
