"""Facts about rows that may be wrong: planted faults are found, sound tables have none."""

import numpy as np
import polars as pl
import pytest
from tests.made_tables import NUM_ROWS, made_ready, series, sound

from practicum.checks.row_checks import (
    copies_across,
    few_to_choose_by,
    no_signal,
    other_kind,
    rare_class,
    serial_rows,
)
from practicum.checks.sampled import Sampled

CHECKS = (no_signal, rare_class, copies_across, other_kind, serial_rows, few_to_choose_by)


def found_by(check, table, test=None, **options):
    """Return the findings of one check."""
    prepared = made_ready(table, test, **options)
    return list(check(prepared, Sampled.of(prepared)))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_sound_table_has_nothing(check, task):
    assert found_by(check, sound(task)) == []


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_targets_that_belong_to_other_rows_have_no_signal(task):
    table = sound(task)
    (found,) = found_by(no_signal, {**table, "y": np.random.default_rng(1).permutation(table["y"])})

    assert {cause for cause, _ in found.causes} == {"D5", "D12"}
    assert found.severity == "warning"


def test_few_rows_are_not_said_to_lack_a_signal():
    table = sound(num_rows=60)

    assert found_by(no_signal, {**table, "y": np.random.default_rng(1).permutation(table["y"])}) == []


@pytest.mark.parametrize(("num_rare", "is_rare"), [(30, True), (80, False)])
def test_a_class_is_rare_beyond_the_limit(num_rare, is_rare):
    table = sound()
    y = np.where(np.arange(NUM_ROWS) < num_rare, "rare", "frequent")

    assert len(found_by(rare_class, {**table, "y": y})) == is_rare


@pytest.mark.parametrize(("share", "severity"), [(0.0, None), (0.02, "info"), (0.5, "warning")])
def test_copies_in_later_parts_are_counted(share, severity):
    frame = pl.DataFrame(sound())
    table = pl.concat([frame, frame.head(int(share * NUM_ROWS))]).to_dict(as_series=False)

    assert [one.severity for one in found_by(copies_across, table)] == ([severity] if severity else [])


@pytest.mark.parametrize("moved", ["x2", "x0"])
def test_a_test_file_of_another_kind_is_noticed_by_its_inputs(moved):
    test = sound(seed=5, num_rows=200)
    (found,) = found_by(other_kind, sound(), {**test, moved: test[moved] * 2 + 2})

    assert found.causes[0][0] == "D10"
    assert "test file" in found.evidence
    assert found_by(other_kind, sound(), test) == []


def test_the_targets_of_a_test_file_are_not_looked_at():
    test = sound(seed=5, num_rows=200)

    assert found_by(other_kind, sound(), {**test, "y": ["yes"] * 100 + ["no"] * 100}) == []


def test_rows_that_give_their_neighbours_away_are_a_series():
    (found,) = found_by(serial_rows, series())

    assert found.causes[0][0] == "D11"
    assert "--time" in found.advice


def test_a_series_that_is_split_in_time_is_in_order():
    assert found_by(serial_rows, series(), time="day") == []


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_file_that_was_sorted_by_its_target_is_no_series(task):
    table = sound(task)
    order = np.argsort(table["y"], kind="stable")

    assert found_by(serial_rows, {name: np.array(values)[order] for name, values in table.items()}) == []


def test_like_neighbours_that_help_nobody_are_no_series():
    """Targets follow an input that repeats: blocks of rows predict each other as well as neighbours do."""
    x = np.repeat(np.random.default_rng(2).integers(0, 6, NUM_ROWS // 4), 4).astype(float)
    table = {"x": x, "noise": sound()["x1"], "y": x + 0.5 * sound()["x2"]}

    assert found_by(serial_rows, table) == []


def test_very_few_rows_are_said():
    (found,) = found_by(few_to_choose_by, sound(num_rows=80))

    assert found.causes[0][0] == "E5"
