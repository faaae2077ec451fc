"""Facts about errors by their names, beside scikit-learn's."""

import pytest
import torch
from sklearn import metrics
from tests.made_rows import drawn, normal

from practicum.diagnose.derived.measures import class_errors, number_errors

LOGITS = normal(90, 3)
LABELS = torch.randint(3, (90,), generator=drawn(1))


def test_errors_of_classes_are_those_of_scikit_learn():
    """Each by its name."""
    _, told = class_errors(LOGITS, LABELS)
    guess = LOGITS.argmax(1)

    assert told["error"] == pytest.approx(1 - metrics.accuracy_score(LABELS, guess))
    assert told["balanced error"] == pytest.approx(1 - metrics.balanced_accuracy_score(LABELS, guess))
    assert told["1 - macro F1"] == pytest.approx(1 - metrics.f1_score(LABELS, guess, average="macro"))
    assert told["top-2 error"] == pytest.approx(1 - metrics.top_k_accuracy_score(LABELS, LOGITS, k=2))
    assert told["loss"] == pytest.approx(metrics.log_loss(LABELS, LOGITS.double().softmax(1)), rel=1e-5)


def test_the_area_under_the_curve_counts_ties_as_half():
    """Scores of one digit."""
    scores = (LOGITS[:, :1] * 2).round() / 2
    labels = (LABELS[:, None] == 1).float()
    _, told = class_errors(scores, labels)

    assert told["1 - AUC"] == pytest.approx(1 - metrics.roc_auc_score(labels, scores), abs=1e-6)


def test_errors_of_numbers_are_those_of_scikit_learn():
    """Each by its name."""
    truth = normal(90, 1, seed=3)
    guess = truth + 0.5 * normal(90, 1, seed=4)
    told = number_errors(guess, truth)

    assert told["mean square"] == pytest.approx(metrics.mean_squared_error(truth, guess), rel=1e-5)
    assert told["mean absolute"] == pytest.approx(metrics.mean_absolute_error(truth, guess), rel=1e-5)
    assert told["1 - R²"] == pytest.approx(1 - metrics.r2_score(truth, guess), rel=1e-5)


def test_other_targets_have_no_such_errors():
    """Classes are no numbers, and numbers no classes."""
    assert number_errors(LOGITS, LABELS) is None
    assert class_errors(LOGITS, normal(90, 3)) is None
