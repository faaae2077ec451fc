"""Facts about what a check or a rule says."""

from practicum.core.finding import SEVERITIES, Finding


def test_a_finding_says_what_was_seen_what_to_do_and_where_to_read_on():
    found = Finding(
        "top-layer", "warning", (("L1", 0.8), ("L2", 0.2)), "It sums to 1.", "Return logits.", "3.2-26"
    )

    assert found.text == "It sums to 1. Return logits. [L1, 3.2-26]"
    assert found.severity in SEVERITIES


def test_what_is_no_fault_of_the_catalogue_names_its_source_alone():
    assert Finding("depth", "info", (), "Depth 3.", "Nothing to do.", "1.1-01").text.endswith("[1.1-01]")
