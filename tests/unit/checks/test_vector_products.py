"""Products with Hessian and Jacobian against the matrices, and against differences [2.2-06]."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd.function import once_differentiable

from practicum.checks import vector_products
from practicum.checks.vector_products import hessian_vector, jacobian_vector
from practicum.core.errors import ConfigError

X, Y = torch.linspace(-1, 1, 15).reshape(5, 3), torch.linspace(0, 1, 5)[:, None]
mean_square = nn.functional.mse_loss


class _Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.tanh(x)

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * (1 - torch.tanh(x) ** 2)


class Once(nn.Module):
    """A hyperbolic tangent whose backward pass cannot be differentiated."""

    def forward(self, x):
        return _Once.apply(x)


class Attending(nn.Module):
    """Attention, whose fused kernels have no second derivative."""

    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True)
        self.last = nn.Linear(12, 1)

    def forward(self, x):
        tokens = torch.stack([x, x**2, x**3, x + 1], -1)
        return self.last(self.layer(tokens).flatten(1))


def models():
    """Return small models of many kinds, by name."""
    torch.manual_seed(0)
    return {
        "tanh": nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)),
        "batch norm": nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.GELU(), nn.Linear(4, 1)),
        "dropout": nn.Sequential(nn.Linear(3, 6), nn.Softplus(), nn.Dropout(0.5), nn.Linear(6, 1)),
        "in place": nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 1)),
        "attention": Attending(),
        "once differentiable": nn.Sequential(nn.Linear(3, 4), Once(), nn.Linear(4, 1)),
    }


def random_vectors(model, seed=0):
    """Return a random tensor of each parameter's shape."""
    chooser = torch.Generator().manual_seed(seed)
    return {name: torch.randn(one.shape, generator=chooser) for name, one in model.named_parameters()}


def moved(model, vectors, distance):
    """Return a double copy with its parameters moved along the vectors."""
    double = copy.deepcopy(model).double()
    with torch.no_grad():
        for name, one in double.named_parameters():
            one.add_(vectors[name].double(), alpha=distance)
    return double


def difference(function, model, vectors, step=1e-5):
    """Return the central difference of a function of a model, with the same draws on both sides."""
    sides = []
    for sign in (1, -1):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            sides.append(function(moved(model, vectors, sign * step)))
    return [(ahead - behind) / (2 * step) for ahead, behind in zip(*sides, strict=True)]


def gradients(model):
    """Return the gradients of the loss."""
    return torch.autograd.grad(mean_square(model(X.double()), Y.double()), list(model.parameters()))


@pytest.mark.parametrize("name", models())
def test_the_hessian_product_is_the_difference_of_gradients(name):
    """Along any direction; also through batch statistics, dropout, attention and a backward of one's own."""
    model = models()[name]
    vectors = random_vectors(model)
    found = hessian_vector(model, mean_square, X, Y, vectors)

    for one, expected in zip(found.values(), difference(gradients, model, vectors), strict=True):
        torch.testing.assert_close(one, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", models())
def test_the_jacobian_product_is_the_difference_of_outputs(name):
    """Along any direction."""
    model = models()[name]
    vectors = random_vectors(model)
    found = jacobian_vector(model, X, vectors)
    (expected,) = difference(lambda one: (one(X.double()).detach(),), model, vectors)

    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-8)


@settings(max_examples=15)
@given(seed=st.integers(0, 1000))
def test_products_are_those_of_the_matrices(seed):
    """Of a tiny net the whole Hessian and the whole Jacobian are formed, to the last digits."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))
    vectors = random_vectors(model, seed)
    names = list(vectors)
    shapes = [one.shape for one in vectors.values()]
    flat = torch.cat([one.reshape(-1) for one in vectors.values()]).double()
    here = torch.cat([one.detach().reshape(-1) for one in model.parameters()]).double()

    def output(theta):
        parts = theta.split([shape.numel() for shape in shapes])
        given = {name: part.view(shape) for name, part, shape in zip(names, parts, shapes, strict=True)}
        return torch.func.functional_call(model, given, (X.double(),))

    hessian = torch.autograd.functional.hessian(lambda theta: mean_square(output(theta), Y.double()), here)
    jacobian = torch.autograd.functional.jacobian(lambda theta: output(theta)[:, 0], here)
    curved = torch.cat(
        [one.reshape(-1) for one in hessian_vector(model, mean_square, X, Y, vectors).values()]
    )

    torch.testing.assert_close(curved, hessian @ flat, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(
        jacobian_vector(model, X, vectors)[:, 0], jacobian @ flat, rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize("name", sorted(set(models()) - {"once differentiable"}))
def test_no_difference_is_taken_where_the_backward_pass_can_be_differentiated(name, monkeypatch):
    """Attention's as well, in its plain form."""
    monkeypatch.setattr(vector_products, "_difference", None)
    model = models()[name]

    hessian_vector(model, mean_square, X, Y, random_vectors(model))
    jacobian_vector(model, X, random_vectors(model))


