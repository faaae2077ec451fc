"""Facts about the record of a loop."""

import math

import polars as pl
import pytest
from tests.made_facts import a_look, a_parameter, a_setting, a_unit

from practicum.core.errors import ConfigError
from practicum.monitor.facts import Facts
from practicum.monitor.loop_record import TABLES, LoopRecord


def test_a_row_a_layer_and_look():
    """With step and age, dead and saturated units as shares."""
    units = (
        a_unit(firing=(0, 3, 0, 1)),
        a_unit(kind="tanh", firing=(), slopes=(0.01, 0.9)),
        a_unit(firing=()),
    )
    record = LoopRecord(Facts(looks=[a_look(step=5, age=80, units=units)]))

    table = record.units
    assert table["step"].to_list() == [5, 5, 5]
    assert table["age"].to_list() == [80, 80, 80]
    assert table["dead_fraction"].to_list() == [0.5, None, None]
    assert table["saturation_fraction"].to_list() == [None, 0.5, None]


def test_parameters_have_their_ratio_and_groups_their_number():
    """Each in its table."""
    look = a_look(parameters=(a_parameter(norm=2.0, update_norm=1.0),), settings=(a_setting(), a_setting()))
    record = LoopRecord(Facts(looks=[look]))

    assert record.parameters["update_ratio"].to_list() == [0.5]
    assert record.settings["group"].to_list() == [0, 1]
    assert math.isnan(record.steps["alignment"][0])


def test_an_empty_record_has_its_columns():
    """So that whoever reads it need not ask."""
    tables = LoopRecord(Facts()).tables()

    assert tuple(tables) == TABLES
    assert all(table.is_empty() and table.columns[0] == "step" for table in tables.values())


def test_it_is_saved_whole_and_never_over_another(tmp_path):
    """One file a table."""
    record = LoopRecord(Facts(losses=[1.0], validations=[(1, 0.5, None)], looks=[a_look()]))
    folder = record.save(tmp_path / "record")

    for name, table in record.tables().items():
        assert pl.read_parquet(folder / f"{name}.parquet").equals(table, null_equal=True)
    with pytest.raises(ConfigError, match="can be made"):
        record.save(folder)
