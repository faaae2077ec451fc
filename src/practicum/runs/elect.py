"""From finalists to a committee: whose votes count, decided on validation rows alone [3.2-37].

A candidate is one training of a finalist, or its trainings in all folds: then each row is predicted by the member
that has not seen it. Whoever gets votes is in; its folds' members share them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from practicum.core.measures import DEFAULT
from practicum.core.measuring import row_errors, value
from practicum.core.metrics import Task
from practicum.data.dataset import Dataset
from practicum.data.key import DataKey
from practicum.data.preparations import Preparations
from practicum.data.prepare import Preparation
from practicum.engine.result import Result
from practicum.models.committee import committee_prediction, greedy_votes
from practicum.models.mlp import MLP
from practicum.models.network import Network
from practicum.recipe import Recipe
from practicum.runs.committee import Committee
from practicum.tuning.analysis.optimism import shared_noise
from practicum.tuning.finals import Finalist

Array = npt.NDArray[np.float64]

NUM_ROUNDS = 30
"""Most votes in all."""

CONTRADICTED = 3.0
"""Standard errors by which what the loss elects may make more errors, row by row, than the best candidate does."""


@dataclass(frozen=True, slots=True)
class Elected:
    """A committee, and what it predicts for the rows that elected it.

    Attributes:
        committee: its members.
        results: of its members, in their order.
        preparations: in which rows must be prepared for it, in order; the first is the data's own.
        keys: the name of each preparation.
        valid_rows: numbers of the table's rows that chose.
        valid: what it predicts for them, each member only for rows that it has not seen, (N, O).
        shared_noise: the share of these rows' noise that the candidates have in common.
    """

    committee: Committee
    results: tuple[Result, ...]
    preparations: tuple[Preparation, ...]
    keys: tuple[DataKey, ...]
    valid_rows: npt.NDArray[np.int64]
    valid: Array
    shared_noise: float

    def test_inputs(self, data: Preparations) -> list[Dataset]:
        """Return the test rows, prepared in each way. To be called once."""
        return [data.test(key) for key in self.keys]

    def inputs(self, data: Preparations, rows: npt.NDArray[np.int64]) -> list[Dataset]:
        """Return rows of the table, prepared in each way."""
        frame = data.data.loaded.table.frame
        return [preparation.transform(frame, rows=rows) for preparation in self.preparations]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Trainings of one recipe and seed, by fold, and what they predict for the rows that they have not seen."""

    results: tuple[Result, ...]
    valid: Array


def elect(
    finalists: Sequence[Finalist],
    data: Preparations,
    network_of: Callable[[Recipe], Network],
    *,
    metric: str = DEFAULT,
    num_rounds: int = NUM_ROUNDS,
) -> Elected:
    """Return the committee that greedy selection makes of the finalists' trainings, on validation rows.

    The measure that the user chose decides; where none was chosen the loss, which is less noisy than the error where
    rows are few; unless that committee makes more errors than a candidate alone, beyond chance: then the errors
    decide. (Networks that have hardly begun to learn may rank rows well and be less sure of them than a constant is.)

    Args:
        finalists: at least one of their trainings ended well.
        data: prepared rows.
        network_of: the shape of a recipe's network.
        metric: what the committee shall have least of.
        num_rounds: most votes in all; with 1, the best training alone.
    """
    task = data.data.schema.task
    rows = _valid_rows(finalists[0].recipe, data)
    target = data.data.preparation.transform(data.data.loaded.table.frame, rows=rows).target.double().numpy()
    candidates = [
        _candidate(folds, rows, data, network_of) for finalist in finalists for folds in finalist.results
    ]
    usable = [one for one in candidates if np.isfinite(one.valid).all() and _ended_well(one)]
    assert usable, "a finalist ended well"
    least = loss_against(task, target) if metric == DEFAULT else partial(value, metric, task, target)
    predictions = np.stack([one.valid for one in usable])
    errors = np.stack([row_errors(task, target, one) for one in predictions])
    votes = greedy_votes(predictions, least, num_rounds)
    if metric == DEFAULT and _contradicted(row_errors(task, target, _mean(predictions, votes)), errors):
        votes = greedy_votes(predictions, partial(value, metric, task, target), num_rounds)
    chosen = [(one, count) for one, count in zip(usable, votes, strict=True) if count]
    members = [(result, count) for one, count in chosen for result in one.results]
    return _elected(members, _mean(predictions, votes), shared_noise(list(errors)), rows, data, network_of)


