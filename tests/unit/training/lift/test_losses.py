"""Facts about the named losses, against torch's own."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from tests.oracles.modules import draw

from practicum.core.errors import ConfigError, DataError, ShapeError
from practicum.training.lift.losses import check_batch, check_rows, named_loss


def plain(outputs):
    """Return a model that gives ``outputs``, and a stand-in for x."""
    return lambda x: outputs


def batch(y):
    """Return a batch whose x nobody reads."""
    return {"x": torch.zeros(len(y)), "y": y}


LOGITS, CLASSES = draw((6, 4), "losses/logits"), torch.tensor([0, 1, 2, 3, 0, 1])


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.4])
def test_cross_entropy_is_torchs(smoothing):
    """With label smoothing too."""
    found = named_loss("cross_entropy").loss(plain(LOGITS), batch(CLASSES), torch.tensor(smoothing))

    expected = F.cross_entropy(LOGITS, CLASSES, reduction="none", label_smoothing=smoothing)
    torch.testing.assert_close(found, expected)


def test_smoothing_by_nothing_minds_no_impossible_class():
    """A logit of minus infinity has an infinite loss, but for the label's own class only."""
    logits = LOGITS.clone()
    logits[:, 3] = -torch.inf
    found = named_loss("cross_entropy").loss(plain(logits[:3]), batch(CLASSES[:3]), torch.tensor(0.0))

    torch.testing.assert_close(found, F.cross_entropy(logits[:3], CLASSES[:3], reduction="none"))


def test_targets_may_have_an_axis_that_the_outputs_lack():
    """One target an example, (B, 1), and outputs (B,)."""
    found = named_loss("squared_error")(plain(LOGITS[:, 0]), batch(LOGITS[:, 1:2]))

    torch.testing.assert_close(found, (LOGITS[:, 0] - LOGITS[:, 1]).square() / 2)


def test_without_smoothing_nothing_is_smoothed():
    """The loss called plainly is torch's plain one."""
    found = named_loss("cross_entropy")(plain(LOGITS), batch(CLASSES))

    torch.testing.assert_close(found, F.cross_entropy(LOGITS, CLASSES, reduction="none"))


def test_cross_entropy_of_sequences_is_the_mean_over_time():
    """Logits (B, T, C) and classes (B, T) give (B,)."""
    logits, y = LOGITS.view(2, 3, 4), CLASSES.view(2, 3)
    found = named_loss("cross_entropy")(plain(logits), batch(y))

    torch.testing.assert_close(found, F.cross_entropy(LOGITS, CLASSES, reduction="none").view(2, 3).mean(1))


def test_binary_cross_entropy_is_torchs():
    """One logit an example, with an axis of its own or without."""
    logits, y = LOGITS[:, :1], (CLASSES > 1).float()
    found = named_loss("binary_cross_entropy")(plain(logits), batch(y))

    torch.testing.assert_close(found, F.binary_cross_entropy_with_logits(logits[:, 0], y, reduction="none"))


def test_squared_error_is_half_the_sum_of_squares():
    """Its error is the sum itself."""
    y = LOGITS.flip(0)
    loss, error = named_loss("squared_error").measure(plain(LOGITS), batch(y))

    torch.testing.assert_close(loss, (LOGITS - y).square().sum(1) / 2)
    torch.testing.assert_close(error, 2 * loss)


def test_errors_of_classes_are_misclassifications():
    """An example is right where its class has the largest logit."""
    error = named_loss("cross_entropy").error(plain(LOGITS), batch(CLASSES))

    assert error.tolist() == (LOGITS.argmax(1) != CLASSES).float().tolist()


def test_errors_of_yes_or_no_are_misclassifications():
    """A logit above 0 says yes."""
    error = named_loss("binary_cross_entropy").error(
        plain(torch.tensor([[2.0], [-1.0], [1.0]])), batch(torch.tensor([1.0, 1.0, 0.0]))
    )

    assert error.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("name", "y"), [("cross_entropy", CLASSES), ("binary_cross_entropy", (CLASSES > 1).float())]
)
def test_nan_counts_as_wrong(name, y):
    """A diverged model classifies nothing rightly."""
    outputs = torch.full((6, 4) if name == "cross_entropy" else (6, 1), torch.nan)

    assert named_loss(name).error(plain(outputs), batch(y)).tolist() == [1] * 6


def test_an_unknown_name_is_refused():
    """The nearest name is offered."""
    with pytest.raises(ConfigError, match='Did you mean "cross_entropy"'):
        named_loss("cross_entrop")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("cross_entropy", torch.zeros(2), 'must be a dict with "x" and "y"'),
        ("cross_entropy", {"x": torch.zeros(2)}, 'must be a dict with "x" and "y"'),
        ("cross_entropy", batch(torch.zeros(2)), "class numbers as int64 .* Convert it with .long"),
        ("squared_error", batch(CLASSES), 'floats when loss="squared_error", but got torch.int64'),
    ],
)
def test_data_that_do_not_suit_the_loss_are_refused(name, data, message):
    """The message says what is needed."""
    with pytest.raises(DataError, match=message):
        check_batch(named_loss(name), data, "train")


@pytest.mark.parametrize(
    ("name", "outputs", "y", "message"),
    [
        ("cross_entropy", LOGITS, CLASSES.view(3, 2), "without their last axis"),
        ("squared_error", LOGITS, torch.zeros(6, 3), "must have the shape of the model's outputs"),
    ],
)
def test_outputs_that_do_not_meet_the_targets_are_refused(name, outputs, y, message):
    """The message shows both shapes."""
    with pytest.raises(ShapeError, match=message):
        named_loss(name)(plain(outputs), batch(y))


@pytest.mark.parametrize(
    ("value", "got"), [(torch.tensor(1.0), r"shape \(\)"), (torch.zeros(6, 4), r"\(6, 4\)")]
)
def test_a_reduced_or_unreduced_loss_is_refused(value, got):
    """The message says how to get one value an example."""
    with pytest.raises(
        ShapeError, match=rf"one value an example, shape \(6,\), but got {got}|reduction='none'"
    ):
        check_rows(value, 6)


def test_a_number_is_no_loss():
    """A loss is a tensor."""
    with pytest.raises(ShapeError, match="as a tensor, but got float"):
        check_rows(1.0, 6)
