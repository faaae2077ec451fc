"""Facts about the rule: weight decay is too strong."""

import pytest
from tests.made_facts import a_look, a_parameter, a_setting

from practicum.diagnose.derived.helped import Helped
from practicum.diagnose.rules import strong_decay as module
from practicum.diagnose.rules.rule import Evidence
from practicum.monitor.facts import Facts

RULE = module.RULE
HELPED = Helped(1.0, 0.8, 0.1, 80, from_start=True, now=0.7)


@pytest.mark.parametrize(
    ("decay", "last", "helped", "found"),
    [
        (0.1, 3.0, HELPED, True),
        (0.04, 3.0, HELPED, False),
        (0.04, 2.0, HELPED, True),
        (0.04, 2.2, HELPED, False),
        (0.1, 3.0, None, False),
        (0.0, 1.0, HELPED, False),
    ],
)
def test_it_fires_where_weights_shrink_and_none_of_it_helps(decay, last, helped, found, monkeypatch):
    """Trials are made up; the gradient is 0.5 long, the weights are 3 at first."""
    monkeypatch.setattr(module, "helped_by", lambda _facts, _change: helped)
    looks = [
        a_look(step=step, parameters=(a_parameter(norm=norm),), settings=(a_setting(weight_decay=decay),))
        for step, norm in ((1, 3.0), (9, last))
    ]
    finding = RULE.finding(Facts(num_steps=10, num_updates=10, looks=looks))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O11"


def test_biases_that_decay_explain_it(monkeypatch):
    """Then that is said, and not this."""
    monkeypatch.setattr(module, "helped_by", lambda _facts, _change: HELPED)
    looks = [a_look(settings=(a_setting(weight_decay=0.1),))]
    blamed = Evidence("They decay.", severity="warning")

    assert RULE.finding(Facts(num_steps=10, num_updates=10, looks=looks)) is not None
    monkeypatch.setattr(module.decayed_biases, "check", lambda _facts: blamed)
    assert RULE.finding(Facts(num_steps=10, num_updates=10, looks=looks)) is None
