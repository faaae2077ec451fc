"""Facts about the rule: the loss stays on a plateau."""

import pytest

from practicum.diagnose.rules.plateau import RULE
from practicum.monitor.facts import Facts


def flat(last, num_steps=120):
    """Return losses that fall to the last in no time, and then go up and down."""
    return [1.0] * 5 + [last + (0.01 if step % 2 else -0.01) for step in range(num_steps - 5)]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"losses": flat(0.95)}, True),
        ({"losses": flat(0.91)}, True),
        ({"losses": flat(0.89)}, False),
        ({"losses": flat(0.95, 90)}, False),
        ({"losses": [1.0 - 0.0005 * step for step in range(120)]}, False),
        ({"losses": flat(0.95), "stale": 3}, False),
    ],
)
def test_it_fires_where_the_loss_is_flat_and_high(facts, found):
    """A tenth of the way down is enough; so is a slope."""
    finding = RULE.finding(Facts(num_steps=len(facts["losses"]), num_updates=9, **facts))

    assert (finding is not None) == found
    if finding is not None:
        assert finding.severity == "info"
        assert finding.causes[0][0] == "O4"
