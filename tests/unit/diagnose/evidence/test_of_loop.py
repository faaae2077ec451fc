"""Facts about a watched loop as a subject."""

import pytest
import torch
from tests.made_watched import watched

from practicum.diagnose.evidence.of_loop import subject_of
from practicum.diagnose.evidence.proof import prove
from practicum.diagnose.evidence.subject import Subject
from practicum.monitor.facts import Facts, Trained


def test_rows_and_start_are_those_of_the_loop():
    """The validation rows too."""
    subject = subject_of(watched(num_steps=60))

    assert isinstance(subject, Subject)
    assert len(subject.inputs) == len(subject.targets) > 0
    assert len(subject.valid_inputs) == 128
    assert subject.batch_size == 32
    assert set(subject.start) == set(subject.model.state_dict())


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(), "nothing was seen"),
        (Facts(num_steps=1, trained=Trained(torch.nn.Linear(1, 1), (), None, None)), "`loss_fn`"),
        (
            Facts(num_steps=1, trained=Trained(torch.nn.Linear(1, 1), (), torch.nn.MSELoss(), None)),
            "no inputs",
        ),
    ],
)
def test_what_is_missing_is_said(facts, why):
    """Not an error."""
    assert why in subject_of(facts)


def test_a_rate_that_is_too_low_is_proven():
    """By an experiment on the loop that was watched."""
    from practicum.core.finding import Finding

    facts = watched(learning_rate=1e-6, regression=True)
    slow = Finding("R056", "warning", (("O2", 0.6),), "e", "a", "s")
    (found,) = prove([slow], subject_of(facts), num_steps=60, num_seeds=3)

    assert found.confirmed
    assert "held-out loss falls" in found.proof
