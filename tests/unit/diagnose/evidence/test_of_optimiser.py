"""Facts about changes of the optimiser: each changes what it says, and says why where there is nothing to change."""

import pytest
import torch
from tests.made_subjects import made_subject, made_twin

from practicum.diagnose.evidence import of_optimiser as changes
from practicum.diagnose.evidence.course import train
from practicum.diagnose.evidence.subject import CannotTryError


def adam(**options):
    return lambda parameters: torch.optim.Adam(parameters, **options)


def sgd(**options):
    return lambda parameters: torch.optim.SGD(parameters, lr=0.1, **options)


@pytest.mark.parametrize(
    ("make", "change", "option", "value"),
    [
        (sgd(), changes.times_rate(0.1), "lr", 0.01),
        (sgd(momentum=0.99), changes.momentum_at_most(0.9), "momentum", 0.9),
        (adam(betas=(0.99, 0.999)), changes.momentum_at_most(0.9), "betas", (0.9, 0.999)),
        (sgd(weight_decay=0.1), changes.times_decay(0.1), "weight_decay", 0.01),
        (sgd(), changes.times_decay(10), "weight_decay", changes.DECAY),
        (adam(eps=1.0), changes.small_epsilon, "eps", changes.SMALL_EPSILON),
    ],
)
def test_an_option_is_changed_in_all_groups(make, change, option, value):
    """And the copy trains with it."""
    twin = made_twin(make)
    change(twin)
    train(twin, 0)

    assert next(twin.groups())[option] == pytest.approx(value)


@pytest.mark.parametrize(
    ("make", "change", "why"),
    [
        (sgd(momentum=0.9), changes.momentum_at_most(0.9), "momentum is not above"),
        (sgd(), changes.times_decay(0.1), "no weight decay"),
        (torch.optim.LBFGS, changes.times_decay(10), "has no weight decay"),
        (sgd(), changes.no_decay_of_biases, "no bias or scale"),
        (adam(), changes.small_epsilon, "no ε"),
        (sgd(), changes.times_batch(100.0), "^$"),
        (sgd(), changes.not_clipped, "by itself"),
        (sgd(), changes.all_trained, "every parameter is trained"),
    ],
)
def test_where_there_is_nothing_to_change_it_says_why(make, change, why):
    """Except that a batch may grow up to all rows."""
    twin = made_twin(make)
    if why == "^$":
        change(twin)
        assert twin.batch_size == len(twin.rows)
        return

    with pytest.raises(CannotTryError, match=why):
        change(twin)


def test_biases_and_scales_are_left_out_of_decay_and_nothing_else():
    """They come into a group of their own, with their memory."""
    twin = made_twin(sgd(weight_decay=0.1, momentum=0.9))
    changes.no_decay_of_biases(twin)
    decayed = {id(one) for group in twin.groups() for one in group["params"] if group["weight_decay"]}
    train(twin, 0)

    assert decayed == {id(one) for one in twin.model.parameters() if one.ndim > 1}


def test_another_batch_size_sees_as_many_examples():
    """A quarter of the rows, four times the updates."""
    twin = made_twin()
    changes.times_batch(0.25)(twin)

    assert (twin.batch_size, twin.num_steps) == (8, 160)


def test_a_batch_of_two_cannot_be_made_smaller():
    """There is nothing below it that statistics of a batch could work with."""
    twin = made_twin()
    twin.batch_size = 2

    with pytest.raises(CannotTryError, match="batch size cannot"):
        changes.times_batch(0.25)(twin)


def test_the_mean_of_a_sum_is_the_mean():
    """Divided by the rows."""
    loss = torch.nn.CrossEntropyLoss(reduction="sum")
    twin = made_twin(loss_fn=loss)
    changes.mean_of_examples(twin)
    output, targets = torch.randn(8, 2), torch.zeros(8, dtype=torch.long)

    torch.testing.assert_close(
        twin.loss_fn(output, targets), torch.nn.functional.cross_entropy(output, targets)
    )


def test_clipping_is_to_the_median_norm_and_can_be_taken_off():
    """Where the copy clips."""
    twin = made_twin()
    changes.clipped(twin)
    norm = twin.clip_norm
    changes.not_clipped(twin)

    assert norm > 0
    assert twin.clip_norm is None


def test_layers_below_the_top_get_a_rate_of_their_own():
    """The top layer keeps its."""
    twin = made_twin()
    changes.own_rates(10)(twin)
    rates = {id(one): group["lr"] for group in twin.groups() for one in group["params"]}
    top = twin.model[6]

    assert rates[id(twin.model[0].weight)] == pytest.approx(1.0)
    assert rates[id(top.weight)] == rates[id(top.bias)] == 0.1


def test_a_single_layer_has_none_below():
    """So nothing is changed."""
    with pytest.raises(CannotTryError, match="one layer"):
        changes.own_rates(10)(made_twin(model=torch.nn.Linear(6, 2)))


def test_frozen_and_forgotten_parameters_are_trained():
    """Both move."""
    subject = made_subject(lambda parameters: torch.optim.SGD(list(parameters)[:-1], lr=0.1))
    subject.model[0].weight.requires_grad = False
    twin = made_twin(lambda parameters: torch.optim.SGD(list(parameters)[:-1], lr=0.1), model=subject.model)
    before = [twin.model[0].weight.clone(), twin.model[6].bias.clone()]
    changes.all_trained(twin)
    train(twin, 0)

    assert not torch.equal(before[0], twin.model[0].weight)
    assert not torch.equal(before[1], twin.model[6].bias)
