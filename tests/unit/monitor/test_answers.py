"""Facts about what is kept of validations."""

import copy

import torch
from torch import nn

from practicum.faces.monitor import Monitor
from practicum.monitor.answers import FIRST, LAST, Answers


def _validated(answers, model, rows=3, times=1, targets=None):
    with torch.no_grad():
        for _ in range(times):
            model(torch.ones(rows, 2))
    answers.take(1, 0.5, 0.25, torch.zeros(rows * times) if targets is None else targets)


def test_outputs_of_several_batches_are_joined():
    """Beside the error that was reported."""
    model, answers = nn.Linear(2, 1), Answers()
    model.register_forward_hook(lambda _model, _given, output: answers.hold(output))
    _validated(answers, model, times=2)

    assert answers.kept[0].outputs.shape == (6, 1)
    assert (answers.kept[0].loss, answers.kept[0].error) == (0.5, 0.25)


def test_the_first_and_the_last_are_kept():
    """Those between are forgotten."""
    model, answers = nn.Linear(2, 1), Answers()
    model.register_forward_hook(lambda _model, _given, output: answers.hold(output))
    for rows in range(1, 9):
        _validated(answers, model, rows)

    assert len(answers.kept) == FIRST + LAST
    assert [len(one.outputs) for one in answers.kept] == [1, 7, 8]


def test_targets_of_another_number_are_not_kept():
    """They belong to other rows."""
    model, answers = nn.Linear(2, 1), Answers()
    model.register_forward_hook(lambda _model, _given, output: answers.hold(output))
    _validated(answers, model, targets=torch.zeros(5))

    assert answers.kept == []


def test_what_the_loop_writes_later_is_not_seen():
    """Outputs are copies."""
    model, answers = nn.Linear(2, 1), Answers()
    model.register_forward_hook(lambda _model, _given, output: answers.hold(output))
    with torch.no_grad():
        output = model(torch.ones(3, 2))
        expected = output.clone()
        output.zero_()
    answers.take(1, 0.5, None, torch.zeros(3))

    torch.testing.assert_close(answers.kept[0].outputs, expected)


def test_steps_between_are_no_validation():
    """What was held before is dropped."""
    answers = Answers()
    answers.hold(torch.ones(3, 1))
    answers.drop()
    answers.take(1, 0.5, None, torch.zeros(3))

    assert answers.kept == []


def test_a_copy_of_the_model_and_passes_with_gradients_are_not_listened_to():
    """Such as the best so far."""
    model = nn.Linear(2, 1)
    with Monitor(model, torch.optim.SGD(model.parameters(), lr=0.1)) as monitor:
        model(torch.ones(3, 2))
        with torch.no_grad():
            copy.deepcopy(model)(torch.ones(3, 2))
        monitor.validate(0.5, inputs=torch.ones(3, 2), targets=torch.zeros(3, 1))

    assert monitor.facts.answers == []


def test_a_monitor_keeps_them_and_leaves_no_hook():
    """Where the loop gives targets with its validation."""
    model = nn.Linear(2, 1)
    with Monitor(model, torch.optim.SGD(model.parameters(), lr=0.1)) as monitor:
        with torch.no_grad():
            model(torch.ones(3, 2))
        monitor.validate(0.5, error=0.25, inputs=torch.ones(3, 2), targets=torch.zeros(3, 1))

    assert [one.error for one in monitor.facts.answers] == [0.25]
    assert not model._forward_hooks
