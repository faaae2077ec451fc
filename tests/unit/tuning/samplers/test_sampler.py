"""The contract of samplers; what each promises beyond its signature is in tests/contracts/test_samplers.py."""

import inspect

import pytest

from practicum.recipe.space import Entry, Log, Space
from practicum.tuning.samplers.sampler import Sampler
from practicum.tuning.samplers.table import SAMPLERS, make_sampler

SPACE = Space((Entry("learning_rate", Log(0.001, 1.0)),))


@pytest.mark.parametrize("method", ["ask", "tell"])
@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_every_sampler_has_the_signature(name, method):
    """Each row can stand wherever a sampler is wanted."""
    ours, contract = (
        inspect.signature(getattr(kind, method)) for kind in (type(make_sampler(name, SPACE, 0)), Sampler)
    )

    assert ours == contract
