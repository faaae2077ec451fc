"""Facts about the rule: biases and gains of norms decay."""

import pytest
from tests.made_facts import a_look, a_setting

from practicum.diagnose.derived.helped import Helped
from practicum.diagnose.rules import decayed_biases as module
from practicum.monitor.facts import Facts

RULE = module.RULE
HELPED = Helped(1.0, 0.8, 0.1, 80, from_start=True, now=0.7)


@pytest.mark.parametrize(
    ("setting", "helped", "share", "severity"),
    [
        ({"decayed_biases": 4, "weight_decay": 3.1}, None, 0.9, "info"),
        ({"decayed_biases": 4, "weight_decay": 3.1}, HELPED, 0.3, "warning"),
        ({"decayed_biases": 4, "weight_decay": 3.1}, HELPED, 0.2, "info"),
        ({"decayed_biases": 4, "weight_decay": 2.9}, HELPED, 0.9, None),
        ({"decayed_biases": 0, "weight_decay": 3.1}, HELPED, 0.9, None),
        ({"decayed_biases": 4, "weight_decay": 3.1, "optimizer": "Adam"}, HELPED, 0.9, None),
    ],
)
def test_it_is_worth_knowing_where_they_shrink_and_a_warning_where_that_hurts(
    setting, helped, share, severity, monkeypatch
):
    """Trials are made up; rate 0.01 and ten steps."""
    monkeypatch.setattr(module, "helped_by", lambda _facts, _change: helped)
    monkeypatch.setattr(module, "share_of", lambda *_: share)
    look = a_look(settings=(a_setting(**({"optimizer": "AdamW"} | setting)),))
    finding = RULE.finding(Facts(num_steps=10, num_updates=10, looks=[look]))

    assert (None if finding is None else finding.severity) == severity
    if finding is not None:
        assert finding.causes[0][0] == "O12"
