"""Facts about the named streams of random numbers [3.2-34]."""

import random

import numpy as np
import pytest
import torch

from practicum.core.seeds import stream

GOLDEN_PERMUTATION = [6, 8, 2, 3, 5, 7, 4, 0, 9, 1]
GOLDEN_UNIFORM = [0.7387637795993351, -0.9938352177623133]


def numbers(*arguments, count=8):
    """Return the first integers of a stream."""
    return stream(*arguments).integers(1 << 62, size=count).tolist()


def test_the_same_name_gives_the_same_numbers():
    """Seed, purpose and counter decide every number."""
    assert numbers(3, "order", 5) == numbers(3, "order", 5)


def test_the_numbers_never_change_between_versions():
    """A recipe of last year still means the same run."""
    assert stream(0, "order").permutation(10).tolist() == GOLDEN_PERMUTATION
    assert stream(7, "init/layers.0", 2).uniform(-1, 1, 2).tolist() == pytest.approx(
        GOLDEN_UNIFORM, abs=1e-15
    )


@pytest.mark.parametrize(
    "other",
    [
        (1, "order", 0),
        (0, "init", 0),
        (0, "order", 1),
        (1 << 32, "order", 0),
        (-1, "order", 0),
        (0, "orde", 0),
    ],
)
def test_another_seed_purpose_or_counter_gives_other_numbers(other):
    """No two streams share even one number here; a seed's high bits count too."""
    assert not set(numbers(0, "order", 0)) & set(numbers(*other))


def test_a_stream_leaves_room_before_the_next_counter():
    """The counter moves the upper half of Philox's 256 bits, so that streams of one name never overlap."""
    state = stream(0, "order", 3).bit_generator.state["state"]["counter"]

    assert state.tolist() == [0, 0, 3, 0]


def test_no_global_generator_is_read_or_moved():
    """Seeding or drawing elsewhere changes nothing here, and the reverse."""
    np.random.seed(1)  # noqa: NPY002
    torch.manual_seed(1)
    random.seed(1)
    before = np.random.get_state()[1].tolist(), torch.get_rng_state().tolist(), random.getstate()  # noqa: NPY002
    first = numbers(0, "order")
    np.random.seed(2)  # noqa: NPY002
    second = numbers(0, "order")
    np.random.seed(1)  # noqa: NPY002

    assert first == second
    assert before == (
        np.random.get_state()[1].tolist(),  # noqa: NPY002
        torch.get_rng_state().tolist(),
        random.getstate(),
    )


def test_streams_look_independent():
    """Numbers of neighbouring seeds, purposes and counters are uncorrelated."""
    rows = [stream(s, p, c).standard_normal(4000) for s in (0, 1) for p in ("a", "b") for c in (0, 1)]
    correlation = np.corrcoef(rows) - np.eye(len(rows))

    assert np.abs(correlation).max() < 5 / np.sqrt(4000)