def test_an_exact_product_has_more_digits_than_a_difference():
    """Where the backward pass can be differentiated, no difference is taken: a quadratic gives whole numbers."""
    model = nn.Linear(2, 1, bias=False)
    x = torch.tensor([[1.0, 0.0], [0.0, 3.0]])
    found = hessian_vector(model, mean_square, x, torch.zeros(2, 1), {"weight": torch.ones(1, 2)})

    assert found["weight"].tolist() == [[1.0, 9.0]]
    assert jacobian_vector(model, x, {"weight": torch.ones(1, 2)}).tolist() == [[1.0], [3.0]]


def test_what_is_left_out_counts_as_zero_and_what_is_frozen_is_not_there():
    """The product is linear in the vector, part by part."""
    model = models()["tanh"]
    model[2].bias.requires_grad_(False)
    vectors = {name: one for name, one in random_vectors(model).items() if name != "2.bias"}
    whole = hessian_vector(model, mean_square, X, Y, vectors)
    parts = [hessian_vector(model, mean_square, X, Y, {name: one}) for name, one in vectors.items()]

    assert list(whole) == ["0.weight", "0.bias", "2.weight"]
    for name, one in whole.items():
        torch.testing.assert_close(sum(part[name] for part in parts), one)


def test_a_loss_that_is_linear_in_the_parameters_does_not_curve():
    """And a parameter that nothing depends on has no part in it."""

    class Half(nn.ModuleList):
        def forward(self, x):
            return self[0](x)

    model = Half([nn.Linear(3, 1), nn.Linear(3, 1)])
    found = hessian_vector(model, lambda out, _: out.sum(), X, Y, {"1.weight": torch.ones(1, 3)})

    assert all(float(one.abs().max()) == 0 for one in found.values())
    assert float(jacobian_vector(model, X, {"1.weight": torch.ones(1, 3)}).abs().max()) == 0


def test_the_model_is_left_as_it_is():
    """Parameters, gradients, statistics, mode, and the global generator; with and without differences."""
    for name in ("batch norm", "once differentiable"):
        model = models()[name]
        before = copy.deepcopy(model.state_dict())
        state = torch.get_rng_state()
        hessian_vector(model, mean_square, X, Y, random_vectors(model))
        jacobian_vector(model, X, random_vectors(model))

        assert all(torch.equal(one, before[key]) for key, one in model.state_dict().items())
        assert all(one.grad is None for one in model.parameters())
        assert torch.equal(state, torch.get_rng_state())


def test_a_vector_that_fits_no_parameter_is_refused():
    """With the nearest name, or the shape that it should have."""
    model = nn.Linear(3, 1)

    with pytest.raises(
        ConfigError, match=r'but got shape \(1,\) for "wieght" \(no such parameter\). Did you'
    ):
        hessian_vector(model, mean_square, X, Y, {"wieght": torch.ones(1)})
    with pytest.raises(ConfigError, match=r'but got shape \(3,\) for "weight" \(shape \(1, 3\)\)'):
        jacobian_vector(model, X, {"weight": torch.ones(3)})


def test_a_model_with_several_outputs_has_no_one_tangent():
    """It is to be wrapped."""
    model = nn.LSTM(3, 2)

    with pytest.raises(ConfigError, match="`model` must return one tensor, but got tuple"):
        jacobian_vector(model, X, {})
