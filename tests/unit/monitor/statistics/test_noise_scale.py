"""Facts about the noise scale."""

import torch

from practicum.monitor.statistics.noise_scale import noise_parts


def test_means_over_pairs_are_signal_and_variance():
    """Of gradients drawn about a known mean, both parts come out within 5 %."""
    chooser = torch.Generator().manual_seed(0)
    mean = torch.full((50,), 0.2)
    first, second = (mean + 0.5 * torch.randn(20_000, 50, generator=chooser) for _ in range(2))

    signal, noise = noise_parts(first, second)

    torch.testing.assert_close(signal.mean(), mean.square().sum(), rtol=0.05, atol=0)
    torch.testing.assert_close(noise.mean(), torch.tensor(50 * 0.25), rtol=0.05, atol=0)
