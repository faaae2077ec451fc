"""Facts about columns that may be wrong: planted ones are found, sound ones are not."""

import numpy as np
import pytest
from tests.made_tables import NUM_ROWS, made_ready, sound

from practicum.checks.column_checks import FAR_TAIL, given_away, heavy_tails, twin_columns
from practicum.checks.sampled import Sampled

NOISE = np.random.default_rng(7).normal(size=NUM_ROWS)


def found_by(check, table):
    """Return the findings of one check."""
    prepared = made_ready(table)
    return list(check(prepared, Sampled.of(prepared)))


@pytest.mark.parametrize("check", [twin_columns, heavy_tails, given_away])
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_sound_table_has_nothing(check, task):
    assert found_by(check, sound(task)) == []


@pytest.mark.parametrize("twin", [lambda x: x, lambda x: 3 - 2 * x], ids=["copy", "other unit"])
def test_twins_are_found_by_name(twin):
    table = sound()
    (found,) = found_by(twin_columns, {"again": twin(table["x2"]), **table})

    assert found.causes == (("D2", 1.0),)
    assert '"again" and "x2"' in found.evidence
    assert found.places == (("column", "again"), ("column", "x2"))


def test_columns_that_are_merely_alike_are_no_twins():
    table = sound()

    assert found_by(twin_columns, {"near": table["x2"] + 0.05 * NOISE, **table}) == []


def test_many_twins_are_counted_not_listed():
    table = sound()
    copies = {f"copy{k}": table["x2"] for k in range(3)}

    assert "and 3 more pairs" in found_by(twin_columns, {**copies, **table})[0].evidence


@pytest.mark.parametrize(("factor", "is_far"), [(3.0, True), (0.5, False)])
def test_a_tail_is_heavy_beyond_the_limit(factor, is_far):
    table = sound()
    far = table["x3"].copy()
    far[::20] = factor * FAR_TAIL * 1.35  # quartiles of a normal distribution lie 1.35 deviations apart
    found = found_by(heavy_tails, {**table, "x3": far})

    assert [one.causes[0][0] for one in found] == ["D4"] * is_far
    assert all("x3" in one.evidence for one in found)
    assert all(one.places == (("column", "x3"),) for one in found)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_column_that_gives_the_answer_away_is_found(task):
    table = sound(task)
    y = table["y"]
    if task == "regression":
        y = table["y"] = y + 1.5 * np.roll(NOISE, 1)
    codes = y if task == "regression" else np.unique(y, return_inverse=True)[1].astype(float)
    (found,) = found_by(given_away, {**table, "afterwards": codes + 0.02 * NOISE})

    assert found.causes[0][0] == "D9"
    assert found.severity == "warning"
    assert '"afterwards"' in found.evidence
    assert found.places == (("column", "afterwards"),)


def test_a_strong_column_with_others_as_strong_gives_nothing_away():
    """Two columns that both tell the target are how measurements are, not a mistake."""
    table = sound("regression")
    pair = {"one": table["y"] + 0.1 * NOISE, "other": table["y"] - 0.1 * np.roll(NOISE, 1)}

    assert found_by(given_away, {**table, **pair}) == []
