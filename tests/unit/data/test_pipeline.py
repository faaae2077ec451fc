"""Facts about the way from a user's table to three prepared data sets."""

import numpy as np
import polars as pl
import pytest
import torch
from tests.made_outcomes import SMALL, TASKS, learnable, prepared, table

from practicum.core.errors import DataError
from practicum.data.pipeline import MIN_PIXELS, load, prepare


def images(num_columns, dtype=pl.UInt8, **columns):
    """Return a table of small whole numbers, other columns beside them."""
    random = np.random.default_rng(0)
    pixels = {f"p{k}": pl.Series(random.integers(0, 256, 40), dtype=dtype) for k in range(num_columns)}
    return pl.DataFrame({**pixels, **columns})


def labels(num_rows=40):
    """Return a target of two classes."""
    return [("no", "yes")[k % 3 == 0] for k in range(num_rows)]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        pytest.param(images(MIN_PIXELS, y=labels()), True, id="bytes"),
        pytest.param(images(MIN_PIXELS - 1, y=labels()), False, id="too few"),
        pytest.param(
            images(MIN_PIXELS - 1, y=pl.Series([0, 1] * 20, dtype=pl.UInt8)),
            False,
            id="the target is no pixel",
        ),
        pytest.param(images(MIN_PIXELS, pl.Int64, y=labels()), False, id="of another type"),
        pytest.param(images(MIN_PIXELS, y=labels(), age=[0.5] * 40), False, id="one number beside"),
    ],
)
def test_bytes_of_an_image_are_recognised(frame, expected):
    """A table is pixels where all inputs are bytes and there are enough of them."""
    assert load(frame, "y").is_pixels is expected


def test_images_in_a_file_are_recognised(tmp_path):
    """An NPZ of (N, 4, 4) bytes and labels is pixels, and its inputs stay within 0 and 1 by the "unit" preparation."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 4, 4), dtype=np.uint8)
    np.savez(tmp_path / "digits.npz", x=pixels, y=np.arange(40) % 2)
    loaded = load(tmp_path / "digits.npz", "y")
    data = prepare(loaded, recipe=SMALL.changed(preprocess="unit"))

    assert loaded.is_pixels
    expected = pixels.reshape(40, 16)[data.split.test] / 255
    np.testing.assert_allclose(data.test.x.numpy(), expected, rtol=1e-6)


def test_a_target_of_its_own_file_is_joined(tmp_path):
    """The file's column becomes the target, row by row, and that is said."""
    frame = table("binary")
    frame.drop("binary").write_csv(tmp_path / "inputs.csv")
    frame.select("binary").write_csv(tmp_path / "labels.csv")
    loaded = load(tmp_path / "inputs.csv", str(tmp_path / "labels.csv"))
    data = prepare(loaded, recipe=SMALL)

    assert loaded.target == data.schema.target == "target"
    assert loaded.table.frame["target"].to_list() == frame["binary"].to_list()
    assert f'Column "target" comes from {tmp_path / "labels.csv"}.' in data.notes


@pytest.mark.parametrize("task", TASKS)
def test_every_row_goes_where_the_split_says(task):
    """No row is lost or in two parts, and the target of each part is that of its rows, in their order."""
    data = prepared(task)
    target = data.loaded.table.frame[task].to_numpy()
    rows = [data.split.train, data.split.valid, data.split.test]

    assert sorted(np.concatenate(rows)) == list(range(150))
    for part, where in zip((data.train, data.valid, data.test), rows, strict=True):
        decoded = data.preparation.decode(part.target.double().numpy())
        if task == "regression":
            np.testing.assert_allclose(decoded, target[where], rtol=1e-6)
        else:
            assert decoded.tolist() == target[where].tolist()


