"""Facts about proofs: a planted cause is confirmed and comes first, a wrong one is not, nothing else is touched."""

import pytest
import torch
from tests.made_subjects import made_net, made_subject
from torch import nn

from practicum.core.finding import Finding
from practicum.diagnose.evidence.ab import Comparison
from practicum.diagnose.evidence.course import Variant
from practicum.diagnose.evidence.proof import Proof, leading, plus_minus, proofs_of, prove


def finding(*causes, severity="warning", rule="R099"):
    return Finding(rule, severity, tuple(causes), "It stands still.", "Do this.", "2.1-02")


def sgd(**options):
    return lambda parameters: torch.optim.SGD(parameters, **options)


def small_weights():
    net = made_net()
    with torch.no_grad():
        for layer in (net[0], net[4], net[6]):
            layer.weight.zero_()
            layer.bias.zero_()
    return net


def plain_net():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 2))


PLANTED = {
    "O1": {"make": sgd(lr=300.0), "num_steps": 30},
    "O2": {"make": sgd(lr=1e-4)},
    "O9": {"make": sgd(lr=0.5, momentum=0.999), "model": plain_net(), "num_steps": 30},
    "O10": {"make": lambda p: torch.optim.Adam(p, lr=3e-3, eps=10.0), "num_steps": 30},
    "O11": {"make": sgd(lr=0.1, weight_decay=1.0), "num_steps": 30},
    "A1": {"model": small_weights(), "num_steps": 30},
    "D1": {"model": plain_net(), "scale": 1e3},
}


@pytest.mark.parametrize("cause", ["O1", "O9", "O11", "A1", "D1"])
def test_a_planted_cause_is_confirmed(cause):
    """Undoing it helps beyond chance and more than changes at random."""
    found = proofs_of([cause], made_subject(**PLANTED[cause]), num_steps=80, num_seeds=4, budget_seconds=600)[
        cause
    ]

    assert found.confirmed, found.text
    assert len(found.controls) >= 2


@pytest.mark.parametrize(("cause", "wrong"), [("O2", "O11"), ("O10", "O9")])
def test_a_wrong_cause_is_not_confirmed_and_comes_second(cause, wrong):
    """Whatever was thought likelier before."""
    given = finding((wrong, 0.6), (cause, 0.3))
    found = prove([given], made_subject(**PLANTED[cause]), num_steps=60, num_seeds=4, budget_seconds=600)[0]

    assert found.confirmed
    assert [one for one, _ in found.causes] == [cause, wrong]
    assert sum(share for _, share in found.causes) == pytest.approx(0.9)
    assert "random changes: " in found.proof


def test_within_a_severity_confirmed_findings_come_first_and_refuted_ones_last():
    """An exact fact stays where it is among the gravest."""
    given = [
        finding(("O1", 0.9), rule="R1"),
        finding(("C1", 1.0), rule="R2"),
        finding(("O2", 0.9), rule="R3"),
        finding(("C2", 1.0), rule="R4", severity="critical"),
    ]
    found = prove(given, made_subject(**PLANTED["O2"]), num_steps=60, num_seeds=3, budget_seconds=600)

    assert [one.rule for one in found] == ["R4", "R3", "R2", "R1"]
    assert [one.confirmed for one in found] == [None, True, None, False]
    assert found[0] == given[3]


def test_what_cannot_be_tried_says_why():
    """And is neither confirmed nor refuted."""
    found = prove([finding(("O11", 0.9))], made_subject(), num_steps=5, num_seeds=3, budget_seconds=600)[0]

    assert (found.confirmed, found.proof) == (None, "Not tried (O11): there is no weight decay.")


def test_without_a_cause_to_try_nothing_is_trained():
    """Not even copied."""
    given = [finding(("C1", 1.0)), finding()]

    assert prove(given, None) == tuple(given)


def test_a_loop_that_cannot_be_copied_says_so():
    """The finding stays."""
    subject = made_subject()
    subject.model.kept = subject.model[0].weight * 2
    found = prove([finding(("O1", 0.9))], subject)[0]

    assert found.confirmed is None
    assert found.proof.startswith("Not tried (O1): it cannot be copied")


def test_leading_causes_are_the_likely_ones_that_can_be_tried():
    """Two of a finding, six in all, likeliest first."""
    many = [
        finding((cause, 0.5 + k / 100)) for k, cause in enumerate(("O1", "O2", "O3", "A1", "A2", "A6", "A7"))
    ]

    assert leading([finding(("C1", 0.6), ("O1", 0.2), ("O2", 0.15), ("O3", 0.15))]) == ("O1", "O2")
    assert leading([finding(("O1", 0.2), ("O2", 0.1))]) == ("O1",)
    assert leading(many) == ("A7", "A6", "A2", "A1", "O3", "O2")


def test_a_proof_gives_the_numbers():
    """Gain, standard error, steps, what diverged, and the changes at random."""
    tried = Comparison(
        Variant("the learning rate ÷ 10", lambda _: None),
        200,
        afresh=True,
        as_it_is=(9.0, 0.5),
        changed=(0.2, 0.2),
        worst=2.0,
        gains=(0.27, 0.35),
    )
    text = Proof("O1", tried, (0.0, 0.04), confirmed=True).text

    assert text == (
        "With the learning rate ÷ 10 the held-out loss falls by 0.31 ± 0.04 in 200 steps from the start "
        "(0 of 2 courses diverge; as it is, 1); random changes: 0.02 ± 0.02."
    )
    assert Proof("O1", tried).text.endswith(": not confirmed.")


def test_numbers_are_written_to_the_digit_that_is_known():
    """Three digits at most; a single value has no error."""
    assert plus_minus(0.5, float("nan")) == "0.5"
    assert plus_minus(1234.5, 60.0) == "1234 ± 60"
