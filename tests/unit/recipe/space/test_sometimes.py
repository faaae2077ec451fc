"""Facts about numbers that are sometimes off."""

import pytest

from practicum.core.errors import ConfigError
from practicum.core.seeds import stream
from practicum.recipe.space import Choice, Linear, Log, LogInteger, SometimesOff


@pytest.mark.parametrize("probability", [0.5, 0.2])
def test_it_is_off_as_often_as_it_says(probability):
    """Off with the probability, else as the inner distribution."""
    penalties = SometimesOff(Log(1e-3, 10), probability=probability)
    drawn = [penalties.value(unit) for unit in stream(0, "test").random(4000)]
    on = [one for one in drawn if one]

    assert drawn.count(0.0) / 4000 == pytest.approx(probability, abs=0.02)
    assert sum(one < 0.1 for one in on) / len(on) == pytest.approx(0.5, abs=0.03)


def test_off_may_be_none():
    """A setting that may be null is off at null; value and unit are inverse there too."""
    starts = SometimesOff(LogInteger(300, 30000), off=None)

    assert starts.value(0.1) is None
    assert starts.value(starts.unit(None)) is None
    assert starts.value(starts.unit(300)) == 300
    assert starts.num_values == 29702


@pytest.mark.parametrize(
    ("low", "high", "part"),
    [
        (0.0, 0.4, Choice((0.0,))),
        (0.5, 1.0, Linear(0.0, 1.0)),
        (0.75, 1.0, Linear(0.5, 1.0)),
        (0.25, 0.75, SometimesOff(Linear(0.0, 0.5), 0.0, 0.5)),
        (0.4, 0.6, SometimesOff(Linear(0.0, 0.2), 0.0, 0.5)),
    ],
)
def test_a_part_is_off_as_often_as_before(low, high, part):
    """The share of the part that was off stays off."""
    found = SometimesOff(Linear(0.0, 1.0)).narrowed(low, high)

    assert [found.value(u) for u in (0, 0.3, 0.7, 1)] == pytest.approx(
        [part.value(u) for u in (0, 0.3, 0.7, 1)]
    )
    assert type(found) is type(part)


def test_a_part_with_one_number_is_a_choice():
    """Off, or that number."""
    assert SometimesOff(LogInteger(1, 4)).narrowed(0.4, 0.55) == Choice((0.0, 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: SometimesOff(Log(1, 2), probability=1),
            r"`off` must be a probability inside \(0, 1\), but got off=1",
        ),
        (lambda: SometimesOff(Log(1, 2), probability=True), r"`off` must be a probability inside \(0, 1\)"),
        (
            lambda: SometimesOff(Choice((1, 2))),
            r"`off` must go with a range of numbers, but got it with a choice",
        ),
        (
            lambda: SometimesOff(SometimesOff(Log(1, 2))),
            r"but got it with a distribution that is sometimes off itself",
        ),
    ],
)
def test_what_cannot_work_is_refused(make, message):
    """Each with a way out."""
    with pytest.raises(ConfigError, match=message):
        make()
