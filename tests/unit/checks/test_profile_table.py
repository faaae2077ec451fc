"""What a profile says: tables, memory, copies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from practicum.checks.profile_table import NUM_SHOWN, ModuleCost, PartCost, Profile

PROFILE = Profile(
    parts=(PartCost("forward", 0.25, 0.25e-3, 4096), PartCost("backward", 0.75, 0.75e-3, 0)),
    modules=(
        ModuleCost("", "Net", 1, 1e-4, 0.0, 0.1, 0),
        ModuleCost("a.0", "Linear", 2, 2e-4, 4e-4, 0.6, 4096),
    ),
    seconds=1e-3,
    profiled_seconds=2e-3,
    parameter_bytes=3 * 2**20,
    peak_bytes=100,
    num_copies=0.0,
    device="cpu",
    num_rows=1200,
    num_steps=5,
    optimizer="SGD",
)


def test_the_table_has_all_numbers_with_their_units():
    """Nothing is a dash; the model itself has a name."""
    lines = PROFILE.text.splitlines()

    assert lines[0].startswith("A step on 1,200 rows takes 1 ms on cpu (2 ms under the profiler")
    assert lines[2].split() == ["forward", "25%", "250", "µs", "4", "KiB"]
    assert lines[5].split() == ["(model)", "Net", "1", "10%", "100", "µs", "–", "–"]
    assert lines[6].split() == ["a.0", "Linear", "2", "60%", "200", "µs", "400", "µs", "4", "KiB"]
    assert "3 MiB of parameters; a step holds at most 100 B beside them." in lines[7]


def test_a_long_table_is_cut():
    """It says how many more there are."""
    many = replace(PROFILE, modules=PROFILE.modules[1:] * (NUM_SHOWN + 3))

    assert "and 3 more" in many.text.splitlines()
    assert many.text.count("a.0") == NUM_SHOWN


@pytest.mark.parametrize(("copies", "count"), [(0.0, 0), (0.5, 0), (1.0, 1), (7.0, 1)])
def test_copies_in_every_step_are_found(copies, count):
    """From one a step on [5.1-03]."""
    found = replace(PROFILE, device="cuda:0", num_copies=copies)

    assert len(found.findings) == count
    assert f"Copies between host and device: {copies:g} a step" in found.text
    if count:
        assert (found.findings[0].rule, found.findings[0].source) == ("device-copies", "5.1-03")
        assert f"copies {copies:g} times between the host and cuda:0" in found.findings[0].evidence
