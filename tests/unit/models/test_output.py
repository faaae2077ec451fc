"""Facts about output units and their losses [3.2-26, 2.2-07]."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.metrics import error
from practicum.core.seeds import stream
from practicum.models.output import LINEAR, OUTPUT_UNITS, SIGMOID, SOFTMAX

CASES = {
    "multiclass": torch.eye(3, dtype=torch.float64)[[0, 2, 1, 1]],
    "binary": torch.tensor([[0.0], [1.0], [1.0], [0.0]], dtype=torch.float64),
    "regression": torch.tensor([[0.3, -1.0], [2.0, 0.0], [-0.5, 1.0], [0.0, 0.1]], dtype=torch.float64),
}
every_task = pytest.mark.parametrize("task", CASES)


def logits_for(target, scale=3.0):
    """Return random logits in the shape of ``target``."""
    return torch.from_numpy(scale * stream(0, "tests/logits").standard_normal(tuple(target.shape)))


def predictions(task, logits):
    """Return the predictions of the output unit of ``task``."""
    return OUTPUT_UNITS[task].predict(logits, torch.empty_like(logits))


@every_task
def test_the_slope_of_the_loss_is_prediction_minus_target(task):
    """Each output unit is paired with the loss that makes it so [3.2-26]."""
    target = CASES[task]
    logits = logits_for(target).requires_grad_()
    (slope,) = torch.autograd.grad(OUTPUT_UNITS[task].row_losses(logits, target).sum(), logits)

    torch.testing.assert_close(slope, predictions(task, logits.detach()) - target, atol=1e-14, rtol=1e-12)


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_the_slope_holds_at_logit_zero_too(task):
    """There training begins, since output weights start at zero."""
    logits = torch.zeros_like(CASES[task]).requires_grad_()
    (slope,) = torch.autograd.grad(OUTPUT_UNITS[task].row_losses(logits, CASES[task]).sum(), logits)

    torch.testing.assert_close(slope, predictions(task, logits.detach()) - CASES[task])


def test_losses_are_minus_log_likelihood_or_half_squared_error():
    """The formulas, on numbers that a person can check."""
    softmax = SOFTMAX.row_losses(torch.tensor([[0.0, math.log(3)]]), torch.tensor([[1.0, 0.0]]))
    sigmoid = SIGMOID.row_losses(torch.tensor([[math.log(3)]]), torch.tensor([[0.0]]))
    linear = LINEAR.row_losses(torch.tensor([[3.0, 1.0]]), torch.tensor([[1.0, 2.0]]))

    assert float(softmax) == pytest.approx(math.log(4))
    assert float(sigmoid) == pytest.approx(math.log(4))
    assert float(linear) == pytest.approx(2.5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_losses_are_finite_and_right_at_logits_of_ten_thousand(dtype):
    """The log domain never overflows: a wrong certainty costs its logit, a right one nothing [2.2-07]."""
    far = torch.tensor([[1e4, -1e4]], dtype=dtype)
    softmax = [SOFTMAX.row_losses(far, torch.eye(2, dtype=dtype)[[k]]) for k in (0, 1)]
    sigmoid = [
        SIGMOID.row_losses(torch.full((1, 1), a, dtype=dtype), torch.full((1, 1), t, dtype=dtype))
        for a, t in ((1e4, 1.0), (1e4, 0.0), (-1e4, 0.0), (-1e4, 1.0))
    ]

    assert [float(loss) for loss in softmax] == [0.0, 2e4]
    assert [float(loss) for loss in sigmoid] == [0.0, 1e4, 0.0, 1e4]


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_predictions_are_probabilities_however_far_the_logits(task):
    """They lie between 0 and 1 at logits of ±10,000."""
    far = logits_for(CASES[task]).sign().float() * 1e4
    probability = predictions(task, far)

    assert ((probability >= 0) & (probability <= 1)).all()


def test_predictions_are_the_usual_functions():
    """Softmax, sigmoid, identity: equal to PyTorch's own."""
    softmax, sigmoid, linear = (logits_for(CASES[task]) for task in ("multiclass", "binary", "regression"))

    torch.testing.assert_close(predictions("multiclass", softmax), softmax.softmax(1), atol=0, rtol=1e-14)
    torch.testing.assert_close(predictions("binary", sigmoid), sigmoid.sigmoid(), atol=0, rtol=1e-14)
    assert torch.equal(predictions("regression", linear), linear)


