"""The constant and the linear baseline."""

from time import process_time

import numpy as np
import pytest
import torch

from practicum.core.metrics import error
from practicum.core.seeds import stream
from practicum.data.dataset import Dataset, Task
from practicum.models.baselines import Baseline, fit_baselines


def _rows(task: Task, num_rows: int, purpose: str, num_inputs: int = 5, num_classes: int = 3) -> Dataset:
    """Return rows of a noisy linear problem; the weights are the same for every purpose."""
    generator = stream(0, purpose)
    outputs = num_classes if task == "multiclass" else 1
    weights = stream(0, f"weights {num_inputs}").normal(size=(num_inputs, outputs))
    x = generator.normal(size=(num_rows, num_inputs))
    raw = x @ weights + 0.3 * generator.normal(size=(num_rows, outputs))
    if task == "multiclass":
        target = np.eye(outputs)[raw.argmax(axis=1)]
    else:
        target = (raw > 0).astype(float) if task == "binary" else raw
    return Dataset(
        torch.from_numpy(x.astype(np.float32)),
        torch.zeros(num_rows, 0, dtype=torch.int64),
        torch.from_numpy(target.astype(np.float32)),
    )


def _three(task: Task, num_rows: int = 400, **sizes: int) -> tuple[Dataset, Dataset, Dataset]:
    return (
        _rows(task, num_rows, "train", **sizes),
        _rows(task, 200, "valid", **sizes),
        _rows(task, 200, "test", **sizes),
    )


def _linear(
    train: Dataset, valid: Dataset, test: Dataset | None, task: Task, seconds: float = 10.0
) -> Baseline:
    found = fit_baselines(train, valid, test, task, seconds)
    assert [baseline.name for baseline in found] == ["constant", "linear"]
    return found[1]


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_the_linear_model_learns_a_linear_problem(task: Task):
    """Far below the constant on rows never seen, in the shape of the target."""
    train, valid, test = _three(task)
    constant, linear = fit_baselines(train, valid, test, task)

    assert linear.test is not None
    assert linear.valid.shape == constant.valid.shape == tuple(valid.target.shape)
    assert error(task, test.target, linear.test) < 0.4 * error(task, test.target, constant.test)


def test_the_constant_is_the_mean_of_the_training_rows():
    """The share of class 1 for every row; the validation rows have no say."""
    train, valid, _ = _three("binary")
    constant = fit_baselines(train, valid, None, "binary")[0]

    assert constant.valid == pytest.approx(np.full((200, 1), train.target.mean().item()))
    assert constant.test is None


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_the_same_data_give_the_same_baselines(task: Task):
    """Two calls agree to the bit."""
    first, second = (_linear(*_three(task), task) for _ in range(2))

    assert np.array_equal(first.valid, second.valid)
    assert first.description == second.description


def test_a_strong_penalty_is_chosen_where_inputs_are_noise():
    """With 30 rows and 100 inputs of noise, ridge takes its strongest penalty."""
    generator = stream(0, "noise")
    train, valid = (
        Dataset(
            torch.from_numpy(generator.normal(size=(rows, 100)).astype(np.float32)),
            torch.zeros(rows, 0, dtype=torch.int64),
            torch.from_numpy(generator.normal(size=(rows, 1)).astype(np.float32)),
        )
        for rows in (30, 500)
    )

    assert "alpha = 10000 " in _linear(train, valid, None, "regression").description


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_looked_up_columns_count_as_one_hot(task: Task):
    """A target that depends on an embedded column alone is learnt, level by level."""
    generator = stream(0, "codes")
    level_values = generator.normal(size=8)

    def rows(num_rows: int) -> Dataset:
        codes = np.stack([generator.integers(1, 8, num_rows), generator.integers(0, 3, num_rows)], axis=1)
        values = level_values[codes[:, 0]][:, None]
        target = (values > 0).astype(float) if task == "binary" else values
        return Dataset(
            torch.zeros(num_rows, 0),
            torch.from_numpy(codes),
            torch.from_numpy(target.astype(np.float32)),
            num_levels=(8, 3),
        )

    train, valid = rows(300), rows(100)
    linear = _linear(train, valid, None, task)

    assert error(task, valid.target, linear.valid) < 0.02


def test_one_class_in_training_leaves_the_constant_only():
    """There is no line to draw."""
    rows = Dataset(torch.randn(20, 2), torch.zeros(20, 0, dtype=torch.int64), torch.ones(20, 1))

    assert [baseline.name for baseline in fit_baselines(rows, rows, None, "binary")] == ["constant"]


def test_a_class_that_training_lacks_gets_probability_zero():
    """The columns stay those of the target, also when validation has that class."""
    train, valid, _ = _three("multiclass")
    keep = train.target[:, 1] == 0
    train = Dataset(train.x[keep], train.codes[keep], train.target[keep])
    linear = _linear(train, valid, None, "multiclass")

    assert linear.valid.shape == (200, 3)
    assert (linear.valid[:, 1] == 0.0).all()
    assert linear.valid.sum(axis=1) == pytest.approx(np.ones(200))


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_too_many_rows_for_the_time_are_sampled_and_said(task: Task):
    """A tiny limit uses a sample; the description gives the counts and the model still learns."""
    train, valid, test = _three(task, num_rows=30_000)
    linear = _linear(train, valid, test, task, seconds=1e-5)

    assert "of 30,000" in linear.description
    assert linear.test is not None
    assert error(task, test.target, linear.test) < 0.5


def test_a_rare_class_survives_the_sample():
    """One row of a class among thousands is kept."""
    train, valid, _ = _three("multiclass", num_rows=20_000)
    target = train.target.clone()
    target[target[:, 2] == 1] = torch.tensor([1.0, 0.0, 0.0])
    target[7] = torch.tensor([0.0, 0.0, 1.0])
    linear = _linear(Dataset(train.x, train.codes, target), valid, None, "multiclass", seconds=0.001)

    assert (linear.valid[:, 2] > 0).all()


def test_ten_thousand_rows_of_a_hundred_inputs_take_less_than_two_seconds():
    """The promise for an ordinary table."""
    train, valid, test = _three("binary", num_rows=10_000, num_inputs=100)
    start = process_time()
    fit_baselines(train, valid, test, "binary")

    assert process_time() - start < 2.0


def test_wide_data_with_few_rows_are_fitted():
    """More inputs than rows raise no warning and beat nothing by accident."""
    train, valid, test = _three("regression", num_rows=20, num_inputs=200)

    assert np.isfinite(_linear(train, valid, test, "regression").valid).all()
