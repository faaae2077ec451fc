"""Facts about what is kept of a loop."""

import math

from practicum.monitor.facts import Facts


def test_the_first_loss_that_is_no_number_is_remembered():
    facts = Facts()
    for step, loss in enumerate([1.0, math.nan, math.inf], 1):
        facts.num_steps = step
        facts.add_loss(loss)

    assert facts.first_not_finite == 2
    assert len(facts.losses) == 3
