"""Facts about the rule: frozen parameters."""

import pytest
from tests.made_watched import watched
from torch import nn

from practicum.diagnose.rules.frozen import RULE
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"frozen": ("body.weight",), "num_trainable": 3}, True),
        ({"num_trainable": 3}, False),
    ],
)
def test_it_fires_beyond_its_limit_and_not_before(facts, found):
    finding = RULE.finding(Facts(**facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.rule == RULE.id
        assert finding.causes[0][0] == "A12"


@pytest.mark.parametrize(("num_steps", "severity"), [(900, "info"), (20, "warning")])
def test_what_is_worse_than_a_simple_model_is_no_fine_tuning(num_steps, severity):
    """A net that learned enough is as somebody meant it."""
    model = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 2))
    model[0].requires_grad_(False)

    facts = watched(num_steps=num_steps, learning_rate=0.01 if num_steps > 100 else 1e-5, model=model)
    assert RULE.finding(facts).severity == severity


def test_a_network_that_cannot_be_asked_is_told_all_the_same():
    """The fact needs no pass of its own."""

    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(5, 2), nn.Linear(5, 2)
            self.a.requires_grad_(False)
            self.calls = 0

        def forward(self, x):
            self.calls += 1
            if not self.training:
                raise RuntimeError("no")
            return self.b(x) + self.a(x)

    facts = watched(num_steps=10, model=Own())
    assert RULE.finding(facts).severity == "info"


def test_a_run_that_was_lost_is_not_blamed_on_what_is_frozen():
    """Nor is one that another fact explains."""
    for fact in ({"first_not_finite": 3}, {"stale": 9}):
        facts = watched(num_steps=20, learning_rate=1e-5)
        facts.frozen = ("0.bias",)
        assert RULE.finding(facts).severity == "warning"
        for name, value in fact.items():
            setattr(facts, name, value)
        facts.kept.clear()
        assert RULE.finding(facts).severity == "info"
