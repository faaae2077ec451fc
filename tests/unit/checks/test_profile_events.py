"""What events of a profile add up to, on made-up events: owners, medians, peaks, copies."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from practicum.checks.profile_events import Cost, Tally, num_copies, peak_bytes, tally, typical


def event(name, start, end, parent=None, *, own=0.0, num_bytes=0, sequence=-1, forward=0, device="CPU"):
    """Return one event as `torch.profiler` has it; times in microseconds."""
    return SimpleNamespace(
        name=name,
        time_range=SimpleNamespace(start=start, end=end),
        cpu_parent=parent,
        self_cpu_time_total=own,
        self_device_time_total=own * 10,
        self_cpu_memory_usage=num_bytes,
        self_device_memory_usage=num_bytes * 10,
        sequence_nr=sequence,
        fwd_thread=forward,
        thread=1,
        device_type=f"DeviceType.{device}",
    )


def step(begin, sequence):
    """Return the events of one step of a model with one part, "low"."""
    whole = event("practicum/forward/", begin, begin + 40, own=3)
    low = event("practicum/forward/low", begin + 5, begin + 35, whole, own=2)
    # "t" makes no node; "addmm", which starts later with the same number, does.
    view = event("aten::t", begin + 1, begin + 2, whole, own=1, sequence=sequence)
    product = event("aten::addmm", begin + 6, begin + 30, low, own=20, num_bytes=400, sequence=sequence)
    loss = event("practicum/loss", begin + 41, begin + 50, own=5, num_bytes=8)
    back = event("practicum/backward", begin + 51, begin + 90, own=4)
    node = event(
        "autograd::engine::evaluate_function: AddmmBackward0",
        begin + 52,
        begin + 80,
        back,
        own=1,
        sequence=sequence,
        forward=1,
    )
    mine = event("aten::mm", begin + 53, begin + 79, node, own=10, num_bytes=-400)
    adding = event(
        "autograd::engine::evaluate_function: AccumulateGrad",
        begin + 81,
        begin + 85,
        back,
        own=6,
        sequence=-1,
    )
    end = event("practicum/optimiser", begin + 91, begin + 99, own=7)
    return [whole, low, view, product, loss, back, node, mine, adding, end]


def microseconds(costs):
    """Return whole microseconds by name."""
    return {name: round(1e6 * one.seconds) for name, one in costs.items()}


def test_each_event_has_one_owner():
    """A module itself, without those in it; a backward node belongs to the module that made it."""
    [found] = tally(step(0, 0))

    assert microseconds(found.parts) == {"forward": 26, "loss": 5, "backward": 21, "optimiser": 7}
    assert microseconds(found.forward) == {"": 4, "low": 22}
    assert microseconds(found.backward) == {"low": 11}


def test_memory_is_what_is_allocated():
    """What is freed again does not lower it."""
    [found] = tally(step(0, 0))

    assert found.forward["low"].num_bytes == 400
    assert found.parts["backward"].num_bytes == 0


def test_a_gpus_time_and_memory_are_its_own():
    """Where it is asked for; events of the GPU itself are not counted twice."""
    [found] = tally([*step(0, 0), event("kernel", 3, 9, own=99, device="CUDA")], on_gpu=True)

    assert microseconds(found.forward) == {"": 40, "low": 220}
    assert found.forward["low"].num_bytes == 4000


def test_steps_are_told_apart():
    """By the end of the optimiser; in whatever order the events come."""
    events = [*step(0, 0), *step(100, 7), *step(200, 14)]
    found = tally(events[::-1])

    assert [microseconds(one.forward) for one in found] == [{"": 4, "low": 22}] * 3
    assert [one.forward["low"].num_calls for one in found] == [1, 1, 1]


def test_what_is_outside_is_nobodys():
    """Copies of inputs before a step, for one."""
    stray = event("aten::clone", -5, -1, own=1000)

    assert tally([stray, *step(0, 0)]) == tally(step(0, 0))


def test_a_step_that_was_held_up_changes_nothing():
    """Medians are taken of each number."""
    costs = [Cost(seconds, num_bytes, 1.0) for seconds, num_bytes in ((1.0, 8), (99.0, 8), (1.5, 16))]
    found = typical([Tally(forward={"low": one}) for one in costs])

    assert found.forward["low"] == Cost(1.5, 8, 1.0)
    assert set(found.parts) == {"forward", "loss", "backward", "optimiser"}


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (["aten::copy_", "aten::_to_copy", "aten::to"], 0),
        (["Memcpy HtoD (Pageable -> Device)", "Memcpy DtoH (Device -> Pinned)", "aten::copy_"], 2),
        (["Memcpy DtoD (Device -> Device)", "Memset (Device)"], 0),
    ],
)
def test_copies_between_host_and_device_are_counted(names, count):
    """Not those on one device [5.1-03]."""
    assert num_copies([event(name, 0, 1, device="CUDA") for name in names]) == count


def test_the_peak_is_the_most_that_was_held_at_once():
    """Not the sum of all that was ever allocated."""
    sizes = [100, 50, -100, 20, -70, 90]

    assert peak_bytes([event("op", place, place, num_bytes=size) for place, size in enumerate(sizes)]) == 150
    assert peak_bytes([]) == 0