def changed_outside_train(frame, split):
    """Return the table with wild inputs, an unseen level and holes in all rows but those of train."""
    outside = np.ones(len(frame), dtype=bool)
    outside[split.train] = False
    holes = outside & (np.arange(len(frame)) % 3 == 0)
    wild, hole = pl.Series(outside), pl.Series(holes)
    return frame.with_columns(
        size=pl.when(hole).then(None).when(wild).then(pl.col("size") * 900 + 7).otherwise(pl.col("size")),
        width=pl.when(wild).then(-(pl.col("width") ** 3)).otherwise(pl.col("width")),
        shop=pl.when(wild).then(pl.lit("west")).otherwise(pl.col("shop")),
    )


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"preprocess": "uniformise"},
        {"preprocess": "unit", "tails": "log"},
        {"preprocess": "none"},
        {"pca_variance": 0.9},
        {"categories": "embedding"},
    ],
)
def test_validation_and_test_rows_change_no_bit_of_training(settings):
    """Everything that is fitted is fitted on the training rows: whatever the others hold, train is the same."""
    recipe, frame = SMALL.changed(**settings), table("binary")
    before = prepare(load(frame, "binary"), recipe=recipe)
    after = prepare(load(changed_outside_train(frame, before.split), "binary"), recipe=recipe)

    assert np.array_equal(after.split.train, before.split.train)
    assert not torch.equal(after.valid.x, before.valid.x)
    assert torch.equal(after.train.x, before.train.x)
    assert torch.equal(after.train.codes, before.train.codes)
    assert after.train.num_levels == before.train.num_levels


def test_a_target_is_standardised_by_the_training_rows():
    """Their mean is 0 and their deviation 1; those of the other rows differ."""
    data = prepared("regression")
    known = data.loaded.table.frame["regression"].to_numpy()

    assert data.preparation.target_mean == pytest.approx(known[data.split.train].mean())
    assert data.preparation.target_scale == pytest.approx(known[data.split.train].std())
    assert data.train.target.mean().item() == pytest.approx(0, abs=1e-6)
    assert abs(data.valid.target.mean().item()) > 1e-3


def test_the_seed_decides_the_split():
    """The same seed gives the same rows to each part, another seed others."""
    first, again, other = (prepared("binary", seed=seed).split for seed in (3, 3, 4))

    assert np.array_equal(first.train, again.train)
    assert not np.array_equal(first.train, other.train)


@pytest.mark.parametrize("role", ["group", "time"])
def test_a_split_by_a_column_is_passed_on(role):
    """The column decides the parts and is no input."""
    frame = table("binary").with_columns(day=np.repeat(np.arange(30.0), 5))
    data = prepare(load(frame, "binary"), recipe=SMALL, **{role: "day"})
    days = [frame["day"].to_numpy()[rows] for rows in (data.split.train, data.split.valid, data.split.test)]

    assert data.split.method == role
    assert "day" not in data.preparation.input_names
    assert set(days[0]).isdisjoint(days[1])
    assert set(days[1]).isdisjoint(days[2])
    assert role == "group" or days[0].max() < days[1].min() < days[1].max() < days[2].min()


def test_a_task_and_a_schema_are_passed_on():
    """What the user says goes before what would be found."""
    frame = table("binary").with_columns(grade=np.arange(150) % 3)
    found = prepare(load(frame, "grade"), recipe=SMALL)
    told = prepare(load(frame, "grade"), recipe=SMALL, task="regression")
    columns = [
        column.model_copy(update={"role": "ignored"}) if column.name == "width" else column
        for column in found.schema.columns
    ]
    edited = prepare(
        load(frame, "grade"), recipe=SMALL, schema=found.schema.model_copy(update={"columns": columns})
    )

    assert (found.schema.task, told.schema.task) == ("multiclass", "regression")
    assert "width" in found.preparation.input_names
    assert "width" not in edited.preparation.input_names


def test_a_test_file_takes_the_place_of_test_rows():
    """All rows of the table train or validate; the file's rows test, prepared as training rows are."""
    test = table("binary", 30, seed=1)
    copied = table("binary").head(3)
    data = prepared("binary", test=pl.concat([test, copied]))
    places = {row: place for place, row in enumerate(data.split.train.tolist())}

    assert len(data.split.test) == 0
    assert sorted([*data.split.train, *data.split.valid]) == list(range(150))
    assert len(data.test) == 33
    assert data.preparation.decode(data.test.target.numpy())[:30].tolist() == test["binary"].to_list()
    in_train = [row for row in range(3) if row in places]
    assert in_train
    for row in in_train:
        assert torch.equal(data.test.x[30 + row], data.train.x[places[row]])


