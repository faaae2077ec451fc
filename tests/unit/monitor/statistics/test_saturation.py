"""Facts about saturation."""

import torch

from practicum.monitor.statistics.saturation import remaining_slope


def test_it_is_the_derivative_over_the_largest():
    """Of tanh and sigmoid, by autograd."""
    z = torch.linspace(-3, 3, 9)
    for name, function, steepest in (("tanh", torch.tanh, 1.0), ("sigmoid", torch.sigmoid, 0.25)):
        slope = torch.func.vmap(torch.func.grad(function))(z).mean() / steepest

        torch.testing.assert_close(remaining_slope(function(z)[None, :, None], name)[0, 0], slope)
