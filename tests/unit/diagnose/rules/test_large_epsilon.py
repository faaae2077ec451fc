"""Facts about the rule: Adam's ε is too large."""

import pytest
from tests.made_facts import a_look, a_parameter, a_setting

from practicum.diagnose.derived.helped import Helped
from practicum.diagnose.rules import large_epsilon as module
from practicum.monitor.facts import Facts

RULE = module.RULE
HELPED = Helped(1.0, 0.8, 0.1, 80, from_start=True, now=0.7)


@pytest.mark.parametrize(
    ("epsilon", "share", "helped", "found"),
    [
        (1.0, 0.9, HELPED, True),
        (1e-8, 0.9, HELPED, False),
        (1.0, 0.5, HELPED, False),
        (1.0, 0.9, None, False),
    ],
)
def test_it_fires_where_it_holds_up_most_and_less_of_it_helps(epsilon, share, helped, found, monkeypatch):
    """Trials are made up."""
    monkeypatch.setattr(module, "helped_by", lambda _facts, _change: helped)
    look = a_look(parameters=(a_parameter(epsilon_share=share),), settings=(a_setting(epsilon=epsilon),))
    finding = RULE.finding(Facts(looks=[look]))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.causes[0][0] == "O10"
        assert "ε = 1 outweighs the gradient's size in 90%" in finding.evidence
