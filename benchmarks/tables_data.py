"""The eight tables that practicum is measured on: 10,000 training rows each, or what there is; others for testing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from practicum.core.seeds import stream
from practicum.data.read import read

HOME = Path(__file__).resolve().parents[2] / "shared" / "data" / "tabular"
NUM_TRAIN = 10_000
MAX_TEST = 20_000


@dataclass(frozen=True)
class TableSpec:
    """Where a table lies and what to predict."""

    name: str
    file: str
    target: str
    test_file: str | None = None
    drop: tuple[str, ...] = ()
    times: int = 1  # so many more draws, where few rows are left to test on


SPECS = (
    TableSpec("adult", "adult_train.csv.gz", "income", "adult_test.csv.gz"),
    TableSpec("bank", "bank_marketing_train.csv.gz", "y", "bank_marketing_test.csv.gz", ("duration",)),
    TableSpec("california", "california_housing.csv.gz", "median_house_value"),
    TableSpec("credit_g", "credit_g.csv.gz", "class", times=4),
    TableSpec("diamonds", "diamonds.csv.gz", "price"),
    TableSpec("electricity", "electricity.csv.gz", "class"),
    TableSpec("letter", "letter.csv.gz", "lettr"),
    TableSpec("abalone", "abalone.csv.gz", "rings"),
)


def frames(spec: TableSpec, repeat: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return training and test rows; ``repeat`` draws others."""
    frame = _frame(spec, spec.file)
    order = stream(repeat, f"benchmark/{spec.name}").permutation(len(frame))
    num_train = min(NUM_TRAIN, int(0.7 * len(frame)))
    if spec.test_file is not None:
        return frame[np.sort(order[:num_train])], _frame(spec, spec.test_file)
    rest = order[num_train : num_train + MAX_TEST]
    return frame[np.sort(order[:num_train])], frame[np.sort(rest)]


def _frame(spec: TableSpec, file: str) -> pl.DataFrame:
    frame = read(HOME / file).frame.drop(spec.drop)
    if frame[spec.target].dtype == pl.String:  # adult's test labels end with a dot
        frame = frame.with_columns(pl.col(spec.target).str.strip_chars(" ."))
    return frame
