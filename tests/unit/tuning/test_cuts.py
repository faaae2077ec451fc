"""Facts about what the clock cut short, written down and done again."""

import numpy as np
import pytest
import torch

from practicum.core.events import Validated
from practicum.core.record import Record
from practicum.engine.result import Result
from practicum.recipe import Recipe
from practicum.tuning.cuts import as_then, cuts_from, cuts_of, ending_after, never_begun, shortened

WEIGHTS = {"w": torch.ones(2)}


def result(trial: int = 0, status: str = "budget", num_steps: int = 60) -> Result:
    """Return a result that was validated."""
    return Result(trial, Recipe(), status, num_steps, 50, 0.1, 1.0, 0.2, 0.3, WEIGHTS)


def validated(step: int, trials: tuple[int, ...]) -> Validated:
    """Return the word of a validation of ``trials``."""
    some = np.full(len(trials), 0.5)
    flags = np.ones(len(trials), dtype=bool)
    values = {
        "step": step,
        "age": 16 * step,
        "trials": trials,
        "alive": flags,
        "improved": flags,
    }
    names = ("learning_rate", "train_loss", "valid_loss", "valid_error")
    return Validated(**values, **dict.fromkeys(names, some))


def test_what_time_ended_is_written_down_with_its_last_validation():
    """Others are left out; one that was never validated has 0."""
    record = Record()
    record.fold([validated(25, (0, 2)), validated(50, (0, 2))])
    results = [result(0), result(1, num_steps=7), result(2, status="patience"), result(3, "stopped", 9)]

    assert cuts_of(results, record) == {"0": [60, 50], "1": [7, 0], "3": [9, 0]}
    assert cuts_from(cuts_of(results, record)) == {0: (60, 50), 1: (7, 0), 3: (9, 0)}


def test_what_was_never_validated_stays_so_when_it_is_repeated():
    """The repeated run validates its one update, and forgets that: it can be repeated itself."""
    record = Record()
    record.fold([validated(1, (0,))])

    assert cuts_of([as_then(result(0, "num_steps", 1), (7, 0))], record) == {"0": [7, 0]}


def test_a_training_is_repeated_up_to_its_last_validation():
    """What was not cut stays as it is; one that was not validated is trained for an update, and that is forgotten."""
    recipe = Recipe(num_steps=900)

    assert shortened(recipe, None) is recipe
    assert shortened(recipe, (60, 50)).num_steps == 50
    assert shortened(recipe, (7, 0)).num_steps == 1


@pytest.mark.parametrize(("schedule", "steps"), [("cosine", 900), ("power", None)])
def test_rates_stay_those_of_the_whole_length(schedule, steps):
    """A schedule that ends with training must not end earlier because time did."""
    assert ending_after(Recipe(schedule=schedule, num_steps=900), 50).schedule_steps == steps


def test_a_result_is_told_as_the_clock_left_it():
    """Same number of updates, same status."""
    then = as_then(result(status="num_steps", num_steps=50), (60, 50))

    assert (then.status, then.num_steps, then.valid_error) == ("budget", 60, 0.3)
    assert then.weights is WEIGHTS


def test_what_was_not_validated_then_has_nothing_to_show_now():
    """Neither an error nor weights."""
    then = as_then(result(status="num_steps", num_steps=1), (7, 0))

    assert (then.status, then.num_steps, then.valid_error, dict(then.weights)) == ("budget", 7, np.inf, {})


def test_what_ended_by_itself_is_left_alone():
    """Uncut, or ended before it was to be cut."""
    assert as_then(mine := result(), None) is mine
    assert as_then(mine := result(status="diverged"), (60, 50)) is mine


def test_trainings_that_were_never_begun_end_before_their_first_update():
    """Those that were cut keep their cut."""
    assert never_begun({1: (60, 50)}, range(4), [0, 1]) == {1: (60, 50), 2: (0, 0), 3: (0, 0)}