def _mean(predictions: Array, votes: Sequence[int]) -> Array:
    """Return the prediction of those who have votes."""
    some = [k for k, count in enumerate(votes) if count]
    return committee_prediction(predictions[some], [votes[k] for k in some])


def _contradicted(errors_N: Array, candidates_KN: Array) -> bool:
    """Whether a candidate makes fewer errors than was elected, by more than :data:`CONTRADICTED` standard errors."""
    more_N = errors_N - candidates_KN[candidates_KN.mean(axis=1).argmin()]
    if len(more_N) < 2:
        return False
    return bool(more_N.mean() > CONTRADICTED * more_N.std(ddof=1) / math.sqrt(len(more_N)))


def loss_against(task: Task, target: Array) -> Callable[[Array], float]:
    """Return the function that says the mean loss of a prediction: −log likelihood, or half the squared error.

    Example:
        >>> loss_against("binary", np.array([[1.0]]))(np.array([[0.5]])) == math.log(2)
        True
    """
    if task == "regression":
        return lambda prediction: float(0.5 * ((prediction - target) ** 2).sum(1).mean())

    def log_loss(prediction: Array) -> float:
        likely = np.clip(prediction, 1e-12, 1 - 1e-12)
        if task == "binary":
            return float(-(target * np.log(likely) + (1 - target) * np.log(1 - likely)).mean())
        return float(-(target * np.log(likely)).sum(1).mean())

    return log_loss


def _ended_well(candidate: _Candidate) -> bool:
    return all(math.isfinite(result.valid_error) for result in candidate.results)


def _valid_rows(recipe: Recipe, data: Preparations) -> npt.NDArray[np.int64]:
    """Return the numbers of all rows that validate in some fold."""
    folds = range(recipe.num_folds or 1)
    parts = [data.of(recipe.changed(fold=fold) if recipe.num_folds else recipe) for fold in folds]
    return np.concatenate([part.split.valid for part in parts])


def _candidate(
    results: tuple[Result, ...],
    rows: npt.NDArray[np.int64],
    data: Preparations,
    network_of: Callable[[Recipe], Network],
) -> _Candidate:
    """Predict each validation row by the member of its fold, standardised as the data's own preparation does."""
    parts = []
    for result in results:
        part = data.of(result.recipe)
        if not result.weights:
            parts.append(np.full((len(part.valid), part.preparation.num_outputs), np.nan))
            continue
        member = Committee([MLP(network_of(result.recipe), result.weights)])
        parts.append(_rescaled(member.predict(part.valid), part.preparation, data.data.preparation))
    valid = np.concatenate(parts)
    assert len(valid) == len(rows)
    return _Candidate(results, valid)


def _rescaled(values: Array, of: Preparation, to: Preparation) -> Array:
    """Return standardised values of one preparation as another standardises them."""
    if of.schema.task != "regression":
        return values
    return (values * of.target_scale + of.target_mean - to.target_mean) / to.target_scale


def _elected(
    members: Sequence[tuple[Result, int]],
    valid: Array,
    shared: float,
    rows: npt.NDArray[np.int64],
    data: Preparations,
    network_of: Callable[[Recipe], Network],
) -> Elected:
    """Put the members together; each distinct preparation is numbered once, the data's own is number 0."""
    preparations: list[Preparation] = [data.data.preparation]
    keys = [data.data.key]
    numbers = []
    for result, _ in members:
        preparation = data.preparation(result.recipe)
        found = next((i for i, known in enumerate(preparations) if known is preparation), None)
        if found is None:
            found = len(preparations)
            preparations.append(preparation)
            keys.append(DataKey.of(result.recipe))
        numbers.append(found)
    committee = Committee(
        [MLP(network_of(result.recipe), _on_cpu(result)) for result, _ in members],
        votes=[count for _, count in members],
        preparations=numbers,
        scalings=[(one.target_mean, one.target_scale) for one in preparations],
    )
    return Elected(
        committee,
        tuple(result for result, _ in members),
        tuple(preparations),
        tuple(keys),
        rows,
        valid,
        shared,
    )


def _on_cpu(result: Result) -> dict[str, torch.Tensor]:
    return {name: value.cpu() for name, value in result.weights.items()}
