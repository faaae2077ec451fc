"""Facts about what an exact fact explains."""

from collections import Counter

import pytest

from practicum.core.finding import Finding
from practicum.diagnose.derived.exact import is_explained
from practicum.monitor.facts import Facts


@pytest.mark.parametrize(
    ("facts", "explained"),
    [
        ({}, False),
        ({"stale": 3}, True),
        ({"stale": 2}, False),
        ({"without_graph": 9}, True),
        ({"num_steps": 9}, True),
        ({"num_steps": 9, "num_updates": 9}, False),
        ({"num_updates": 9, "asked": Counter(a=5), "never_reached": Counter(a=5)}, True),
        ({"batches": [1] * 9, "looked_rows": 99, "batch_size": 8}, True),
        ({"batches": [1] * 9, "looked_rows": 8, "batch_size": 8}, False),
        ({"outside": ("head.weight",)}, True),
        ({"bad_inputs": (3, "inputs")}, True),
        ({"fits": (Finding("top", "warning", (("L1", 0.9),), "e", "a", "s"),)}, True),
        ({"fits": (Finding("top", "info", (("L1", 0.9),), "e", "a", "s"),)}, False),
    ],
)
def test_what_the_loop_does_wrong_explains_a_bad_run(facts, explained):
    """From three times on."""
    assert is_explained(Facts(**facts)) == explained
