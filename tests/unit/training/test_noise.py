"""Facts about noise: what it depends on, what it does not, how it is distributed."""

import numpy as np
import pytest
import torch

from practicum.core.seeds import stream
from practicum.training.noise import Noise

LIKE = torch.zeros(1)


def noise(seeds, shape=(40, 50), purpose="tests"):
    """Return a noise of these seeds."""
    return Noise(seeds, purpose, shape, LIKE)


def test_a_trials_noise_depends_on_nobody_else():
    """Alone or with others, in any order: a function of seed, purpose and step."""
    rate = torch.tensor([0.3])
    alone = noise([7]).kept(5, rate)[0]

    assert torch.equal(noise([1, 7, 2]).kept(5, rate.expand(3))[1], alone)
    assert torch.equal(noise([7, 7]).kept(5, rate.expand(2))[1], alone)


@pytest.mark.parametrize("other", [noise([8]), noise([7], purpose="else")])
def test_another_seed_or_purpose_gives_other_noise(other):
    """Streams are independent."""
    rate = torch.tensor([0.5])

    assert not torch.equal(other.kept(5, rate), noise([7]).kept(5, rate))


def test_every_update_has_its_own_noise_and_can_be_asked_for_again():
    """In any order."""
    one, rate = noise([7]), torch.tensor([0.5])
    fifth = one.kept(5, rate)

    assert not torch.equal(one.kept(6, rate), fifth)
    assert torch.equal(one.kept(5, rate), fifth)


def test_a_mask_keeps_the_mean():
    """Dropped with the rate's probability, the rest scaled up; 2,000 numbers, five standard errors."""
    mask = noise([0]).kept(0, torch.tensor([0.25]))

    assert abs(float((mask == 0).float().mean()) - 0.25) < 5 * (0.25 * 0.75 / 2000) ** 0.5
    assert mask.unique().tolist() == pytest.approx([0, 1 / 0.75])


def test_trials_of_one_seed_share_their_numbers():
    """What a lower rate drops, a higher one drops too: comparisons are fairer."""
    mask = noise([3, 3]).kept(1, torch.tensor([0.1, 0.6]))

    assert ((mask[0] == 0) <= (mask[1] == 0)).all()


def test_a_rate_of_zero_keeps_all_and_of_one_none():
    """The ends are exact."""
    kept = noise([0, 0]).uniform_at_least(4, torch.tensor([0.0, 1.0]))

    assert kept[0].all()
    assert not kept[1, :, :].all()
    assert float(kept[1].float().mean()) < 1e-3


def test_normal_numbers_are_those_of_the_named_stream():
    """Straight from the generator that everything else uses."""
    drawn = noise([3]).normal(9)[0]
    expected = stream(3, "tests", 9).standard_normal(2000, dtype=np.float32)

    np.testing.assert_array_equal(drawn.numpy().ravel(), expected)
