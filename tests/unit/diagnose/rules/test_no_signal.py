"""Facts about the rule of inputs that say nothing of the targets."""

import torch
from tests.made_rows import Fixed, drawn, facts_of, normal
from torch import nn

from practicum.diagnose.rules.no_signal import check

X, V = normal(1200, 4), normal(150, 4, seed=1)


def _labels(x, noise=0.0, seed=2):
    return (x[:, 0] + noise * normal(len(x), seed=seed) > 0).long()


def _guessing():
    return Fixed(lambda x: torch.zeros(len(x), 2))


def _facts(train, valid, model=None, **named):
    return facts_of(
        (X, train), (V, valid), model=model or _guessing(), loss_fn=nn.CrossEntropyLoss(), **named
    )


def test_shuffled_targets_are_told():
    """Neither network, nor forest, nor line learns anything."""
    seen = check(
        _facts(
            _labels(X)[torch.randperm(1200, generator=drawn(5))],
            _labels(V)[torch.randperm(150, generator=drawn(6))],
        )
    )

    assert seen.severity == "critical"
    assert seen.causes[0][0] == "D5"


def test_where_validation_rows_are_sound_it_is_sure_that_training_targets_are_shuffled():
    """The other part tells what there is to be learned."""
    seen = check(_facts(_labels(X)[torch.randperm(1200, generator=drawn(5))], _labels(V)))

    assert seen.causes == (("D5", 0.95),)


def test_weak_signals_are_the_limit_of_the_data():
    """Something is learned, but little."""
    seen = check(_facts(_labels(X, 2.0), _labels(V, 2.0, seed=4)))

    assert seen.severity == "warning"
    assert seen.causes[0][0] == "D12"


def test_a_network_that_learned_is_not_asked():
    """Whatever simple models can."""
    good = Fixed(lambda x: torch.stack([-x[:, 0], x[:, 0]], 1))

    assert check(_facts(_labels(X)[torch.randperm(1200, generator=drawn(5))], _labels(V), model=good)) is None


def test_a_network_that_learned_nothing_of_good_rows_is_another_fault():
    """A forest learns them."""
    assert check(_facts(_labels(X), _labels(V))) is None


def test_while_validation_improves_little_is_not_said():
    """The network is not at its end."""
    falling = [(step, 1.0 / step, None) for step in range(1, 10)]

    assert check(_facts(_labels(X, 2.0), _labels(V, 2.0, seed=4), validations=falling)) is None


def test_columns_that_were_lost_explain_it_first():
    """What they held was the signal: then that is the graver finding."""
    x, v = X.clone(), V.clone()
    x[:, 0], v[:, 0], x[:, 1], v[:, 1] = 0, 0, 0, 0
    labels, valid_labels = _labels(X), _labels(V)
    facts = facts_of((x, labels), (v, valid_labels), model=_guessing(), loss_fn=nn.CrossEntropyLoss())

    assert check(facts).severity == "warning"
