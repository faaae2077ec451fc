"""The least a network has to beat: a constant, and the best regularised linear model of scikit-learn.

How much work is done follows from the sizes and from the seconds given, by a fixed cost model, so that the same
data give the same baselines; the clock is only a last resort on a machine far slower than assumed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from practicum.core.seeds import stream
from practicum.data.dataset import Dataset, Task

Array = npt.NDArray[np.float64]

STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2)
"""Inverse penalties tried for logistic regression, strongest penalty first (scikit-learn's C)."""

PENALTIES = (1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4)
"""Penalties tried for ridge regression (scikit-learn's alpha)."""

NUM_ITERATIONS = 60  # of L-BFGS per strength; each starts from the one before, so few are needed
FINAL_ITERATIONS = 300
FLOPS = 6e9  # a second, one thread: measured 6e9 with one output, 15e9 and more with three or more
SOFTMAX_SECONDS = 3e-8  # a row and class
MAX_DOUBLE = 20_000_000  # numbers; a larger table is fitted in float32 to save memory


@dataclass(frozen=True, slots=True)
class Baseline:
    """A simple model's predictions, ready to be scored.

    Attributes:
        name: "constant" or "linear".
        description: what it is, in words, with what was chosen and what was cut short.
        valid: predictions on the validation rows, in the shape and unit of ``Dataset.target``: the probability of
            class 1, (N, 1); of all classes, (N, O); or standardised values, (N, 1).
        test: the same on the test rows, or None without a test set.
    """

    name: Literal["constant", "linear"]
    description: str
    valid: Array
    test: Array | None


def fit_baselines(
    train: Dataset, valid: Dataset, test: Dataset | None, task: Task, seconds: float = 10.0
) -> list[Baseline]:
    """Return the constant and the linear baseline, fitted on ``train``, the penalty chosen on ``valid``.

    Args:
        train: rows to learn from.
        valid: rows that choose the penalty.
        test: rows to predict as well; never used to choose.
        task: what the target is.
        seconds: rough limit; very many rows are sampled, and the description says so.

    Returns:
        The constant, then the linear model; no linear model where the training rows have one class only.

    Source:
        The linear model is the net without hidden layers of 3.2-01; scikit-learn's LogisticRegression and Ridge.

    Example:
        >>> import torch
        >>> x = torch.linspace(-1, 1, 40)[:, None]
        >>> rows = Dataset(x, torch.zeros(40, 0, dtype=torch.int64), (x > 0).float())
        >>> [baseline.name for baseline in fit_baselines(rows, rows, None, "binary")]
        ['constant', 'linear']
    """
    found = [_constant(train, valid, test, task)]
    target_NO = _numpy(train.target)
    if task != "regression" and len(np.unique(_class_numbers(target_NO))) < 2:
        return found
    fit = _fit_ridge if task == "regression" else _fit_logistic
    model, description = fit(_inputs(train), target_NO, _inputs(valid), _numpy(valid.target), seconds)
    predictions = [
        None if rows is None else _predict(model, _inputs(rows), target_NO) for rows in (valid, test)
    ]
    assert predictions[0] is not None
    return [*found, Baseline("linear", description, predictions[0], predictions[1])]


def _constant(train: Dataset, valid: Dataset, test: Dataset | None, task: Task) -> Baseline:
    """Return the mean of the training target, which for one-hot rows is the share of each class."""
    mean_O = _numpy(train.target).astype(np.float64).mean(axis=0)
    description = "the training rows' mean" if task == "regression" else "always the most frequent class"
    valid_NO, test_NO = (None if rows is None else np.tile(mean_O, (len(rows), 1)) for rows in (valid, test))
    assert valid_NO is not None
    return Baseline("constant", description, valid_NO, test_NO)


def _fit_logistic(x: Any, target_NO: Array, x_valid: Any, valid_NO: Array, seconds: float) -> tuple[Any, str]:
    """Return the logistic regression of lowest validation loss and its description."""
    from sklearn.linear_model import LogisticRegression

    start = monotonic()
    class_N, valid_class_N = _class_numbers(target_NO), _class_numbers(valid_NO)
    num_rows, num_outputs = target_NO.shape
    second_per_row = (
        4 * _width(x) * num_outputs / (FLOPS * min(num_outputs, 3)) + num_outputs * SOFTMAX_SECONDS
    )
    affordable = int(seconds / 2 / (second_per_row * NUM_ITERATIONS * len(STRENGTHS)))
    some = _sample(class_N, max(affordable, 1000))
    model = LogisticRegression(max_iter=NUM_ITERATIONS, warm_start=True)
    tried: list[tuple[float, float, Any, Any]] = []
    for strength in STRENGTHS:
        model.set_params(C=strength)
        _quietly_fit(model, x[some], class_N[some])
        loss = _log_loss(model, x_valid, valid_class_N)
        tried.append((loss, strength, model.coef_.copy(), model.intercept_.copy()))
        if monotonic() - start > seconds / 2:
            break
    _, strength, coef, intercept = min(tried, key=lambda entry: entry[:2])
    model.set_params(C=strength)
    model.coef_, model.intercept_ = coef, intercept
    text = f"logistic regression, C = {strength:g} (of {len(tried)} tried on the validation rows)"
    if len(some) < num_rows:
        left = (
            max(seconds - (monotonic() - start), seconds / 4) if len(tried) < len(STRENGTHS) else seconds / 2
        )
        rows = _sample(class_N, max(int(left / second_per_row / NUM_ITERATIONS), 2000))
        iterations = int(left / second_per_row / len(rows))
        model.set_params(max_iter=min(max(iterations, NUM_ITERATIONS), FINAL_ITERATIONS))
        _quietly_fit(model, x[rows], class_N[rows])
        text += f"; C chosen with {len(some):,} rows, fitted on {len(rows):,} of {num_rows:,}"
    return model, text


def _fit_ridge(x: Any, target_NO: Array, x_valid: Any, valid_NO: Array, seconds: float) -> tuple[Any, str]:
    """Return the ridge regression of lowest squared validation error and its description."""
    from scipy import sparse
    from sklearn.linear_model import Ridge

    num_rows, width = target_NO.shape[0], _width(x)
    is_sparse = sparse.issparse(x)
    second_per_row = (200 * width * len(PENALTIES) if is_sparse else 2 * width**2) / FLOPS
    rows = _sample(np.zeros(num_rows, dtype=np.int64), max(int(seconds / second_per_row), 1000))
    # One target column a penalty: the product of the inputs with themselves is then made once.
    repeated_NP = np.repeat(target_NO[rows], len(PENALTIES), axis=1)
    model = Ridge(
        alpha=np.array(PENALTIES), solver="sparse_cg" if is_sparse else "cholesky", tol=1e-5, max_iter=200
    )
    _quietly_fit(model, x[rows], repeated_NP)
    loss_P = ((model.predict(x_valid) - valid_NO) ** 2).mean(axis=0)
    best = int(loss_P.argmin())
    model.coef_, model.intercept_ = model.coef_[best], model.intercept_[best]
    text = f"ridge regression, alpha = {PENALTIES[best]:g} (of {len(PENALTIES)} tried on the validation rows)"
    if len(rows) < num_rows:
        text += f"; fitted on {len(rows):,} of {num_rows:,} rows"
    return model, text


def _quietly_fit(model: Any, x: Any, target: Any) -> None:
    """Fit; a solver that stops at its last iteration is near enough for a baseline, so no warning."""
    from scipy.linalg import LinAlgWarning
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", LinAlgWarning)
        model.fit(x, target)


def _predict(model: Any, x: Any, target_NO: Array) -> Array:
    """Return predictions in the shape of the target; a class that training lacks gets probability zero."""
    num_outputs = target_NO.shape[1]
    if not hasattr(model, "classes_"):
        return np.asarray(model.predict(x), dtype=np.float64).reshape(-1, 1)
    found_NO = np.asarray(model.predict_proba(x), dtype=np.float64)
    if num_outputs == 1:
        return found_NO[:, 1:]
    whole_NO = np.zeros((len(found_NO), num_outputs))
    whole_NO[:, model.classes_] = found_NO
    return whole_NO


def _log_loss(model: Any, x: Any, class_N: npt.NDArray[np.int64]) -> float:
    """Return the mean negative log probability of the right class, floored where training lacks the class."""
    probability_NO = np.asarray(model.predict_proba(x), dtype=np.float64)
    position_N = np.searchsorted(model.classes_, class_N).clip(max=len(model.classes_) - 1)
    right_N = probability_NO[np.arange(len(class_N)), position_N]
    right_N[model.classes_[position_N] != class_N] = 0.0
    return float(-np.log(right_N.clip(min=1e-15)).mean())


def _inputs(rows: Dataset) -> Any:
    """Return the inputs as one matrix; looked-up columns one-hot, then all of it sparse."""
    x_NI = _numpy(rows.x)
    if x_NI.size <= MAX_DOUBLE:
        x_NI = x_NI.astype(np.float64)
    if not rows.num_levels:
        return x_NI
    from scipy import sparse

    codes_NC = rows.codes.cpu().numpy()
    first_C = np.concatenate([[0], np.cumsum(rows.num_levels)])
    num_rows, num_columns = codes_NC.shape
    places = (codes_NC + first_C[:-1]).reshape(-1)
    ends = np.arange(0, num_rows * num_columns + 1, num_columns)
    one_hot = sparse.csr_matrix((np.ones(len(places)), places, ends), shape=(num_rows, int(first_C[-1])))
    return sparse.hstack([sparse.csr_matrix(x_NI), one_hot], format="csr")


def _width(x: Any) -> int:
    """Return the numbers that a row costs: all of a dense row; of a sparse row the stored ones, each 4 times."""
    from scipy import sparse

    return max(1, 4 * int(x.nnz) // x.shape[0]) if sparse.issparse(x) else max(1, int(x.shape[1]))


def _sample(class_N: npt.NDArray[np.int64], num_rows: int) -> npt.NDArray[np.int64]:
    """Return row numbers, all or a fixed sample that holds at least one row of every class."""
    if num_rows >= len(class_N):
        return np.arange(len(class_N))
    order = stream(0, "baselines").permutation(len(class_N))
    _, firsts = np.unique(class_N[order], return_index=True)
    return np.sort(np.union1d(order[:num_rows], order[firsts]))


def _class_numbers(target_NO: Array) -> npt.NDArray[np.int64]:
    numbers = target_NO.argmax(axis=1) if target_NO.shape[1] > 1 else target_NO[:, 0]
    return numbers.astype(np.int64)


def _numpy(tensor: Any) -> Array:
    found: Array = tensor.detach().cpu().numpy()
    return found