def test_rows_of_a_test_file_without_target_are_set_aside():
    """They are counted and said; the others test, in their order."""
    missing = pl.Series(np.arange(30) % 7 == 2)
    whole = table("binary", 30, seed=1)
    test = whole.with_columns(binary=pl.when(missing).then(None).otherwise(pl.col("binary")))
    data = prepared("binary", test=test)
    expected = whole.filter(~missing)["binary"].to_list()

    assert "4 rows of the test file have no target and are set aside." in data.notes
    assert data.preparation.decode(data.test.target.numpy()).tolist() == expected


def test_copies_between_the_files_are_counted():
    """A row of the test file that the table holds too is said, whether its numbers are whole or not by type."""
    frame = table("binary").with_columns(size=pl.int_range(150).cast(pl.Float64))
    copied = frame.head(5).with_columns(pl.col("size").cast(pl.Int64))
    others = table("binary", 20, seed=1).with_columns(size=pl.int_range(200, 220))
    data = prepare(load(frame, "binary", pl.concat([copied, others])), recipe=SMALL)
    without = prepare(load(frame, "binary", others), recipe=SMALL)

    assert data.split.duplicates_across == 5
    assert "5 rows of the test file have an exact copy in the training file." in data.notes
    assert without.split.duplicates_across == 0
    assert not [note for note in without.notes if "copy" in note]


def test_what_is_said_is_said_once_and_in_the_order_of_the_work():
    """Reading, understanding, preparing, testing; a sentence that two steps have in common stands once."""
    hole = pl.when(pl.int_range(pl.len()) == 4).then(None).otherwise(pl.col("size")).alias("size")
    frame = table("binary").with_columns(hole, fixed=pl.lit("always"))
    test = table("binary", 30, seed=1).with_columns(hole, fixed=pl.lit("always"), extra=1.0)
    data = prepare(load(frame, "binary", test), recipe=SMALL.changed(pca_variance=0.9))
    parts = ["missing cell", "fixed", "principal components", "extra"]
    places = [next(place for place, note in enumerate(data.notes) if part in note) for part in parts]

    assert len(set(data.notes)) == len(data.notes)
    assert sum("missing cell" in note for note in data.notes) == 1
    assert places == sorted(places)


def test_what_the_kept_test_rows_hold_is_not_said():
    """Nothing is told of test rows before the one look at them, not even that a level is unseen."""
    frame = table("binary")
    split = prepared("binary").split
    rare = pl.Series(np.isin(np.arange(150), split.test))
    data = prepare(
        load(frame.with_columns(shop=pl.when(rare).then(pl.lit("west")).otherwise("shop")), "binary"),
        recipe=SMALL,
    )

    assert not [note for note in data.notes if "unseen" in note or "west" in note]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            lambda test: test.rename({"binary": "Binary"}),
            '`test` must name columns of the table, but got "binary". Did you mean "Binary"',
            id="no target",
        ),
        pytest.param(
            lambda test: test.with_columns(binary=pl.lit(None, dtype=pl.String)),
            '`test` must have rows with a target, but no row of polars DataFrame has a value in "binary"',
            id="no value in the target",
        ),
        pytest.param(lambda test: test.drop("width"), "1 of 3 are missing: width", id="an input is missing"),
        pytest.param(
            lambda test: test.with_columns(width=pl.lit(float("inf"))),
            "`width` must be finite",
            id="infinite",
        ),
        pytest.param(
            lambda test: test.with_columns(binary=pl.lit("maybe")),
            '`binary` must .* but got "maybe"',
            id="a class",
        ),
    ],
)
def test_a_test_file_that_cannot_test_is_refused(change, message):
    """One message, before anything is trained."""
    with pytest.raises(DataError, match=message):
        prepared("binary", test=change(table("binary", 30, seed=1)))


def test_a_table_with_infinite_numbers_is_refused():
    """Reading checks what it read."""
    frame = learnable().with_columns(size=pl.lit(float("inf")))

    with pytest.raises(DataError, match="`size` must be finite"):
        load(frame, "binary")


@pytest.mark.parametrize("task", TASKS)
def test_validation_rows_are_counted_by_class(task):
    """The second class last; of regression there is one count."""
    data = prepared(task)
    target = data.valid.target
    expected = {
        "binary": [int((target == 0).sum()), int((target == 1).sum())],
        "multiclass": [int((target.argmax(1) == k).sum()) for k in range(target.shape[1])],
        "regression": [len(target)],
    }

    assert list(data.valid_sizes) == expected[task]
    assert sum(data.valid_sizes) == len(data.valid)
