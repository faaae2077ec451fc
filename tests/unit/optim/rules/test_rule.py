"""Facts about what an update rule is given."""

import pytest
import torch

from practicum.optim.rules.rule import STEPS_AHEAD, Numbers, column_like


def made(step=1, first=(0.9, 0.0), second=(0.999, 0.9), stabiliser=(1e-8, 1e-3)):
    """Return the numbers of two trials for a block (2, 3, 4)."""
    given = {"first_decay": first, "second_decay": second, "stabiliser": stabiliser}
    columns = {key: torch.tensor(value, dtype=torch.float64).view(2, 1, 1) for key, value in given.items()}
    rest = dict.fromkeys(("learning_rate", "momentum", "decoupled_decay"), torch.zeros(2, 1, 1))
    return Numbers(**columns, **rest, step=step)


BLOCK = torch.zeros(2, 3, 4)


def test_a_constant_takes_the_type_of_the_block():
    """In which the rule computes."""
    assert made().constant("stabiliser", BLOCK).dtype == torch.float32


def test_one_minus_a_decay_keeps_its_digits():
    """1 − 0.999 is formed before it is rounded to 32 bits."""
    found = made().complement("second_decay", BLOCK).flatten()

    assert found.tolist() == torch.tensor([1 - 0.999, 1 - 0.9], dtype=torch.float32).tolist()


def test_columns_are_made_once():
    """Their cost is paid in the first update."""
    numbers = made()

    assert numbers.constant("stabiliser", BLOCK) is numbers.constant("stabiliser", BLOCK)
    assert numbers.complement("first_decay", BLOCK) is numbers.complement("first_decay", BLOCK)
    assert numbers.ones(BLOCK) is numbers.ones(BLOCK)
    assert numbers.scratch(BLOCK) is numbers.scratch(BLOCK)
    assert numbers.corrections(BLOCK)[0] is numbers.corrections(BLOCK)[0]


@pytest.mark.parametrize("step", [1, 2, STEPS_AHEAD, STEPS_AHEAD + 1, 10**6])
def test_corrections_follow_the_formulas(step):
    """√(1 − β₂^t) / (1 − β₁^t), √(1 − β₂^t), and the latter times the stabiliser."""
    factor, root, stabiliser = (c.flatten().tolist() for c in made(step).corrections(BLOCK.double()))
    roots = [(1 - beta**step) ** 0.5 for beta in (0.999, 0.9)]

    assert root == pytest.approx(roots, rel=1e-15)
    assert factor == pytest.approx([roots[0] / (1 - 0.9**step), roots[1]], rel=1e-15)
    assert stabiliser == pytest.approx([roots[0] * 1e-8, roots[1] * 1e-3], rel=1e-15)


def test_corrections_do_not_depend_on_where_the_table_begins():
    """Bit by bit: a run that goes on at any update finds the same."""
    numbers = made()
    for step in range(1, 2 * STEPS_AHEAD + 3):
        numbers.step = step
        fresh = made(step).corrections(BLOCK)

        assert all(torch.equal(a, b) for a, b in zip(numbers.corrections(BLOCK), fresh, strict=True))


def test_corrections_may_go_back():
    """A run may be taken up at an earlier update."""
    numbers = made(500)
    numbers.corrections(BLOCK)
    numbers.step = 3

    assert torch.equal(numbers.corrections(BLOCK)[1], made(3).corrections(BLOCK)[1])


def test_a_column_like_a_block_has_one_number_a_trial():
    """And as many axes as the block."""
    assert column_like(BLOCK).shape == (2, 1, 1)
    assert column_like(torch.zeros(5)).shape == (5,)
