"""Facts about the noise that a user's forward pass asks for."""

from __future__ import annotations

import pytest
import torch
from tests.oracles.modules import zoo_recipes
from torch import nn

from practicum.training.lift.noise import (
    Drawn,
    Given,
    Lazy,
    OwnedRate,
    Recorder,
    Request,
    dropout_modules,
    silent,
)
from practicum.training.noise import Noise

LIKE = torch.zeros(1)
DROP = Request("dropout", "dropout/0", (4, 3), 0.5)


def corruption(kind):
    """Return a request for corrupted inputs."""
    return Request(kind, "corruption/0/0", (50, 40))


def drawn(count=3, rates=None, **values):
    """Return what draws for some trials, each at a level of its own."""
    recipes = [recipe.changed(**values) for recipe in zoo_recipes(count)]
    return Drawn(recipes, rates or {}, LIKE)


def test_a_mask_is_a_function_of_seed_purpose_and_step():
    """It is what :class:`Noise` gives."""
    (mask,) = drawn().draw(DROP, 7)

    assert torch.equal(mask, Noise([0, 1, 2], "dropout/0", (4, 3), LIKE).kept(7, torch.full((3,), 0.5)))


def test_packed_and_alone_meet_the_same_noise():
    """Trial 0 of three and trial 0 alone."""
    assert torch.equal(drawn(3).draw(DROP, 7)[0][0], drawn(1).draw(DROP, 7)[0][0])


def test_a_dropout_module_has_its_own_rate_in_each_trial():
    """At rate 0 all is kept, at rate 1 nothing."""
    request = Request("dropout", "dropout/0", (4, 3), 0.5, "drop")
    (mask,) = drawn(rates={"drop": [0.0, 0.5, 1.0]}).draw(request, 0)

    assert mask[0].unique().tolist() == [1]
    assert mask[1].unique().tolist() == [0, 2]
    assert mask[2].unique().tolist() == [0]


def test_where_nothing_is_dropped_there_is_no_mask():
    """No trial asks for one."""
    assert drawn(rates={"drop": [0.0] * 3}).draw(Request("dropout", "dropout/0", (4,), 0.5, "drop"), 0) == ()


def test_masking_keeps_the_share_that_is_left():
    """At level 0.25 three quarters stay."""
    (kept,) = drawn(corruption_level=0.25).draw(corruption("masking"), 0)

    assert kept.dtype == torch.bool
    assert kept.float().mean().item() == pytest.approx(0.75, abs=0.02)


def test_gaussian_noise_has_the_deviation_that_is_asked_for():
    """Level 2 is a deviation of 2."""
    (noise,) = drawn(corruption="gaussian", corruption_level=2.0).draw(corruption("gaussian"), 0)

    assert noise.std().item() == pytest.approx(2, abs=0.1)


def test_salt_and_pepper_is_even():
    """What is not kept is set to 0 or 1 equally often."""
    _, ones = drawn(corruption_level=0.5).draw(corruption("salt_and_pepper"), 0)

    assert ones.float().mean().item() == pytest.approx(0.5, abs=0.02)


def test_a_lazy_source_draws_for_one():
    """Without the trial axis."""
    (mask,) = Lazy(drawn(1), 7)(DROP)

    assert torch.equal(mask, drawn(1).draw(DROP, 7)[0][0])


def test_a_given_source_knows_what_it_was_given_only():
    """Another shape was not recorded."""
    source = Given({("dropout/0", (4, 3)): (LIKE,)})

    assert source(DROP) == (LIKE,)
    with pytest.raises(RuntimeError, match="asks for other noise than in its first pass"):
        source(Request("dropout", "dropout/0", (4, 4), 0.5))


def test_a_recorder_writes_down_and_gives_nothing():
    """The first pass is without noise."""
    recorder = Recorder()

    assert recorder(DROP) is None
    assert recorder.requests == [DROP]


def test_silence_is_no_noise():
    """Validation has none."""
    assert silent(DROP) is None


def test_a_rate_knows_its_owner():
    """It is a number all the same."""
    rate = OwnedRate.of(0.25, "drop")

    assert (rate, rate.owner) == (0.25, "drop")


def test_dropout_modules_of_all_kinds_are_found():
    """By name, nested ones too."""
    module = nn.Sequential(nn.Dropout(), nn.Sequential(nn.Dropout2d(), nn.ReLU()))

    assert list(dropout_modules(module)) == ["0", "1.0"]
