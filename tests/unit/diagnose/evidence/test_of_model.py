"""Facts about changes of the model: each changes what it says, the copy trains on, and it says why where it cannot."""

import math

import pytest
import torch
from tests.made_subjects import made_net, made_twin
from torch import nn

from practicum.diagnose.evidence import of_model as changes
from practicum.diagnose.evidence.course import train
from practicum.diagnose.evidence.subject import CannotTryError, Rows


def moved(twin):
    """Whether training still moves every parameter."""
    before = [one.clone() for one in twin.model.parameters()]
    train(twin, 0)
    after = list(twin.model.parameters())
    return all(not torch.equal(one, other) for one, other in zip(before, after, strict=True))


def kinds(model):
    return [type(one).__name__ for one in model.modules() if not list(one.children())]


@pytest.mark.parametrize(
    ("unit", "half_width"),
    [
        (nn.ReLU, math.sqrt(6 / 6)),
        (nn.Tanh, math.sqrt(6 / 22)),
        (nn.Sigmoid, 4 * math.sqrt(6 / 22)),
    ],
)
def test_weights_are_drawn_as_the_units_ask_for(unit, half_width):
    """He's range with rectifiers, Glorot's else, four times with sigmoids; biases and outputs begin at 0."""
    twin = made_twin(model=nn.Sequential(nn.Linear(6, 16), unit(), nn.Linear(16, 2)))
    changes.initialised_anew(twin)
    first, last = twin.model[0], twin.model[2]

    assert 0.8 * half_width < float(first.weight.detach().abs().max()) <= half_width
    assert not first.bias.any()
    assert not last.weight.any()


def test_the_last_layer_begins_at_zero():
    """So all outputs are the same."""
    twin = made_twin()
    changes.last_layer_at_zero(twin)

    assert not twin.model(torch.randn(4, 6)).any()


def test_rectifiers_become_leaky():
    """Those that are modules."""
    twin = made_twin()
    changes.leaky(twin)

    assert "ReLU" not in kinds(twin.model)
    assert kinds(twin.model).count("LeakyReLU") == 2
    assert moved(twin)


def test_hidden_sigmoids_become_rectifiers_and_the_output_stays():
    """It belongs to the loss."""
    model = nn.Sequential(nn.Linear(6, 8), nn.Sigmoid(), nn.Linear(8, 2), nn.Sigmoid())
    twin = made_twin(model=model)
    changes.rectified(twin)

    assert kinds(twin.model) == ["Linear", "ReLU", "Linear", "Sigmoid"]


def test_a_rectifier_comes_between_affine_layers():
    """Between each two, and nowhere else."""
    model = nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 8), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2))
    twin = made_twin(model=model)
    changes.between_layers(twin)

    assert kinds(twin.model) == ["Linear", "ReLU", "Linear", "ReLU", "Linear", "Tanh", "Linear"]
    assert moved(twin)


def test_groups_are_normalised_in_place_of_batches():
    """With the same scales and shifts, which go on being trained."""
    twin = made_twin()
    scale = twin.model[1].weight
    changes.group_normalised(twin)

    assert twin.model[1].weight is scale
    assert kinds(twin.model)[1] == "GroupNorm"
    assert moved(twin)


def test_dropout_is_halved():
    """Each by the factor."""
    twin = made_twin()
    changes.times_dropout(0.5)(twin)

    assert twin.model[3].p == pytest.approx(0.05)


def test_outputs_become_linear():
    """Where the model ends with a unit."""
    twin = made_twin(model=nn.Sequential(made_net(), nn.Sequential(nn.Linear(2, 2), nn.ReLU())))
    changes.without_output_unit(twin)

    assert kinds(twin.model)[-1] == "Identity"


def test_hidden_layers_become_wider_and_are_trained():
    """Four times, inputs and outputs as they were."""
    model = nn.Sequential(nn.Linear(6, 3), nn.ReLU(), nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2))
    twin = made_twin(lambda p: torch.optim.Adam(p, lr=0.1), model=model, num_steps=3)
    changes.wider(twin)
    shapes = [(one.in_features, one.out_features) for one in twin.model if isinstance(one, nn.Linear)]

    assert shapes == [(6, 12), (12, 12), (12, 2)]
    assert moved(twin)


def test_a_second_softmax_is_taken_away():
    """The loss of probabilities is then their negative logarithm."""
    twin = made_twin()
    changes.of_logits(twin)
    logits, targets = torch.randn(8, 2), torch.zeros(8, dtype=torch.long)

    torch.testing.assert_close(
        twin.loss_fn(logits.softmax(1), targets), nn.functional.cross_entropy(logits, targets)
    )


def test_cross_entropy_takes_classes_and_one_hot_rows_alike():
    """And nothing else."""
    twin = made_twin(loss_fn=nn.MultiMarginLoss())
    changes.cross_entropy(twin)
    logits, targets = torch.randn(8, 2), torch.tensor([0, 1] * 4)

    torch.testing.assert_close(
        twin.loss_fn(logits, nn.functional.one_hot(targets)), twin.loss_fn(logits, targets)
    )
    with pytest.raises(CannotTryError, match="no classes"):
        twin.loss_fn(logits, torch.rand(8))
    with pytest.raises(CannotTryError, match="no output for each class"):
        twin.loss_fn(logits[:, 0], targets)


def test_inputs_are_standardised_by_the_training_rows():
    """Mean 0, deviation 1; a constant column stays finite; further arguments are let through."""
    twin = made_twin(scale=100.0)
    twin.rows.inputs[:, 2] = 5.0
    changes.standardised(twin)
    found = twin.prepare((twin.rows.inputs, "word"))

    torch.testing.assert_close(found[0].mean(0), torch.zeros(6), atol=1e-5, rtol=0)
    torch.testing.assert_close(found[0].std(0)[[0, 1, 3]], torch.ones(3))
    assert found[1] == "word"
    assert torch.isfinite(twin.output(Rows(twin.rows.inputs, None))).all()


@pytest.mark.parametrize(
    ("change", "model", "why"),
    [
        (changes.initialised_anew, nn.Embedding(4, 2), "no affine"),
        (changes.last_layer_at_zero, nn.Embedding(4, 2), "no affine"),
        (changes.leaky, nn.Linear(6, 2), "no rectifiers"),
        (changes.rectified, nn.Linear(6, 2), "no hidden"),
        (changes.between_layers, nn.Linear(6, 2), "no two affine"),
        (changes.group_normalised, nn.Linear(6, 2), "no batch"),
        (changes.times_dropout(0.5), nn.Linear(6, 2), "no dropout"),
        (changes.without_output_unit, nn.Linear(6, 2), "ends with"),
        (changes.wider, nn.Linear(6, 2), "no Sequential of affine"),
        (changes.wider, made_net(), "no Sequential of affine"),
    ],
)
def test_what_a_model_has_not_cannot_be_changed(change, model, why):
    """And it says so."""
    with pytest.raises(CannotTryError, match=why):
        change(made_twin(model=model))


def test_inputs_that_are_standardised_are_left():
    """Nothing would change."""
    with pytest.raises(CannotTryError, match="standardised already"):
        changes.standardised(made_twin())


def test_inputs_that_are_no_numbers_cannot_be_standardised():
    """Such as codes of words."""
    twin = made_twin()
    twin.rows = Rows(twin.rows.inputs.long(), twin.rows.targets)

    with pytest.raises(CannotTryError, match="no numbers"):
        changes.standardised(twin)
