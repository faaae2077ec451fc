"""Table: what reading hands on."""

import dataclasses

import polars as pl
import pytest

from practicum.data.table import Table


def test_a_table_cannot_be_changed_behind_ones_back() -> None:
    """Its parts are fixed once it is made; notes start empty."""
    table = Table(pl.DataFrame({"a": [1]}), "memory")

    assert table.notes == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.source = "elsewhere"  # type: ignore[misc]
