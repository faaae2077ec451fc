"""The error of K trials at once against the one of each trial alone."""

from math import inf, nan

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from practicum.core.measures import names_for
from practicum.core.measuring import value
from practicum.core.seeds import stream
from practicum.models.output import OUTPUT_UNITS
from practicum.training.mlp.measured import UNDEFINED, Measured

CASES = [(task, name) for task in ("binary", "multiclass", "regression") for name in names_for(task)]
OUTPUTS = {"binary": 1, "multiclass": 3, "regression": 1}


def rows(task: str, seed: int, num_rows: int, *, tied: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Return logits and targets of three trials, each with rows of its own, (K, O, N) both."""
    generator = stream(seed, f"test measured {task}")
    logits = generator.normal(size=(3, OUTPUTS[task], num_rows))
    if task == "regression":
        target = generator.normal(size=logits.shape)
    elif task == "binary":
        target = generator.integers(0, 2, logits.shape)
    else:
        target = np.moveaxis(np.eye(3)[generator.integers(0, 3, (3, num_rows))], 2, 1)
    if tied:  # steps of a half, but no tie for the first place, where a trial knows nothing
        logits = (2 * logits).round() / 2 + (0.0625 + 0.125 * np.arange(OUTPUTS[task]))[:, None]
    return torch.tensor(logits, dtype=torch.float64), torch.tensor(target, dtype=torch.float64)


def errors(metric: str, task: str, logits: torch.Tensor, target: torch.Tensor, **options) -> np.ndarray:
    """Return the errors of all trials, taken in by two chunks, the second with rows left over."""
    unit, num_rows = OUTPUT_UNITS[task], logits.shape[2]
    measured = Measured(metric, task, tuple(logits.shape), logits, **options)
    half = num_rows // 2
    measured.keep(0, half, logits, target)
    rest = [torch.cat([part[:, :, half:], part[:, :, :2]], 2) for part in (logits, target)]
    measured.keep(half, num_rows, *rest)
    deviation = target[:, 0].std(1, correction=0).numpy() if task == "regression" else 1.0
    loss = unit.row_losses(logits, target).mean(1).numpy()
    return measured.error(loss, unit.row_errors(logits, target), deviation)


def alone(metric: str, task: str, logits: torch.Tensor, target: torch.Tensor) -> float:
    """Return the error of one trial, (O, N) both, by practicum.core.measuring."""
    prediction = OUTPUT_UNITS[task].predict(logits[None], torch.empty_like(logits[None]))[0]
    return value(metric, task, target.T.numpy(), prediction.T.numpy())


@pytest.mark.parametrize(("task", "metric"), CASES)
@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), num_rows=st.integers(4, 60), tied=st.booleans())
def test_all_trials_at_once_give_what_each_gives_alone(
    task: str, metric: str, seed: int, num_rows: int, tied: bool
):
    """On random rows, of each trial its own, with and without ties; a class may be missing."""
    # Through softmax and through its logarithm, equal scores of two rows are equal up to rounding only.
    logits, target = rows(task, seed, num_rows, tied=tied and (task, metric) != ("multiclass", "auc"))
    found = errors(metric, task, logits, target)
    expected = [alone(metric, task, *one) for one in zip(logits, target, strict=True)]

    assert found.dtype == np.float64
    assert found == pytest.approx(np.nan_to_num(expected, nan=UNDEFINED), abs=1e-9)


@pytest.mark.parametrize(("task", "metric"), CASES)
def test_company_and_order_change_no_bit(task: str, metric: str):
    """In float32, a trial alone, packed and re-ordered has the same error."""
    logits, target = (part.float() for part in rows(task, 1, 333))
    together = errors(metric, task, logits, target)
    turned = errors(metric, task, logits.flip(0), target.flip(0))
    each = [errors(metric, task, logits[k : k + 1], target[k : k + 1])[0] for k in range(3)]

    assert together.tolist() == turned[::-1].tolist() == each


def test_rows_of_one_class_make_all_trials_equal():
    """There is no AUC, so the loss decides."""
    logits, _ = rows("binary", 2, 10)

    assert errors("auc", "binary", logits, torch.ones_like(logits)).tolist() == [UNDEFINED] * 3


@pytest.mark.parametrize("metric", names_for("multiclass"))
@pytest.mark.parametrize("broken", [nan, inf])
def test_a_broken_trial_leaves_its_neighbours_alone(metric: str, broken: float):
    """Its own error is as bad as can be, or no number; the others keep their bits."""
    logits, target = rows("multiclass", 3, 50)
    before = errors(metric, "multiclass", logits, target)
    logits[1] = broken
    after = errors(metric, "multiclass", logits, target)

    assert after[[0, 2]].tolist() == before[[0, 2]].tolist()
    assert after[1] >= 0.5 or np.isnan(after[1])


def test_errors_in_the_targets_unit_are_scaled():
    """One scale for all trials, or one for each."""
    logits, target = rows("regression", 4, 40)
    plain = errors("mae", "regression", logits, target)

    assert errors("mae", "regression", logits, target, target_scale=10.0) == pytest.approx(10 * plain)
    scales = np.array([1.0, 2.0, 3.0])
    found = errors("rmse", "regression", logits, target, target_scale=scales)
    assert found == pytest.approx(scales * errors("rmse", "regression", logits, target))
    ratio = errors("error", "regression", logits, target)
    assert errors("error", "regression", logits, target, target_scale=10.0) == pytest.approx(ratio)


def test_a_tie_for_the_first_place_predicts_no_class():
    """An untrained net knows nothing: F1 is 0, as its error is 1."""
    logits = torch.zeros(1, 3, 12)
    target = torch.eye(3).repeat(4, 1).T[None]

    assert errors("f1", "multiclass", logits, target) == 1.0
    assert errors("error", "multiclass", logits, target) == 1.0
    assert errors("auc", "multiclass", logits, target) == 0.5
