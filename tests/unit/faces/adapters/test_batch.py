"""Facts about what is read from the batches and metrics of training libraries."""

import pytest

from practicum.faces.adapters.batch import parted, validation


@pytest.mark.parametrize(
    ("batch", "parts"),
    [
        ((1, 2), (1, 2)),
        ([1, 2, 3], ([1, 2], 3)),
        ([1], (1, None)),
        ([], ([], None)),
        (1, (1, None)),
        ({"x": 1, "y": 2}, ({"x": 1}, 2)),
        ({"labels": 1, "label": 2}, ({"label": 2}, 1)),
        ({"x": 1}, ({"x": 1}, None)),
    ],
)
def test_a_batch_falls_into_inputs_and_targets(batch, parts):
    assert parted(batch) == parts


@pytest.mark.parametrize(
    ("metrics", "found"),
    [
        ({}, (None, None)),
        ({"train_loss": 1.0, "loss": 1.0}, (None, None)),
        ({"val_loss": 1.0, "val_loss_best": True}, (1.0, None)),
        ({"eval_loss": 1.0, "eval_accuracy": 0.75}, (1.0, 0.25)),
        ({"validation/loss": 1.0, "validation/aux_loss": 3.0, "validation/err": 0.5}, (1.0, 0.5)),
        ({"valid_lossless": 1.0, "valid_acc": 1.0}, (None, 0.0)),
        ({"val_acc": 0.9, "val_error": 0.2}, (None, 0.2)),
    ],
)
def test_a_validation_is_found_by_its_names(metrics, found):
    assert validation(metrics) == found


def test_a_name_that_is_given_counts():
    assert validation({"a": 1, "val_loss": 2, "b": 3}, "a", "b") == (1.0, 3.0)
    with pytest.raises(KeyError, match="c"):
        validation({"a": 1}, "c")
