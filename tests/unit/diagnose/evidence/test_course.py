"""Facts about one course: copies are trained and measured, divergence ends it, what cannot be trained is said."""

import math

import pytest
import torch
from tests.made_subjects import made_subject, made_twin
from torch import nn

from practicum.diagnose.evidence.course import Course, Variant, has_learnt, misclassified, train
from practicum.diagnose.evidence.subject import CannotTryError


def test_a_course_of_no_steps_ends_where_it_begins():
    """Its loss is that of the model as it is, in evaluation mode."""
    subject = made_subject()
    course = Course(subject, afresh=False)
    subject.model.eval()
    loss = subject.loss_fn(subject.model(subject.valid_inputs), subject.valid_targets).item()

    assert course.run(None, 0, 0) == course.begin
    assert course.begin.loss == pytest.approx(loss, rel=1e-6)


def test_courses_of_one_seed_are_the_same_bits_and_training_lowers_the_loss():
    """Order and dropout come from the seed alone."""
    course = Course(made_subject(), afresh=False)
    first, again, other = course.run(None, 0, 40), course.run(None, 0, 40), course.run(None, 1, 40)

    assert first == again
    assert other != first
    assert first.loss < course.begin.loss


def test_a_loss_that_is_no_number_ends_a_course():
    """The rest is not computed, and the end counts as infinite."""

    def break_it(twin):
        with torch.no_grad():
            twin.model[0].weight.fill_(torch.nan)

    course = Course(made_subject(), afresh=False)
    variant = Variant("a broken weight", break_it)

    assert course.run(variant, 0, 5).by(variant) == math.inf


def test_gradients_are_clipped_where_the_copy_says_so():
    """With a norm of 0 nothing moves."""
    twin = made_twin()
    twin.clip_norm = 0.0
    before = twin.model[0].weight.clone()
    train(twin, 0)

    assert torch.equal(twin.model[0].weight, before)


def test_an_optimiser_that_needs_a_closure_gets_one():
    """L-BFGS."""
    course = Course(made_subject(lambda p: torch.optim.LBFGS(p, lr=0.5, max_iter=3)), afresh=False)

    assert course.run(None, 0, 5).loss < course.begin.loss


def test_several_optimisers_all_step():
    """Each has its own parameters."""
    subject = made_subject()
    model = subject.model
    parts = [torch.optim.SGD(model[0].parameters(), lr=0.1), torch.optim.Adam(model[6].parameters())]
    twin_subject = type(subject)(model, parts, subject.loss_fn, subject.inputs, subject.targets)
    course = Course(twin_subject, afresh=False)

    assert course.run(None, 0, 30).loss < course.begin.loss


def test_what_cannot_be_trained_is_said():
    """Rows that the model does not take."""
    subject = made_subject()
    odd = type(subject)(
        subject.model, subject.optimizer, subject.loss_fn, subject.inputs[:, :2], subject.targets
    )

    with pytest.raises(CannotTryError, match="cannot be trained"):
        Course(odd, afresh=False)


@pytest.mark.parametrize(
    ("output", "targets", "share"),
    [
        (torch.eye(2), torch.tensor([0, 0]), 0.5),
        (torch.eye(2), torch.eye(2), 0.0),
        (torch.eye(2), torch.tensor([0.3, 0.1]), math.nan),
        (torch.ones(3, 1), torch.zeros(3), math.nan),
        ("text", None, math.nan),
    ],
)
def test_rows_are_misclassified_where_targets_are_classes(output, targets, share):
    """Numbers of classes or one-hot rows."""
    assert misclassified(output, targets) == pytest.approx(share, nan_ok=True)


def test_a_loop_has_learnt_when_it_is_better_off_than_at_its_start():
    """Not at its start, not after it blew up."""
    blown = made_subject(model=nn.Linear(6, 2))
    with torch.no_grad():
        blown.model.weight.copy_(torch.tensor([[1e3], [-1e3]]).expand(2, 6))

    assert not has_learnt(made_subject())
    assert has_learnt(made_subject(num_steps=60))
    assert not has_learnt(blown)


def test_a_loop_whose_start_is_not_known_goes_on_unless_its_loss_is_no_number():
    """Then nothing can be done."""
    subject = made_subject()
    object.__setattr__(subject, "start", None)
    assert has_learnt(subject)
    with torch.no_grad():
        subject.model[6].bias.fill_(torch.nan)

    with pytest.raises(CannotTryError, match="not known"):
        has_learnt(subject)


def test_time_a_step_is_positive():
    """It is measured."""
    assert Course(made_subject(), afresh=False).seconds_a_step(200) > 0
