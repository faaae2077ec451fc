"""Golden runs: numbers of before that no change of the code may move.

The losses of 50 updates on generated rows are kept to full precision. Another processor rounds otherwise, so they are
compared to 1e-6; on one machine two runs agree in every bit. After a change that means to move them, write them anew:
`python -m tests.integration.test_golden`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.oracles.problems import ACTIVATION_NAMES, TASK_NAMES, advance, problem, small_recipe

from practicum.core.events import Validated

PATH = Path(__file__).with_name("golden_losses.json")
NUM_STEPS = 50
EVERYTHING = {
    "momentum": 0.5,
    "averaging": 0.9,
    "l1_penalty": 0.05,
    "l2_penalty": 0.1,
    "decay_start_step": 20,
    "validate_every_steps": 10,
}
CASES = [f"{task}/{activation}" for task in TASK_NAMES for activation in ACTIVATION_NAMES]


def losses(case: str) -> dict[str, list[float]]:
    """Return training and validation losses of two trials with every term of the update switched on."""
    task, activation = case.split("/")
    data = problem(task, num_levels=(4, 7))
    recipes = [small_recipe(activation=activation, seed=seed, **EVERYTHING) for seed in (0, 1)]
    events = [e for e in advance(data.pack(recipes), NUM_STEPS) if isinstance(e, Validated) and e.step]
    return {
        name: [float(value) for event in events for value in getattr(event, name)]
        for name in ("train_loss", "valid_loss")
    }


@pytest.mark.parametrize("case", CASES)
def test_the_losses_are_those_of_before(case: str) -> None:
    """A refactoring may not change what is learned."""
    golden = json.loads(PATH.read_text(encoding="utf-8"))[case]
    found = losses(case)

    assert found.keys() == golden.keys()
    for name, values in golden.items():
        assert found[name] == pytest.approx(values, rel=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_the_same_run_twice_has_the_same_bits(case: str) -> None:
    """In one process, every digit agrees."""
    assert losses(case) == losses(case)


def test_every_case_has_its_golden_numbers() -> None:
    """And none is left from before."""
    assert list(json.loads(PATH.read_text(encoding="utf-8"))) == CASES


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    PATH.write_text(json.dumps({case: losses(case) for case in CASES}, indent=1) + "\n", encoding="utf-8")
