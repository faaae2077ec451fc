"""A preparation on disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from practicum.core.errors import RecordError
from practicum.data.columns import understand
from practicum.data.prepare import Preparation
from practicum.data.stored import ARRAYS_NAME, JSON_NAME
from practicum.data.table import Table

RANDOM = np.random.default_rng(0)
FRAME = pl.DataFrame(
    {
        "number": pl.Series([None, *RANDOM.standard_normal(99)]),
        "amount": np.exp(2 * RANDOM.standard_normal(100)),
        "job": RANDOM.choice(["clerk", "cook", "smith", "naïve ✓"], 100),
        "day": pl.Series(RANDOM.integers(0, 5000, 100)).cast(pl.Date),
        "value": RANDOM.standard_normal(100),
    }
)
SCHEMA = understand(Table(FRAME, "t", ()), "value").schema


HARMLESS: dict[str, list[object]] = {"target_scale": [7], "notes": ["x", [1], {"a": 1}], "projection": [None]}


def fit(**settings: Any) -> Preparation:
    """Fit on the table."""
    return Preparation.fit(FRAME, SCHEMA, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"preprocess": "uniformise"},
        {"preprocess": "unit", "tails": "log"},
        {"categories": "embedding", "pca_variance": 0.9},
    ],
)
def test_a_loaded_preparation_transforms_to_the_same_bits(tmp_path: Path, settings: dict[str, Any]) -> None:
    """Inputs, codes, target, names and notes."""
    preparation = fit(**settings)
    preparation.save(tmp_path)
    loaded = Preparation.load(tmp_path)
    first, second = preparation.transform(FRAME), loaded.transform(FRAME)

    assert torch.equal(first.x, second.x)
    assert torch.equal(first.codes, second.codes)
    assert torch.equal(first.target, second.target)
    assert (loaded.input_names, loaded.num_levels) == (preparation.input_names, preparation.num_levels)
    assert (loaded.notes, loaded.schema) == (preparation.notes, preparation.schema)


def test_a_new_process_transforms_to_the_same_bits(tmp_path: Path) -> None:
    """Nothing that matters lives in memory only."""
    preparation = fit(preprocess="uniformise", pca_variance=0.9)
    preparation.save(tmp_path)
    FRAME.write_parquet(tmp_path / "rows.parquet")
    script = (
        "import sys, pathlib, polars as pl, numpy as np\n"
        "from practicum.data.prepare import Preparation\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "data = Preparation.load(folder).transform(pl.read_parquet(folder / 'rows.parquet'))\n"
        "np.save(folder / 'x.npy', data.x.numpy())\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)

    assert np.array_equal(np.load(tmp_path / "x.npy"), preparation.transform(FRAME).x.numpy())


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    """Either file may be missing."""
    with pytest.raises(RecordError, match=rf"must hold {JSON_NAME} and .*{JSON_NAME} cannot be read"):
        Preparation.load(tmp_path)

    fit().save(tmp_path)
    (tmp_path / ARRAYS_NAME).unlink()
    with pytest.raises(RecordError, match=f"{ARRAYS_NAME} cannot be read"):
        Preparation.load(tmp_path)


def test_another_version_is_refused(tmp_path: Path) -> None:
    """The format is named."""
    fit().save(tmp_path)
    content = json.loads((tmp_path / JSON_NAME).read_text(encoding="utf-8"))
    (tmp_path / JSON_NAME).write_text(json.dumps(content | {"format": 99}), encoding="utf-8")

    with pytest.raises(RecordError, match="`format` must be 1, but got format=99"):
        Preparation.load(tmp_path)


@pytest.mark.parametrize("name", [JSON_NAME, ARRAYS_NAME])
def test_a_cut_file_is_refused(tmp_path: Path, name: str) -> None:
    """Half a file is damage."""
    fit(preprocess="uniformise").save(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(RecordError, match=f"must hold an undamaged preparation, but .*{name} is not"):
        Preparation.load(tmp_path)


def test_one_changed_byte_of_the_arrays_is_noticed(tmp_path: Path) -> None:
    """Numbers that are slightly wrong would be the worst damage."""
    fit(preprocess="uniformise").save(tmp_path)
    blob = bytearray((tmp_path / ARRAYS_NAME).read_bytes())
    blob[-3] ^= 1
    (tmp_path / ARRAYS_NAME).write_bytes(blob)

    with pytest.raises(RecordError, match="does not match its digest"):
        Preparation.load(tmp_path)


@pytest.mark.parametrize("key", ["schema", "plans", "projection", "target_scale", "notes"])
@pytest.mark.parametrize("value", [None, 7, "x", [1], {"a": 1}])
def test_a_file_with_the_wrong_content_is_refused_or_harmless(
    tmp_path: Path, key: str, value: object
) -> None:
    """Whatever stands in a field, loading ends in a RecordError or in a preparation."""
    fit().save(tmp_path)
    content = json.loads((tmp_path / JSON_NAME).read_text(encoding="utf-8"))
    (tmp_path / JSON_NAME).write_text(json.dumps(content | {key: value}), encoding="utf-8")

    if key in ("target_scale", "notes", "projection") and value in HARMLESS[key]:
        assert Preparation.load(tmp_path).schema == SCHEMA
    else:
        with pytest.raises(RecordError, match="must hold an undamaged preparation"):
            Preparation.load(tmp_path)


def test_preparations_of_one_run_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """The second has names of its own."""
    fit().save(tmp_path)
    fit(preprocess="uniformise").save(tmp_path, 1)

    assert Preparation.load(tmp_path) != Preparation.load(tmp_path, 1)
    assert (tmp_path / "preparation-1.json").is_file()