@pytest.mark.parametrize("task", ["multiclass", "binary", "regression"])
def test_a_prediction_is_written_where_it_is_asked_for(task):
    """The step keeps its buffers; the logits stay as they are."""
    logits = logits_for(CASES[task])
    before, out = logits.clone(), torch.full_like(logits, torch.nan)

    result = OUTPUT_UNITS[task].predict(logits, out)

    assert result.data_ptr() == out.data_ptr()
    assert not out.isnan().any()
    assert torch.equal(logits, before)


@every_task
def test_the_trial_axis_comes_first_or_not_at_all(task):
    """Axis 1 is the outputs, whatever stands before and after: (K, O, B) or (B, O)."""
    target = CASES[task]
    logits = logits_for(target)
    unit = OUTPUT_UNITS[task]
    packed = (logits.T.expand(2, -1, -1), target.T.expand(2, -1, -1))

    for measure in (unit.row_losses, unit.row_errors):
        torch.testing.assert_close(measure(*packed)[1], measure(logits, target), atol=1e-15, rtol=1e-14)


@pytest.mark.parametrize(
    ("logits", "wrong"),
    [
        ([2.0, 1.0, 0.0], 0.0),
        ([1.0, 2.0, 0.0], 1.0),
        ([2.0, 2.0, 0.0], 1.0),
        ([0.0, 0.0, 0.0], 1.0),
        ([math.nan, 0.0, 0.0], 1.0),
        ([2.0, math.nan, 0.0], 1.0),
        ([math.inf, 0.0, 0.0], 0.0),
        ([0.0, math.inf, 0.0], 1.0),
    ],
)
def test_a_class_is_right_only_if_it_alone_has_the_largest_logit(logits, wrong):
    """Ties and NaN are wrong: nobody profits from a net that knows nothing."""
    target = torch.tensor([[1.0, 0.0, 0.0]])

    assert SOFTMAX.row_errors(torch.tensor([logits]), target).tolist() == [wrong]


@pytest.mark.parametrize(
    ("logit", "target", "wrong"),
    [(1.0, 1, 0), (1.0, 0, 1), (-1.0, 0, 0), (-1.0, 1, 1), (math.nan, 0, 1), (math.nan, 1, 1), (0.0, 1, 1)],
)
def test_a_binary_prediction_is_class_one_above_logit_zero(logit, target, wrong):
    """NaN is always wrong."""
    result = SIGMOID.row_errors(torch.tensor([[logit]]), torch.tensor([[float(target)]]))

    assert result.tolist() == [float(wrong)]


def test_the_error_of_a_value_is_its_square_summed_over_outputs():
    """No half here: the root of the mean is the usual root mean squared error."""
    assert LINEAR.row_errors(torch.tensor([[3.0, 1.0]]), torch.tensor([[1.0, 2.0]])).tolist() == [5.0]


@every_task
@given(st.integers(0, 1000))
def test_training_and_the_final_report_count_alike(task, seed):
    """The error that selects is the error that is reported."""
    draw = stream(seed, "tests/alike")
    num_outputs = {"multiclass": 3, "binary": 1, "regression": 1}[task]
    logits = torch.from_numpy(draw.standard_normal((20, num_outputs)))
    target = {
        "multiclass": torch.eye(3, dtype=torch.float64)[draw.integers(0, 3, 20)],
        "binary": torch.from_numpy(draw.integers(0, 2, (20, 1)).astype(float)),
        "regression": torch.from_numpy(draw.standard_normal((20, 1))),
    }[task]
    mean = float(OUTPUT_UNITS[task].row_errors(logits, target).mean())
    mine = math.sqrt(mean) / float(target.std(correction=0)) if task == "regression" else mean

    assert mine == pytest.approx(error(task, target.numpy(), predictions(task, logits).numpy()), abs=1e-12)
